import { describe, expect, it } from "vitest";
import { answer, META, shown, Talk, text, use } from "./_talk.ts";

const call = (id: number, name: string, more: Record<string, unknown> = {}) => use(id, name, { _meta: META, ...more });
/** A result that asks for something. */
const need = (id: number, keys: readonly string[], requestState?: string) =>
  answer(id, {
    resultType: "input_required",
    inputRequests: Object.fromEntries(keys.map((key) => [key, { method: "elicitation/create", params: {} }])),
    ...(requestState === undefined ? {} : { requestState }),
  });
/** What the client sends with the next round. */
const give = (keys: readonly string[], requestState?: string) => ({
  inputResponses: Object.fromEntries(keys.map((key) => [key, { action: "accept" }])),
  ...(requestState === undefined ? {} : { requestState }),
});
const done = (id: number) => text(id, "done", { resultType: "complete" });

describe("a call in several rounds", () => {
  it("is one call, told apart by its state, and a person's time is not the server's", async () => {
    const seen = await new Talk().client(call(1, "book")).after(9).server(need(1, ["name"], "s1")).after(999)
      .client(call(2, "book", give(["name"], "s1"))).after(9).server(need(2, ["date"], "s2")).after(1999)
      .client(call(3, "book", give(["date"], "s2"))).after(9).server(done(3)).run();
    expect(seen.ends.map(shown)).toEqual(["tools/call book ok ×3"]);
    expect(seen.ends[0]).toMatchObject({ humanTime: 3000, serverTime: 30 });
    expect(new Set(seen.contexts.map(({ call }) => call)).size).toBe(1);
    expect(seen.contexts.map(({ endsCall }) => endsCall)).toEqual([false, false, false, false, false, true]);
    expect(seen.ends[0]?.request).toBe(seen.messages[0]);
    expect(seen.ends[0]?.response).toBe(seen.messages[5]);
  });

  it("is told apart by state where two calls are the same but for it", async () => {
    const seen = await new Talk().client(call(1, "book")).client(call(2, "book"))
      .server(need(1, ["a"], "one")).server(need(2, ["a"], "two"))
      .client(call(3, "book", give(["a"], "two"))).client(call(4, "book", give(["a"], "one")))
      .server(done(3)).server(done(4)).run();
    expect(seen.ends.map((ended) => ended.request.id)).toEqual([2, 1]);
    expect(seen.ends.map(shown)).toEqual(["tools/call book ok ×2", "tools/call book ok ×2"]);
  });

  it("is found by method, name and all keys where there is no state", async () => {
    const seen = await new Talk().client(call(1, "a")).client(call(2, "b")).client(call(3, "a"))
      .server(need(1, ["x", "y"])).server(need(2, ["x", "y"])).server(need(3, ["x"]))
      .client(call(4, "b", give(["y", "x"]))).client(call(5, "a", give(["x"]))).client(call(6, "a", give(["x", "y"])))
      .server(done(4)).server(done(5)).server(done(6)).run();
    expect(seen.ends.map((ended) => ended.request.id)).toEqual([2, 3, 1]);
  });

  it("is not linked where two calls fit, and that is told", async () => {
    const seen = await new Talk().client(call(1, "a")).client(call(2, "a")).server(need(1, ["x"])).server(
      need(2, ["x"]),
    )
      .client(call(3, "a", give(["x"]))).server(done(3)).run();
    expect(seen.ends.map(shown)).toEqual(["tools/call a ok", "tools/call a hung", "tools/call a hung"]);
    expect(seen.findings.map(({ severity, message }) => [severity, message])).toEqual([
      [
        "info",
        'Which later request went on with tools/call "a" (id 1) cannot be told: several calls waited for the same input',
      ],
      [
        "info",
        'Which later request went on with tools/call "a" (id 2) cannot be told: several calls waited for the same input',
      ],
    ]);
  });

  it("is not linked where two calls wait for the same state", async () => {
    const seen = await new Talk().client(call(1, "a")).client(call(2, "a")).server(need(1, ["x"], "s"))
      .server(need(2, ["x"], "s")).client(call(3, "a", give(["x"], "s"))).server(done(3)).run();
    expect(seen.ends[0]?.request.id).toBe(3);
  });

  it.each([
    ["another state", "a", give(["x"], "t")],
    ["no state", "a", give(["x"])],
    ["neither", "a", {}],
  ])("is not continued by a request with %s", async (_, name, params) => {
    const seen = await new Talk().client(call(1, "a")).server(need(1, ["x"], "s")).client(call(2, name, params))
      .server(done(2)).run();
    expect(seen.ends.map((ended) => ended.request.id)).toEqual([2, 1]);
  });

  it.each([
    ["other names of answers", "a", give(["y"])],
    ["fewer answers", "a", give([])],
    ["another name", "b", give(["x"])],
    ["a state", "a", give(["x"], "s")],
  ])("without a state is not continued by a request with %s", async (_, name, params) => {
    const seen = await new Talk().client(call(1, "a")).server(need(1, ["x"])).client(call(2, name, params)).server(
      done(2),
    ).run();
    expect(seen.ends.map((ended) => ended.request.id)).toEqual([2, 1]);
  });

  it("is not continued from another session", async () => {
    const one = new Talk().client(call(1, "a")).server(need(1, ["x"], "s"));
    const other = new Talk().client(call(1, "a", give(["x"], "s"))).server(done(1));
    one.events.push(...other.events);
    expect((await one.run()).ends.map(shown)).toEqual(["tools/call a ok", "tools/call a hung"]);
  });

  it("has the progress of each round, among many calls too", async () => {
    const token = (progressToken: string) => ({ _meta: { ...META, progressToken } });
    const tick = (progressToken: string) => ({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken, progress: 1 },
    });
    const talk = new Talk();
    for (let id = 100; id < 140; id++) talk.client(call(id, "other"));
    talk.client(call(1, "a", token("one"))).server(tick("one")).server(need(1, ["x"], "s"))
      .client(call(2, "a", { ...give(["x"], "s"), ...token("two") })).server(tick("two")).server(tick("one")).server(
        done(2),
      );
    expect((await talk.run()).ends.map(shown)[0]).toBe("tools/call a ok ×2 +2");
  });

  it("that is only to come again costs nobody's time but the server's", async () => {
    const again = answer(1, { resultType: "input_required", requestState: "later" });
    const seen = await new Talk().client(call(1, "a")).server(again).after(500)
      .client(call(2, "a", { requestState: "later" })).server(done(2)).run();
    expect(seen.ends.map(shown)).toEqual(["tools/call a ok ×2"]);
    expect(seen.ends[0]).toMatchObject({ humanTime: 0, serverTime: 503 });
  });

  it("whose input never comes is told at the end", async () => {
    const seen = await new Talk().client(call(1, "a")).server(need(1, ["x"])).run();
    expect(seen.findings.map(({ message }) => message)).toEqual([
      'server-everything asked for input to tools/call "a" (id 1), and it never came',
    ]);
  });
});
