import { describe, expect, it } from "vitest";
import { answer, ask, fail, follow, META, shown, Talk, tell, text, use } from "./_talk.ts";

const related = { _meta: { "io.modelcontextprotocol/related-task": { taskId: "t1" } } };

describe("a task of 2025-11-25", () => {
  const begin = () =>
    new Talk().initialize().client(use(1, "build", { task: { ttl: 60_000 } })).after(9)
      .server(answer(1, { task: { taskId: "t1", status: "working", ttl: 60_000, pollInterval: 100 } }));
  const poll = (talk: Talk, id: number, status: string) =>
    talk.after(89).client(ask(id, "tasks/get", { taskId: "t1" })).after(9).server(answer(id, { taskId: "t1", status }));

  it("is one call from its request to its result, polls and all", async () => {
    const talk = begin();
    poll(poll(talk, 2, "working"), 3, "completed");
    talk.client(ask(4, "tasks/result", { taskId: "t1" })).server(text(4, "built", related));
    const seen = await talk.run();
    expect(seen.of().map(shown)).toEqual(["tools/call build ok ×4"]);
    expect(seen.of()[0]).toMatchObject({ taskId: "t1", humanTime: 0 });
    expect(seen.of()[0]?.response).toBe(seen.messages.at(-1));
    expect(seen.of("tasks/get")).toEqual([]);
    expect(seen.ends).toHaveLength(2);
  });

  it("ends as its result says", async () => {
    const wrong = begin().client(ask(4, "tasks/result", { taskId: "t1" })).server(
      text(4, "no", { ...related, isError: true }),
    );
    expect((await wrong.run()).of().map(shown)).toEqual(["tools/call build tool_error ×2"]);
    const failed = begin().client(ask(4, "tasks/result", { taskId: "t1" })).server(fail(4, -32603));
    expect((await failed.run()).of().map(({ outcome, errorCode }) => [outcome, errorCode])).toEqual([[
      "error",
      -32603,
    ]]);
  });

  it("ends when it is told that it failed, or was cancelled", async () => {
    expect((await poll(begin(), 2, "failed").run()).of().map(shown)).toEqual(["tools/call build error ×2"]);
    const cancelled = begin().client(ask(2, "tasks/cancel", { taskId: "t1" })).server(
      answer(2, { taskId: "t1", status: "cancelled" }),
    );
    expect((await cancelled.run()).of().map(shown)).toEqual(["tools/call build cancelled ×2"]);
    const told = begin().server(tell("notifications/tasks/status", { taskId: "t1", status: "cancelled" }));
    expect((await told.run()).of().map(shown)).toEqual(["tools/call build cancelled"]);
  });

  it("waits for the client while the server asks it something on the task's behalf", async () => {
    const talk = begin().client(use(2, "other")).client(ask(4, "tasks/result", { taskId: "t1" }));
    talk.server(ask(9, "elicitation/create", { message: "?", ...related })).after(999).client(
      answer(9, { action: "accept" }),
    );
    talk.server(text(4, "built", related)).server(text(2, ""));
    const seen = await talk.run();
    expect(seen.of().map(({ name, humanTime }) => [name, humanTime])).toEqual([["build", 1000], ["other", 0]]);
  });

  it("whose result is never fetched is told", async () => {
    const seen = await poll(begin(), 2, "completed").run();
    expect(seen.findings.map(({ message }) => message)).toEqual([
      'The result of tools/call "build" (id 1), which became a task, was never fetched',
    ]);
  });

  it("does not outlive its session", async () => {
    const talk = begin().client(use(2, "other"));
    talk.ends();
    const later = new Talk().client(use(1, "later")).server(text(1, ""));
    const batches = [talk.events, later.events];
    const seen = await follow(batches);
    expect(seen.ends.map(shown)).toEqual([
      "initialize ok",
      "tools/call other hung",
      "tools/call build hung",
      "tools/call later ok",
    ]);
  });

  it("of the client is a call of the server's", async () => {
    const seen = await new Talk().initialize().server(ask(1, "sampling/createMessage", { messages: [], task: {} }))
      .client(answer(1, { task: { taskId: "t1", status: "working" } })).server(ask(2, "tasks/result", { taskId: "t1" }))
      .client(answer(2, { role: "assistant" })).run();
    expect(seen.ends.map(shown)).toEqual(["initialize ok", "sampling/createMessage ok ×2"]);
  });

  it("is not that of the other side with the same id", async () => {
    const talk = begin().server(ask(1, "sampling/createMessage", { messages: [], task: {} }))
      .client(answer(1, { task: { taskId: "t1", status: "working" } }))
      .server(ask(2, "tasks/cancel", { taskId: "t1" })).client(answer(2, { taskId: "t1", status: "cancelled" }))
      .client(ask(4, "tasks/result", { taskId: "t1" })).server(text(4, "built", related));
    const seen = await talk.run();
    expect(seen.ends.map(shown)).toEqual([
      "initialize ok",
      "sampling/createMessage cancelled ×2",
      "tools/call build ok ×2",
    ]);
  });

  it("takes a request that asked for none, and a member that is called task, as they are", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).server(answer(1, { task: { taskId: "x" } }))
      .client(ask(2, "tasks/get", { taskId: "x" })).server(answer(2, { taskId: "x", status: "working" })).run();
    expect(seen.ends.map(shown)).toEqual(["initialize ok", "tools/call a ok", "tasks/get ok"]);
  });
});

