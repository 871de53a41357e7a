import { describe, expect, it } from "vitest";
import type { McpEvent } from "../../../pipeline/event.ts";
import { findings, messages, run, runBatches } from "./_feed.ts";
import { answer, ask, connection, Exchange, post, shown, tell } from "./_http.ts";

const GET = { method: "GET", target: "/sse" };

/** An open event stream whose endpoint is `url`. */
function opened(url: string, get = new Exchange()) {
  return { get, events: [get.request(undefined, GET), get.stream(), get.sse(url, { event: "endpoint" })] };
}

/** A POST that is taken: the answer comes on the stream. */
function sent(message: unknown, target: string, status = 202) {
  const made = new Exchange();
  return [made.request(message, { target }), made.response(status, "Accepted")];
}

describe("jsonrpc over HTTP, two endpoints (2024-11-05)", () => {
  it("pairs what is posted with what the stream says", async () => {
    const { get, events } = opened("/messages/?session_id=abc");
    const got = await run([
      ...events,
      ...sent(ask(0, "initialize"), "/messages/?session_id=abc"),
      get.sse(answer(0), { event: "message" }),
      ...sent(tell("notifications/initialized"), "/messages/?session_id=abc"),
      get.sse(ask(0, "sampling/createMessage"), { event: "message" }),
      ...sent(answer(0), "/messages/?session_id=abc"),
    ]);
    expect(shown(got)).toEqual([
      "http request",
      "http response",
      "http sse",
      "request initialize 0",
      "http response",
      "response 0 → initialize 0",
      "notification notifications/initialized",
      "http response",
      "request sampling/createMessage 0",
      "response 0 → sampling/createMessage 0",
      "http response",
    ]);
    expect(messages(got).map(({ transport }) => transport)).toEqual(["sse", "sse", "sse", "sse", "sse"]);
    expect(findings(got)).toEqual([]);
  });

  it.each([
    ["messages?sessionId=1", "/messages?sessionId=1"],
    ["/a/b/../m?x", "/a/m?x"],
    ["http://localhost:3000/m?x=1", "/m?x=1"],
    ["/m?x=1", "http://localhost:3000/m?x=1"],
  ])("knows the endpoint %s in a POST to %s", async (url, target) => {
    const { get, events } = opened(url);
    const got = messages(await run([...events, ...sent(ask(1), target), get.sse(answer(1))]));
    expect(shown(got)).toEqual(["request tools/call 1", "response 1 → tools/call 1"]);
    expect(got[0]!.transport).toBe("sse");
  });

  it("pairs an answer that overtakes the POST's own", async () => {
    const { get, events } = opened("/m");
    const made = new Exchange();
    const got = await run([
      ...events,
      made.request(ask(1), { target: "/m" }),
      get.sse(answer(1)),
      made.response(202),
    ]);
    expect(shown(messages(got))).toEqual(["request tools/call 1", "response 1 → tools/call 1"]);
    expect(findings(got)).toEqual([]);
  });

  it("pairs an answer that is seen before the POST", async () => {
    const { get, events } = opened("/m");
    const got = await runBatches([[...events, get.sse(answer(1))], sent(ask(1), "/m")]);
    expect(shown(messages(got.flat()))).toEqual(["request tools/call 1", "response 1 → tools/call 1"]);
  });

  it("keeps apart two sessions whose streams and posts go over the same connection", async () => {
    const on = connection();
    const a = opened("/m?s=a", new Exchange(on)), b = opened("/m?s=b", new Exchange(on));
    const got = await run([
      ...a.events,
      ...b.events,
      ...sent(ask(1, "tools/list"), "/m?s=a"),
      ...sent(ask(1, "prompts/list"), "/m?s=b"),
      b.get.sse(answer(1, "b")),
      a.get.sse(answer(1, "a")),
    ]);
    const pair = ({ request, result }: McpEvent) => [request?.method, result];
    expect(messages(got).slice(2).map(pair)).toEqual([["prompts/list", "b"], ["tools/list", "a"]]);
  });

  it("pairs without having seen the endpoint, as long as it is clear which", async () => {
    const get = new Exchange();
    const got = await run([
      ...sent(ask(1, "tools/list"), "/m?s=a"),
      get.sse(answer(1)),
      ...sent(ask(2, "ping"), "/m?s=a"),
      ...sent(ask(2, "ping"), "/m?s=b"),
      get.sse(answer(2)),
    ]);
    expect(shown(messages(got))).toEqual([
      "request tools/list 1",
      "response 1 → tools/list 1",
      "request ping 2",
      "request ping 2",
      "response 2 orphan",
    ]);
  });

  it("says at the end of the stream what was never answered, but for what was withdrawn", async () => {
    const { get, events } = opened("/m");
    const got = await run([
      ...events,
      ...sent(ask(1), "/m"),
      ...sent(ask(2), "/m"),
      ...sent(tell("notifications/cancelled", { requestId: 1 }), "/m"),
      get.end("reset"),
    ]);
    expect(shown(findings(got))).toEqual([
      "mcp.http.unanswered low: The answer to GET /sse ended without a response to tools/call (id 2)",
    ]);
  });

  it("says that a POST was refused", async () => {
    const { events } = opened("/m");
    const got = await run([...events, ...sent(ask(1), "/m", 400)]);
    expect(shown(findings(got))[0]).toMatch(
      /POST \/m was answered 400 Bad Request; it carried tools\/call \(id 1\)/,
    );
  });

  it("is not misled by an endpoint that is no URL", async () => {
    const { events } = opened("http://[");
    expect(await run(events)).toEqual(events);
    expect(shown(await run(post(ask(1), answer(1))))).toHaveLength(2);
  });
});
