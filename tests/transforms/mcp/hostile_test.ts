import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../pipeline/event.ts";
import { METHODS } from "../../../protocols/mcp/mod.ts";
import { chunk, line, session } from "../jsonrpc/_feed.ts";
import { connection, Exchange } from "../jsonrpc/_http.ts";
import { follow, META, type Seen } from "./_talk.ts";

const ids = fc.constantFrom<unknown>(0, 1, 2, "1", "", -1, 1.5, null);
const methods = fc.constantFrom(...METHODS.keys(), "vendor/x", "", "__proto__", "tasks/");
/** Values where MCP has something else. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    "",
    "1",
    [],
    {},
    "t",
    "s",
    "2026-07-28",
    "complete",
    "input_required",
    "task",
    "__proto__",
  ),
  fc.jsonValue(),
);
const names = fc.constantFrom(
  "_meta",
  "name",
  "uri",
  "task",
  "taskId",
  "status",
  "result",
  "error",
  "requestState",
  "inputResponses",
  "inputRequests",
  "resultType",
  "isError",
  "progressToken",
  "requestId",
  "protocolVersion",
  "clientInfo",
  "serverInfo",
  "capabilities",
  "tools",
  "__proto__",
  "constructor",
  "traceparent",
  ...Object.keys(META),
  "io.modelcontextprotocol/related-task",
  "io.modelcontextprotocol/serverInfo",
);
const body = fc.dictionary(
  names,
  fc.oneof(odd, fc.dictionary(names, fc.oneof(odd, fc.dictionary(names, odd, { maxKeys: 3 })), { maxKeys: 5 })),
  {
    maxKeys: 6,
  },
);
const message = fc.oneof(
  fc.record({ jsonrpc: fc.constant("2.0"), id: ids, method: methods, params: fc.oneof(body, odd) }),
  fc.record({ jsonrpc: fc.constant("2.0"), method: methods, params: fc.oneof(body, odd) }),
  fc.record({ jsonrpc: fc.constant("2.0"), id: ids, result: fc.oneof(body, odd) }),
  fc.record({ jsonrpc: fc.constant("2.0"), id: ids, error: fc.oneof(body, odd) }),
  body,
);
const talk = fc.array(fc.tuple(fc.boolean(), message, fc.nat(20_000)), { maxLength: 40 });

/** What holds of any conversation. */
function check(seen: Seen): void {
  for (const { context, type } of seen.messages) {
    expect(context).toBeDefined();
    expect(context!.session.server.name).toBeTypeOf("string");
    if (context!.endsCall) expect([context!.call?.outcome === undefined, type]).not.toContain(true);
  }
  const ends = seen.ends;
  expect(new Set(ends).size).toBe(ends.length); // each call ends once
  for (const call of seen.calls) {
    expect(call.serverTime).toBeGreaterThanOrEqual(0);
    expect(call.humanTime).toBeGreaterThanOrEqual(0);
    expect(call.requests).toBeGreaterThan(0);
    expect(call.bytesIn).toBeGreaterThan(0);
    void [call.name, call.errorCode, call.tokensIn, call.tokensOut, call.taskId];
    const isQuiet = call.method === "subscriptions/listen";
    expect(call.outcome !== undefined || isQuiet).toBe(true); // the end of capture ends all
  }
}

describe("the mcp transform, of hostile conversations", () => {
  it("never fails, over stdio", async () => {
    await fc.assert(
      fc.asyncProperty(talk, fc.nat(7), async (talk, batch) => {
        const { down, up } = session();
        let time = 1_000_000;
        const events = talk.map(([isClient, message, ms]): Event =>
          chunk(isClient ? down : up, line(message), { time: time += ms })
        );
        const batches: Event[][] = [];
        for (let k = 0; k < events.length; k += batch + 1) batches.push(events.slice(k, k + batch + 1));
        check(await follow(batches, { call_timeout_ms: 60_000 }));
      }),
      { numRuns: 300 },
    );
  });

  it("never fails, over HTTP", async () => {
    const headers = fc.dictionary(
      fc.constantFrom("mcp-session-id", "mcp-protocol-version", "mcp-method", "traceparent"),
      fc.constantFrom("", "a", "2026-07-28", "2025-06-18", "x".repeat(300)),
    );
    const step = fc.tuple(fc.nat(3), message, headers, fc.nat(5), fc.constantFrom(200, 202, 400, 401, 500));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const on = [connection(), connection(), connection({}), connection()];
        const events: Event[] = [];
        for (const [which, message, headers, how, status] of steps) {
          const made = new Exchange(on[which]!);
          if (how === 5) {
            events.push(made.request(undefined, { method: "DELETE", headers }), made.response(status));
            continue;
          }
          events.push(made.request(message, { headers }));
          if (how === 0) events.push(made.response(status, message, headers));
          else if (how === 1) events.push(made.stream(headers), made.sse(message), made.end());
          else if (how === 2) {
            events.push(
              made.stream(),
              made.sse("/messages?a", { event: "endpoint" }),
              made.sse(message),
              made.end("reset"),
            );
          } else if (how === 3) events.push(made.reset());
        }
        check(await follow([events]));
      }),
      { numRuns: 300 },
    );
  });

  it("takes long names, ids and states as they are, without keeping all of them", async () => {
    const long = "x".repeat(100_000);
    const { down, up } = session();
    const events = [
      chunk(
        down,
        line({
          jsonrpc: "2.0",
          id: long,
          method: "tools/call",
          params: { name: long, _meta: { ...META, progressToken: long } },
        }),
      ),
      chunk(up, line({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: long } })),
      chunk(up, line({ jsonrpc: "2.0", id: long, result: { resultType: "task", taskId: long } })),
    ];
    const seen = await follow([events]);
    check(seen);
    expect(seen.of()[0]).toMatchObject({ name: long, progress: 1, outcome: "ok", taskId: undefined });
    for (const { message } of seen.findings) expect(message.length).toBeLessThan(500);
  });
});
