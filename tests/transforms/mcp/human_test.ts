import { describe, expect, it } from "vitest";
import { answer as httpAnswer, ask as httpAsk, Exchange } from "../jsonrpc/_http.ts";
import { answer, ask, follow, Talk, tell, text, use } from "./_talk.ts";

const elicit = (id: number) => ask(id, "elicitation/create", { message: "?" });

describe("what the server asks of the client", () => {
  it("is a call of its own, and waiting time of the one that is open", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).after(9).server(elicit(7)).after(999).client(
      answer(7),
    )
      .after(9).server(text(1, "")).run();
    expect(seen.of()[0]).toMatchObject({ name: "a", humanTime: 1000, serverTime: 20, outcome: "ok" });
    expect(seen.of("elicitation/create")[0]).toMatchObject({ humanTime: 1000, serverTime: 0, outcome: "ok" });
  });

  it.each(["sampling/createMessage", "roots/list", "elicitation/create"])("counts if it is %s", async (method) => {
    const seen = await new Talk().initialize().client(use(1, "a")).server(ask(7, method)).after(499).client(answer(7))
      .server(text(1, "")).run();
    expect(seen.of()[0]?.humanTime).toBe(500);
  });

  it("does not count if it is for the roots of which the client has told that they changed", async () => {
    const roots = (id: number) => ask(id, "roots/list");
    const seen = await new Talk().initialize().client(use(1, "a")).client(tell("notifications/roots/list_changed"))
      .server(roots(7)).after(499).client(answer(7)).server(roots(8)).after(199).client(answer(8)).server(text(1, ""))
      .run();
    expect(seen.of()[0]?.humanTime).toBe(200); // what it asks once more is for the call again
    expect(seen.of("roots/list").map(({ humanTime }) => humanTime)).toEqual([500, 200]);
  });

  it("does not count if it is a ping", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).server(ask(7, "ping")).after(499).client(answer(7))
      .server(text(1, "")).run();
    expect(seen.of()[0]?.humanTime).toBe(0);
    expect(seen.of("ping")[0]?.humanTime).toBe(0);
  });

  it("counts once where two questions overlap", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).server(elicit(7)).after(99).server(elicit(8)).after(
      99,
    )
      .client(answer(7)).after(99).client(answer(8)).server(text(1, "")).run();
    expect(seen.of()[0]?.humanTime).toBe(300);
  });

  it("counts for nobody where several calls are open", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).client(use(2, "b")).server(elicit(7)).after(499)
      .client(answer(7)).server(text(1, "")).server(text(2, "")).run();
    expect(seen.of().map(({ humanTime }) => humanTime)).toEqual([0, 0]);
  });

  it("counts up to the end of a call that did not wait for it", async () => {
    const seen = await new Talk().initialize().client(use(1, "a")).server(elicit(7)).after(99).server(text(1, ""))
      .after(99)
      .client(answer(7)).run();
    expect(seen.of()[0]?.humanTime).toBe(100);
  });

  it("over HTTP counts for the call in whose answer it came", async () => {
    const one = new Exchange(), two = new Exchange(), back = new Exchange();
    const events = [
      one.request(httpAsk(1, "tools/call", { name: "a" }), { headers: { "mcp-session-id": "s" } }),
      two.request(httpAsk(2, "tools/call", { name: "b" }), { headers: { "mcp-session-id": "s" } }),
      one.stream(),
      two.stream(),
      two.sse(httpAsk(9, "elicitation/create", { message: "?" })),
      back.request(httpAnswer(9, { action: "accept" }), { headers: { "mcp-session-id": "s" } }),
      back.response(202),
      two.sse(httpAnswer(2, {})),
      two.end(),
      one.sse(httpAnswer(1, {})),
      one.end(),
    ];
    const seen = await follow([events]);
    expect(seen.of().map(({ name, humanTime }) => [name, humanTime > 0])).toEqual([["a", false], ["b", true]]);
  });
});
