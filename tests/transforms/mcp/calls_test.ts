import { describe, expect, it } from "vitest";
import { chunk, line, session } from "../jsonrpc/_feed.ts";
import { answer, ask, fail, follow, META, shown, Talk, tell, text, use } from "./_talk.ts";

const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe("a call", () => {
  it("is a request and its response", async () => {
    const seen = await new Talk().client(use(1, "search", { arguments: { q: "a" } })).after(99).server(text(1, "b"))
      .run();
    const [call] = seen.calls;
    expect(seen.contexts.map(({ call: of, endsCall }) => [of === call, endsCall])).toEqual([[true, false], [
      true,
      true,
    ]]);
    expect(call).toMatchObject({
      method: "tools/call",
      name: "search",
      outcome: "ok",
      serverTime: 100,
      humanTime: 0,
      requests: 1,
      progress: 0,
      taskId: undefined,
      errorCode: undefined,
    });
    expect(call?.request).toBe(seen.messages[0]);
    expect(call?.response).toBe(seen.messages[1]);
    expect([call?.bytesIn, call?.bytesOut]).toEqual(seen.messages.map(({ start, end }) => end - start));
    expect(call!.lastTime - call!.startTime).toBe(100);
  });

  it.each([
    ["ok", text(1, "x")],
    ["ok", text(1, "x", { isError: false })],
    ["ok", text(1, '"isError":true')],
    ["ok", answer(1, { content: [{ isError: true }], structuredContent: { isError: true } })],
    ["ok", answer(1, { resultType: "complete" })],
    ["ok", answer(1, { resultType: "something_new" })],
    ["ok", answer(1, "not an object")],
    ["tool_error", text(1, "x", { isError: true })],
    ["tool_error", text(1, "x", { resultType: "complete", isError: true })],
    ["ok", text(1, "x", { isError: "true" })],
    ["error", fail(1, -32602)],
  ])("ends %s by %j", async (outcome, response) => {
    const seen = await new Talk().client(use(1, "a")).server(response).run();
    expect(seen.ends.map((call) => call.outcome)).toEqual([outcome]);
    expect(seen.ends[0]?.errorCode).toBe(outcome === "error" ? -32602 : undefined);
  });

  it("is made by every request, of either side", async () => {
    const seen = await new Talk().initialize().client(ask(1, "tools/list")).server(ask(1, "ping")).client(answer(1))
      .server(answer(1, { tools: [] })).client(ask("x", "vendor/thing")).server(answer("x")).run();
    expect(seen.ends.map(shown)).toEqual(["initialize ok", "ping ok", "tools/list ok", "vendor/thing ok"]);
  });

  it.each([
    ["prompts/get", { name: "p" }, "p"],
    ["resources/read", { uri: "file:///é✓" }, "file:///é✓"],
    ["tools/call", { name: 'with "quotes"' }, 'with "quotes"'],
    ["tools/call", { name: "" }, ""],
    ["tools/call", { name: 7 }, undefined],
    ["tools/call", {}, undefined],
    ["ping", undefined, undefined],
  ])("%s %j is named %j", async (method, params, name) => {
    const seen = await new Talk().client(ask(1, method, params)).server(answer(1)).run();
    expect(seen.calls[0]?.name).toBe(name);
  });

  it("goes on by progress with its token, of a number or a string", async () => {
    const progress = (progressToken: unknown) => tell("notifications/progress", { progressToken, progress: 1 });
    const seen = await new Talk().client(use(1, "a", { _meta: { progressToken: 7 } }))
      .client(use(2, "b", { _meta: { progressToken: "7" } }))
      .server(progress(7)).server(progress("7")).server(progress(7)).server(progress(8)).server(progress({}))
      .server(text(2, "")).server(progress("7")).server(text(1, "")).run();
    expect(seen.of().map(shown)).toEqual(["tools/call a ok +2", "tools/call b ok +1"]);
    expect(seen.contexts.slice(2, 7).map(({ call }) => call?.name)).toEqual(["a", "b", "a", undefined, undefined]);
    expect(seen.contexts[8]?.call).toBeUndefined();
  });

  it("finds its token among many", async () => {
    const talk = new Talk();
    for (let k = 0; k < 100; k++) talk.client(use(k, `t${k}`, { _meta: { progressToken: k } }));
    for (let k = 99; k >= 0; k--) talk.server(tell("notifications/progress", { progressToken: k, progress: 1 }));
    for (let k = 0; k < 100; k++) talk.server(text(k, ""));
    const seen = await talk.run();
    expect(seen.of().every(({ progress, outcome }) => progress === 1 && outcome === "ok")).toBe(true);
  });

  it("ends when its caller withdraws it; a late answer is part of it and changes nothing", async () => {
    const seen = await new Talk().client(use(1, "a")).client(use(2, "b"))
      .client(tell("notifications/cancelled", { requestId: 1, reason: "no" })).server(text(1, "late")).server(
        text(2, ""),
      )
      .run();
    expect(seen.ends.map(shown)).toEqual(["tools/call a cancelled", "tools/call b ok"]);
    expect(seen.contexts[2]).toMatchObject({ endsCall: true, call: { name: "a" } });
    expect(seen.contexts[3]).toMatchObject({
      endsCall: false,
      call: { name: "a", outcome: "cancelled", response: undefined },
    });
    expect(seen.findings).toEqual([]);
  });

  it("is not ended by what the other side, or nobody, withdraws", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).server(
      tell("notifications/cancelled", { requestId: 1 }),
    )
      .client(tell("notifications/cancelled", { requestId: 99 })).client(tell("notifications/cancelled"))
      .server(text(1, "")).run();
    expect(seen.of().map(shown)).toEqual(["tools/call a ok"]);
  });

  it("names its caller's trace", async () => {
    const meta = { traceparent: PARENT, tracestate: "a=b" };
    const seen = await new Talk().client(use(1, "a", { _meta: meta })).client(
      use(2, "b", { _meta: { traceparent: "00-x" } }),
    )
      .client(tell("notifications/cancelled", { requestId: 2, _meta: meta })).server(text(1, "")).run();
    const trace = {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      flags: 1,
      state: "a=b",
      from: "meta",
    };
    expect(seen.contexts.map((context) => context.trace)).toEqual([trace, undefined, trace, undefined]);
  });

  it("is told as hung when its session ends, and that is told once", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).client(ask(2, "tools/list")).after(1000).ends()
      .run();
    expect(seen.findings.map(({ rule, message }) => [rule, message])).toEqual([
      ["mcp.call.hung", 'weather never answered tools/call "a" (id 1), asked 1.0 s before'],
      ["mcp.call.hung", "weather never answered tools/list (id 2), asked 1.0 s before"],
    ]);
    const [finding] = seen.findings;
    expect(finding).toMatchObject({ severity: "low", call: { name: "a", outcome: "hung" }, target: "tool_call" });
    expect(finding?.event).toBeUndefined();
    expect(finding?.session).toBe(seen.contexts[0]?.session);
    expect(seen.of()[0]?.serverTime).toBeGreaterThan(1000);
  });

  it("is told as hung when capture ends", async () => {
    const seen = await new Talk().client(use(1, "a")).run();
    expect(seen.findings.map(({ rule }) => rule)).toEqual(["mcp.call.hung"]);
    expect(seen.ends.map(shown)).toEqual(["tools/call a hung"]);
  });

  it("is let go when it is silent for too long", async () => {
    const seen = await new Talk().client(use(1, "a")).after(30_000).client(ask(2, "ping")).server(answer(2)).after(1000)
      .server(text(1, "late")).run({ call_timeout_ms: 20_000 });
    expect(seen.ends.map(shown)).toEqual(["ping ok", "tools/call a ok"]);
    const batches = new Talk().client(use(1, "a")).after(30_000).client(ask(2, "ping")).server(answer(2)).server(
      text(1, "late"),
    );
    const later = await follow(batches.events.map((event) => [event]), { call_timeout_ms: 20_000 });
    expect(later.ends.map(shown)).toEqual(["tools/call a hung", "ping ok"]);
    expect(later.contexts.at(-1)).toMatchObject({ endsCall: false, call: { outcome: "hung" } });
  });

  it("that listens is not hung", async () => {
    const seen = await new Talk().client(ask(1, "subscriptions/listen", { _meta: META })).after(9_000_000)
      .server(tell("notifications/tools/list_changed")).run();
    expect(seen.findings).toEqual([]);
  });

  it("that nobody asked for is none", async () => {
    const seen = await new Talk().server(text(1, "orphan")).client({ jsonrpc: "2.0" }).run();
    expect(seen.calls).toEqual([]);
    expect(seen.messages.every(({ context }) => context !== undefined)).toBe(true);
  });

  it("shares the context of messages that differ in nothing", async () => {
    const log = tell("notifications/message", { level: "info", data: "x" });
    const { contexts } = await new Talk().initialize().server(log).server(log).server(log).run();
    expect(new Set(contexts.slice(-3)).size).toBe(1);
  });

  it("is left alone by a second transform", async () => {
    const streams = session();
    const events = await follow([[chunk(streams.down, line(use(1, "a"))), chunk(streams.up, line(text(1, "")))]]);
    const again = await follow([events.events]);
    expect(again.contexts).toEqual(events.contexts);
  });
});
