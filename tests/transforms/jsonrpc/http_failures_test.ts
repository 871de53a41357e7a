import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpEvent } from "../../../pipeline/event.ts";
import { authState } from "../../../pipeline/http_auth.ts";
import { findings, gaps, messages, run, runBatches } from "./_feed.ts";
import { answer, ask, connection, Exchange, post, shown, tell } from "./_http.ts";

const METADATA = "https://mcp.example/.well-known/oauth-protected-resource";

/** The finding about a call that was answered so. */
async function failure(status: number, body?: unknown, headers: Record<string, string> = {}, incomplete?: string) {
  const made = new Exchange();
  const got = await run([made.request(ask(1)), made.response(status, body, headers, incomplete)]);
  expect(shown(got).slice(0, 2)).toEqual(["request tools/call 1", "http response"]);
  return findings(got);
}

describe("jsonrpc over HTTP, what goes wrong", () => {
  it("tells of a challenge, which is how authorisation begins", async () => {
    const challenge = `Bearer error="invalid_token", resource_metadata="${METADATA}"`;
    const [finding] = await failure(401, { error: "invalid_token" }, { "www-authenticate": challenge });
    expect([finding!.rule, finding!.severity, finding!.message, finding!.evidence]).toEqual([
      "mcp.http.failed",
      "info",
      `POST /mcp was answered 401 Unauthorized, Bearer challenge (error=invalid_token, resource_metadata=${METADATA}); ` +
      "it carried tools/call (id 1)",
      '{"error":"invalid_token"}',
    ]);
    expect(finding!.process!.name).toBe("server-everything");
  });

  it.each<[number, unknown, Record<string, string>, string | undefined, string]>([
    [401, undefined, {}, undefined, "low: POST /mcp was answered 401 Unauthorized; it carried"],
    [403, "no", {}, undefined, "low: POST /mcp was answered 403 Forbidden; it carried"],
    [404, undefined, {}, undefined, "low: POST /mcp was answered 404 Not Found; it carried"],
    [503, "<html>", {}, undefined, "low: POST /mcp was answered 503 Service Unavailable; it carried"],
    [599, undefined, {}, undefined, "low: POST /mcp was answered 599; it carried"],
    [200, undefined, {}, undefined, "low: POST /mcp was answered 200 OK without a body; it carried"],
    [
      200,
      "<html>",
      { "content-type": "text/html; charset=utf-8" },
      undefined,
      "low: POST /mcp was answered 200 OK with text/html, which is no message; it carried",
    ],
    [200, "", {}, "reset", "low: POST /mcp was answered 200 OK and cut short (reset); it carried"],
    [
      307,
      undefined,
      { location: "/mcp/" },
      undefined,
      "info: POST /mcp was answered 307 Temporary Redirect, location /mcp/; it carried",
    ],
  ])("tells of status %s with %j", async (status, body, headers, incomplete, text) => {
    expect(shown(await failure(status, body, headers, incomplete))).toEqual([
      `mcp.http.failed ${text} tools/call (id 1)`,
    ]);
  });

  it("takes the refusal of server/discover for an older server's", async () => {
    const got = await run(post(ask(1, "server/discover"), undefined, {}, { status: 404 }));
    expect(findings(got).map(({ severity }) => severity)).toEqual(["info"]);
  });

  it("names the server's address where its process is not known", async () => {
    const made = new Exchange(connection({ server: undefined }));
    const got = await run([made.request(ask(1), { authority: "mcp.example" }), made.response(500)]);
    expect(findings(got)[0]!.message).toMatch(/^POST mcp.example\/mcp was answered 500 /);
  });

  it("tells of a connection that ended before an answer", async () => {
    const made = new Exchange(), other = new Exchange();
    const asked = made.request([ask(1), ask(2)]);
    made.exchange.times = { requestStart: asked.time };
    const reset = { ...made.reset(), time: asked.time + 60_049 };
    const got = await run([asked, reset, other.request(ask(3)), other.end("reset")]);
    expect(shown(findings(got))).toEqual([
      "mcp.http.failed low: POST /mcp was not answered: the connection ended after 60.0 s; " +
      "it carried tools/call (id 1), tools/call (id 2)",
      "mcp.http.failed low: POST /mcp was not answered: the connection ended; it carried tools/call (id 3)",
    ]);
  });

  it("tells of an event stream that ends without the answer, and of an answer that is not whole", async () => {
    const made = new Exchange();
    const got = await run([
      made.request(ask(1, "tools/list")),
      made.stream(),
      made.end(),
      ...post([ask(2), ask(3)], [answer(3)]),
    ]);
    expect(shown(findings(got))).toEqual([
      "mcp.http.unanswered low: The answer to POST /mcp ended without a response to tools/list (id 1)",
      "mcp.http.unanswered low: The answer to POST /mcp ended without a response to tools/call (id 2)",
    ]);
  });

  it("leaves to a gap what could not be read", async () => {
    const made = new Exchange();
    const got = await run([made.request(ask(1)), {
      ...made.response(200, undefined, {}, "too_large"),
      body: undefined,
    }]);
    expect(shown(got)).toEqual(["request tools/call 1", "http response"]);
  });

  it.each([[null, ["null_id"]], ["server-error", ["other_id"]]])(
    "takes an error with the id %j for the answer to the only request",
    async (id, warnings) => {
      const error = { jsonrpc: "2.0", id, error: { code: -32600, message: "Session not found" } };
      const got = messages(await run(post(ask(1), error, {}, { status: 404 })));
      expect(got[1]!.request).toBe(got[0]);
      expect(got[1]!.warnings).toEqual(warnings);
    },
  );

  it("settles what was refused: a second try with the same id pairs with its own answer", async () => {
    const made = new Exchange();
    const got = await run([made.request(ask(1)), made.response(401), ...post(ask(1), answer(1))]);
    expect(shown(messages(got))).toEqual([
      "request tools/call 1",
      "request tools/call 1",
      "response 1 → tools/call 1",
    ]);
  });

  it("says at the end what still waits", async () => {
    const got = await runBatches([[new Exchange().request(ask(1))]]);
    expect(got.map(shown)).toEqual([
      ["request tools/call 1"],
      ["mcp.http.unanswered low: No answer came to tools/call (id 1) before the end"],
    ]);
  });

  it("forgets beyond its bounds, and says so", async () => {
    const many = Array.from(
      { length: 40 },
      (_, k) => new Exchange().request(ask(k), { headers: { "mcp-session-id": `s${k}` } }),
    );
    const [got] = await runBatches([many], { max_sessions: 16 });
    expect(gaps(got!).map(({ reason, lost }) => [reason, lost])).toEqual([["evicted", { messages: 24 }]]);
    const one = Array.from({ length: 10 }, (_, k) => new Exchange().request(ask(k)));
    const [got2] = await runBatches([one], { max_pending: 4 });
    expect(gaps(got2!).map(({ lost }) => lost)).toEqual([{ messages: 6 }]);
    const large = Array.from(
      { length: 10 },
      (_, k) => new Exchange().request(ask(k, "tools/call", { text: "x".repeat(300) })),
    );
    const [got3] = await runBatches([large], { max_pending_bytes: 1024 });
    expect(gaps(got3!).map(({ lost }) => lost)).toEqual([{ messages: 8 }]);
  });

  it("knows a forgotten session again", async () => {
    const get = new Exchange(), headers = { "mcp-session-id": "old" };
    const many = Array.from(
      { length: 40 },
      (_, k) => new Exchange().request(tell("x"), { headers: { "mcp-session-id": `s${k}` } }),
    );
    const reply = new Exchange();
    const got = await runBatches([
      [get.request(undefined, { method: "GET", headers }), get.stream(), get.sse(tell("x"))],
      many,
      [get.sse(ask(1, "roots/list")), reply.request(answer(1), { headers })],
    ], { max_sessions: 16 });
    expect(shown(got[2]!)).toEqual(["request roots/list 1", "response 1 → roots/list 1"]);
  });

  it("tells of a message beyond max_line, and of nothing else that is as long", async () => {
    const answered = new Exchange(), asked = new Exchange(), other = new Exchange();
    const long = "x".repeat(2000);
    const got = await run([
      answered.request(ask(1)),
      answered.response(200, answer(1, long)),
      asked.request(ask(2, "tools/call", { long })),
      asked.response(200, answer(2)),
      other.request({ long }),
      other.response(200, { long }),
    ], { max_line: 1024 });
    expect(shown(got)).toEqual([
      "request tools/call 1",
      "gap",
      "http response",
      "gap",
      "http request",
      "http request",
      "http response",
      "response 2 orphan",
    ]);
    expect(gaps(got).map(({ reason }) => reason)).toEqual(["too_large", "too_large"]);
  });
});

