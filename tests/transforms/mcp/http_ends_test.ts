import { describe, expect, it } from "vitest";
import { answer as reply, ask as post, Exchange, tell as note } from "../jsonrpc/_http.ts";
import { follow, META, shown } from "./_talk.ts";

const ID = { "mcp-session-id": "abc" };
const MODERN = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "a" };
const use = (id: number, name = "a", more = {}) => post(id, "tools/call", { name, ...more });
const rules = (findings: readonly { readonly rule: string; readonly severity: string }[]) =>
  findings.map(({ rule, severity }) => `${rule} ${severity}`);

describe("a call over HTTP", () => {
  it("that is refused ends with the finding about it", async () => {
    const made = new Exchange();
    const seen = await follow([[made.request(use(1), { headers: ID }), made.response(500, "oops")]]);
    expect(rules(seen.findings)).toEqual(["mcp.http.failed low"]);
    expect(seen.ends.map(({ outcome, errorCode, response }) => [outcome, errorCode, response])).toEqual([
      ["error", undefined, undefined],
    ]);
    expect(seen.findings[0]?.event).toBeUndefined();
    expect(seen.findings[0]?.message).toContain("POST /mcp was answered 500 Internal Server Error");
  });

  it("that got no answer is hung, and in 2026-07-28 cancelled", async () => {
    const old = new Exchange(), modern = new Exchange();
    const seen = await follow([[
      old.request(use(1), { headers: ID }),
      old.reset(),
      modern.request(use(1, "a", { _meta: META }), { headers: MODERN }),
      modern.reset(),
    ]]);
    expect(seen.ends.map(({ outcome }) => outcome)).toEqual(["hung", "cancelled"]);
    expect(rules(seen.findings)).toEqual(["mcp.http.failed low", "mcp.http.failed low"]);
  });

  it("whose stream is closed in 2026-07-28 is cancelled", async () => {
    const made = new Exchange();
    const seen = await follow([[
      made.request(use(1, "a", { _meta: META }), { headers: MODERN }),
      made.stream(),
      made.sse(note("notifications/progress", { progressToken: 1 })),
      made.end("reset"),
    ]]);
    expect(seen.ends.map(shown)).toEqual(["tools/call a cancelled"]);
    expect(rules(seen.findings)).toEqual(["mcp.call.cancelled info"]);
  });

  it("whose stream ends without an answer is hung, told once", async () => {
    const made = new Exchange();
    const seen = await follow([[made.request(use(1), { headers: ID }), made.stream(), made.end()]]);
    expect(seen.ends.map(shown)).toEqual(["tools/call a hung"]);
    expect(rules(seen.findings)).toEqual(["mcp.call.hung low"]);
  });

  it("whose session its client ends is hung, told once", async () => {
    const made = new Exchange(), end = new Exchange();
    const seen = await follow([[
      made.request(use(1), { headers: ID }),
      made.response(202),
      end.request(undefined, { method: "DELETE", headers: ID }),
      end.response(204),
    ]]);
    expect(rules(seen.findings)).toEqual(["mcp.call.hung low"]);
  });

  it("of a batch that is refused is told each for itself", async () => {
    const made = new Exchange();
    const seen = await follow([[made.request([use(1, "a"), use(2, "b")], { headers: ID }), made.response(400)]]);
    expect(seen.ends.map(shown)).toEqual(["tools/call a error", "tools/call b error"]);
  });

  it("that listens ends quietly", async () => {
    const made = new Exchange();
    const seen = await follow([[
      made.request(post(1, "subscriptions/listen", { _meta: META }), {
        headers: { ...MODERN, "mcp-method": "subscriptions/listen" },
      }),
      made.stream(),
      made.sse(note("notifications/subscriptions/acknowledged", {})),
      made.end("reset"),
    ]]);
    expect(seen.findings.filter(({ rule }) => rule.startsWith("mcp.call"))).toEqual([]);
    expect(seen.calls.map(shown)).toEqual(["subscriptions/listen cancelled"]);
  });

  it("has what its server sends in the answer", async () => {
    const made = new Exchange();
    const seen = await follow([[
      made.request(use(1), { headers: ID }),
      made.stream(),
      made.sse(note("notifications/message", { level: "info", data: "x" })),
      made.sse(reply(1)),
      made.end(),
    ]]);
    expect(new Set(seen.contexts.map(({ call }) => call)).size).toBe(1);
    expect(seen.ends.map(shown)).toEqual(["tools/call a ok"]);
  });
});