describe("a task of 2026-07-28", () => {
  const modern = { _meta: META };
  const begin = () =>
    new Talk().client(use(1, "build", modern)).after(9)
      .server(answer(1, { resultType: "task", taskId: "t1", status: "working", ttlMs: null }));
  const get = (talk: Talk, id: number, task: Record<string, unknown>) =>
    talk.client(ask(id, "tasks/get", { taskId: "t1", ...modern })).after(9)
      .server(answer(id, { resultType: "complete", taskId: "t1", ...task }));

  it("ends with the result that tasks/get brings", async () => {
    const talk = get(begin(), 2, { status: "working" });
    get(talk, 3, { status: "completed", result: { content: [{ type: "text", text: "built" }] } });
    const seen = await talk.run();
    expect(seen.ends.map(shown)).toEqual(["tools/call build ok ×3"]);
    expect(seen.ends[0]?.taskId).toBe("t1");
  });

  it.each([
    ["tool_error", undefined, { status: "completed", result: { isError: true, content: [] } }],
    ["error", -32603, { status: "failed", error: { code: -32603, message: "no" } }],
    ["cancelled", undefined, { status: "cancelled" }],
  ])("ends %s", async (outcome, errorCode, task) => {
    const seen = await get(begin(), 2, task).run();
    expect(seen.ends.map((call) => [call.outcome, call.errorCode])).toEqual([[outcome, errorCode]]);
    const told = await begin().server(tell("notifications/tasks", { taskId: "t1", ...task })).run();
    expect(told.ends.map((call) => [call.outcome, call.errorCode])).toEqual([[outcome, errorCode]]);
  });

  it("waits for the client from when it says so until it is given what it asks for", async () => {
    const talk = get(begin(), 2, { status: "input_required", inputRequests: { a: {} } });
    get(talk.after(100), 3, { status: "input_required", inputRequests: { a: {} } });
    talk.after(889).client(ask(4, "tasks/update", { taskId: "t1", inputResponses: { a: {} }, ...modern })).server(
      answer(4),
    );
    get(talk, 5, { status: "completed", result: {} });
    const seen = await talk.run();
    expect(seen.ends.map(shown)).toEqual(["tools/call build ok ×5"]);
    expect(seen.ends[0]?.humanTime).toBe(1001);
  });

  it("ends when its cancellation is taken", async () => {
    const seen = await begin().client(ask(2, "tasks/cancel", { taskId: "t1", ...modern })).server(
      answer(2, { resultType: "complete" }),
    )
      .run();
    expect(seen.ends.map(shown)).toEqual(["tools/call build cancelled ×2"]);
  });

  it("goes on where a question about it fails", async () => {
    const seen = await begin().client(ask(2, "tasks/get", { taskId: "t1", ...modern })).server(fail(2)).run();
    expect(seen.ends.map(shown)).toEqual(["tools/call build hung ×2"]);
  });

  it("that is not known is asked about by a call of its own", async () => {
    const seen = await get(new Talk(), 2, { status: "working" }).run();
    expect(seen.ends.map(shown)).toEqual(["tasks/get ok"]);
  });
});