describe("jsonrpc over HTTP, anything", () => {
  const id = fc.constantFrom(1, 2, "1", null, 1.5);
  const message = fc.oneof(
    fc.record({ jsonrpc: fc.constantFrom("2.0", "1.0"), id, method: fc.constantFrom("tools/call", "x", "tools/list") }),
    fc.record({ jsonrpc: fc.constant("2.0"), id, result: fc.jsonValue() }),
    fc.record({ jsonrpc: fc.constant("2.0"), id, error: fc.jsonValue() }),
    fc.constant({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } }),
  );
  const body = fc.oneof(
    message,
    fc.array(message, { maxLength: 3 }),
    fc.jsonValue(),
    fc.string(),
    fc.constant(undefined),
  );
  const headers = fc.dictionary(
    fc.constantFrom("mcp-session-id", "mcp-method", "mcp-protocol-version", "mcp-name", "last-event-id", "location"),
    fc.constantFrom("1", "2026-07-28", "tools/call", "=?base64?*?="),
  );
  const incomplete = fc.option(fc.constantFrom("reset", "too_large", "bytes_lost"), { nil: undefined });
  const step = fc.record({
    exchange: fc.nat({ max: 3 }),
    type: fc.constantFrom("request", "response", "stream", "sse", "end"),
    method: fc.constantFrom("POST", "GET", "DELETE"),
    status: fc.constantFrom(200, 202, 307, 401, 500),
    event: fc.constantFrom(undefined, "endpoint", "message"),
    id: fc.constantFrom(undefined, "", "1", "2"),
    body,
    headers,
    incomplete,
  });

  it("never throws, loses no event, and pairs no request twice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const on = connection();
        const exchanges = Array.from({ length: 4 }, () => new Exchange(on));
        const events = steps.map(
          ({ exchange, type, method, status, event, id, body, headers, incomplete }): HttpEvent => {
            const made = exchanges[exchange]!;
            const more = { ...(event === undefined ? {} : { event }), ...(id === undefined ? {} : { id }) };
            if (type === "request") return made.request(body, { method, headers });
            if (type === "response") return made.response(status, body, headers, incomplete);
            if (type === "stream") return made.stream(headers);
            return type === "sse" ? made.sse(body ?? "", more) : made.end(incomplete);
          },
        );
        const got = await run(events);
        const seen = new Set<unknown>([
          ...got.filter(({ kind }) => kind === "http"),
          ...messages(got).map(({ time }) => events.find((event) => event.time === time)),
        ]);
        expect(events.filter((event) => !seen.has(event))).toEqual([]);
        const asked = messages(got).flatMap(({ request }) => request ?? []);
        expect(new Set(asked).size).toBe(asked.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe("authState", () => {
  const state = (offered?: string, challenge?: string) => {
    const made = new Exchange();
    made.request(ask(1), { headers: offered === undefined ? {} : { authorization: offered } });
    made.response(
      challenge === undefined ? 200 : 401,
      "",
      challenge === undefined ? {} : { "www-authenticate": challenge },
    );
    return authState(made.exchange);
  };

  it("reads what was offered", () => {
    expect(state()).toBeUndefined();
    expect(state("Bearer sha256:01234567")).toEqual({
      scheme: "Bearer",
      credential: "sha256:01234567",
      challenge: undefined,
      status: 200,
    });
    expect(state("sha256:01234567")).toMatchObject({ scheme: undefined, credential: "sha256:01234567" });
    expect(state("Negotiate")).toMatchObject({ scheme: "Negotiate", credential: undefined });
  });

  it.each<[string, string, Record<string, string>]>([
    ["Bearer", "Bearer", {}],
    ['Bearer realm="a, \\"b\\"", scope=x', "Bearer", { realm: 'a, "b"', scope: "x" }],
    ['Basic realm="x", Bearer Error="e" , resource_metadata="https://h/p?a=b"', "Bearer", {
      error: "e",
      resource_metadata: "https://h/p?a=b",
    }],
    ['Digest realm="x"', "Digest", { realm: "x" }],
    ["Bearer error=", "Bearer", { error: "" }],
    ['DPoP algs="ES256" ;;; "', "DPoP", { algs: "ES256" }],
  ])("reads the challenge %s", (value, scheme, params) => {
    expect(state(undefined, value)!.challenge).toEqual({ scheme, params });
  });
});
