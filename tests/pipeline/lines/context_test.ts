import { describe, expect, it } from "vitest";
import type { FindingEvent, McpEvent } from "../../../pipeline/event.ts";
import { answer, ask, META, Talk, tell, text, use } from "../../transforms/mcp/_talk.ts";
import { type Line, linesOf } from "../../sinks/jsonl/_write.ts";

const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe("a JSON line of a message that mcp has seen", () => {
  it("has revision, server and session", async () => {
    const { events } = await new Talk().initialize("2025-06-18").client(tell("notifications/cancelled")).run();
    const lines = await linesOf(events);
    expect(lines.map(({ era, server, session }) => [era, server, session])).toEqual(
      Array(4).fill(["2025-06-18", "weather", 1]),
    );
  });

  it("that ends a call has its record", async () => {
    const { events } = await new Talk().initialize().client(use(1, "search")).after(99).server(
      text(1, "x", { isError: true }),
    )
      .run();
    const lines = await linesOf(events);
    expect(lines.map(({ call }) => call !== undefined)).toEqual([false, true, false, false, true]);
    expect(lines.at(-1)?.call).toEqual({
      id: 2,
      method: "tools/call",
      name: "search",
      tool: "search",
      outcome: "tool_error",
      duration_ms: 100,
      server_ms: 100,
      human_ms: 0,
      requests: 1,
      progress: 0,
      bytes_in: 88,
      bytes_out: 89,
    });
  });

  it("tells rounds, tasks, waiting and error codes", async () => {
    const modern = { _meta: META };
    const { events } = await new Talk().client(use(1, "a", modern))
      .server(answer(1, { resultType: "input_required", inputRequests: { k: {} }, requestState: "s" })).after(499)
      .client(use(2, "a", { ...modern, requestState: "s", inputResponses: { k: {} } }))
      .server(answer(2, { resultType: "task", taskId: 't"1', status: "working" }))
      .client(ask(3, "tasks/get", { taskId: 't"1', ...modern }))
      .server(answer(3, { resultType: "complete", taskId: 't"1', status: "failed", error: { code: -32603 } })).run();
    const [record] = (await linesOf(events)).map(({ call }) => call as Line).filter((call) => call !== undefined);
    expect(record).toMatchObject({
      outcome: "error",
      error_code: -32603,
      task_id: 't"1',
      requests: 3,
      human_ms: 500,
      server_ms: 4,
      duration_ms: 504,
    });
  });

  it("has the caller's trace, and its response too", async () => {
    const { events } = await new Talk().client(use(1, "a", { _meta: { traceparent: PARENT } })).server(text(1, ""))
      .run();
    const lines = await linesOf(events);
    const ids = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
    expect(lines.map(({ trace_id, span_id }) => [trace_id, span_id])).toEqual([ids, ids]);
  });

  it("has the tokens of a call if they are asked for", async () => {
    const talk = new Talk().client(use(1, "a", { arguments: { q: "one two three" } })).server(text(1, "four five six"));
    const { events } = await talk.run();
    const [with_, without] = [await linesOf(events, { tokens: true }), await linesOf(events)];
    const { tokens_in, tokens_out } = with_[1]?.call as { tokens_in: number; tokens_out: number };
    expect([tokens_in > 3, tokens_in < 20, tokens_out]).toEqual([true, true, 3]);
    expect(without[1]?.call).not.toHaveProperty("tokens_in");
  });

  it("keeps any name as it is", async () => {
    const names = ['"', "\\", "é✓😀", "\u2028", "x".repeat(5000), "", "\u0000"];
    const talk = new Talk();
    names.forEach((name, id) => talk.client(use(id, name)).server(text(id, "")));
    const lines = await linesOf((await talk.run()).events);
    const records = lines.map(({ call }) => call as Line).filter((call) => call !== undefined);
    expect(records.map(({ tool }) => tool)).toEqual(names);
  });

  it("tells what becomes known later from then on", async () => {
    const { events } = await new Talk().client(ask(9, "ping")).initialize().run();
    const renamed = events.map((event) => event as McpEvent);
    const context = { ...renamed[0]!.context!, era: "x", session: { ...renamed[0]!.context!.session, id: 7 } };
    const copy = Object.create(renamed[1]!, { context: { value: context } }) as McpEvent;
    const lines = await linesOf([renamed[0]!, copy, renamed[1]!]);
    expect(lines.map(({ era, session }) => [era, session])).toEqual([[undefined, 1], ["x", 7], ["2025-11-25", 1]]);
  });

  it("keeps constants right over more than they may take", async () => {
    const talk = new Talk();
    for (let id = 0; id < 400; id++) talk.after(7000).client(use(id % 40, `tool${id % 300}`)).server(text(id % 40, ""));
    const { events } = await talk.run();
    const many = Array.from({ length: 4 }, () => events).flat();
    const lines = await linesOf(many);
    const names = lines.map(({ call }) => (call as Line | undefined)?.name).filter((name) => name !== undefined);
    expect(names).toEqual(Array.from({ length: 1600 }, (_, k) => `tool${k % 400 % 300}`));
  });
});

describe("a JSON line of a finding", () => {
  it("has all that a detector says, and what it is about", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).server(text(1, "x")).run();
    const event = seen.messages.at(-1)!;
    const finding: FindingEvent = {
      kind: "finding",
      time: event.time,
      source: "test",
      rule: "mcp.tool.poisoned",
      severity: "high",
      message: "m",
      evidence: "e",
      detector: "poisoned_description",
      category: "prompt_injection",
      score: 0.9,
      target: "tool_result",
      references: ["OWASP-LLM01:2025"],
      details: { more: [1] },
      event,
      call: event.context!.call,
    };
    const [line] = await linesOf([finding]);
    expect(line).toMatchObject({
      kind: "finding",
      rule: "mcp.tool.poisoned",
      severity: "high",
      detector: "poisoned_description",
      category: "prompt_injection",
      score: 0.9,
      target: "tool_result",
      references: ["OWASP-LLM01:2025"],
      details: { more: [1] },
      era: "2025-11-25",
      server: "weather",
      session: 1,
      event: { stream: event.stream.id, type: "response", id: 1, method: "tools/call" },
      call: { id: 2, tool: "a", outcome: "ok" },
    });
  });

  it("that ends a call has its record", async () => {
    const seen = await new Talk().client(use(1, "a")).ends().run();
    const lines = await linesOf(seen.events);
    expect(lines.at(-1)).toMatchObject({ rule: "mcp.call.hung", session: 1, call: { outcome: "hung", tool: "a" } });
  });

  it("is what it was where nothing more is known", async () => {
    const finding: FindingEvent = { kind: "finding", time: 0, source: "s", rule: "r", severity: "low", message: "m" };
    expect(await linesOf([finding])).toEqual([
      {
        kind: "finding",
        timestamp: "1970-01-01T00:00:00.000000Z",
        source: "s",
        rule: "r",
        severity: "low",
        message: "m",
      },
    ]);
  });
});
