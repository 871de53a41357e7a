import { describe, expect, it } from "vitest";
import type { Json } from "../../../pipeline/event.ts";
import { decoded } from "../../../transforms/jsonrpc/http/mirrored.ts";
import { findings, messages, run } from "./_feed.ts";
import { answer, ask, Exchange, post, shown, tell } from "./_http.ts";

const VERSION = "2026-07-28";
const META = { "io.modelcontextprotocol/protocolVersion": VERSION };

/** Headers as revision 2026-07-28 has them. */
const headers = (method: string, name?: string, more: Record<string, string> = {}) => ({
  "mcp-protocol-version": VERSION,
  "mcp-method": method,
  ...(name === undefined ? {} : { "mcp-name": name }),
  ...more,
});

/** What is found of a request with these headers. */
async function found(
  method: string,
  params: Record<string, Json>,
  sent: Record<string, string>,
  before: Parameters<typeof run>[0] = [],
): Promise<string[]> {
  const made = new Exchange();
  const got = await run([
    ...before,
    made.request(ask(1, method, { _meta: META, ...params }), { headers: sent }),
    made.response(200, answer(1)),
  ]);
  return findings(got).filter(({ rule }) => rule === "mcp.http.header_mismatch").map(({ message }) => message);
}

describe("jsonrpc over HTTP, revision 2026-07-28", () => {
  it.each([
    ["us-west1", "us-west1"],
    ["=?base64?SGVsbG8sIOS4lueVjA==?=", "Hello, 世界"],
    ["=?base64?IHBhZGRlZCA=?=", " padded "],
    ["=?base64?bGluZTEKbGluZTI=?=", "line1\nline2"],
    ["=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", "=?base64?literal?="],
    ["=?BASE64?QQ==?=", "=?BASE64?QQ==?="],
    ["=?base64?*?=", "=?base64?*?="],
    ["=?base64?=", "=?base64?="],
  ])("decodes the header value %s", (value, text) => expect(decoded(value)).toBe(text));

  it("finds nothing where headers and body agree", async () => {
    expect(await found("tools/list", {}, headers("tools/list"))).toEqual([]);
    expect(await found("tools/call", { name: "echo" }, headers("tools/call", "echo"))).toEqual([]);
    expect(await found("tools/call", { name: "écho" }, headers("tools/call", "=?base64?w6ljaG8=?="))).toEqual([]);
    expect(await found("resources/read", { uri: "file:///a" }, headers("resources/read", "file:///a"))).toEqual([]);
    expect(await found("prompts/get", { name: "p" }, headers("prompts/get", "p"))).toEqual([]);
  });

  it("tells of each header that does not agree", async () => {
    expect(await found("tools/call", { name: "bar" }, headers("tools/list", "foo"))).toEqual([
      'POST /mcp has Mcp-Method "tools/list", but its body says "tools/call"',
      'POST /mcp has Mcp-Name "foo", but its body says "bar"',
    ]);
    expect(
      await found("tools/call", { name: "bar" }, headers("tools/call", "=?base64?Zm9v?=")),
    ).toEqual(['POST /mcp has Mcp-Name "foo", but its body says "bar"']);
    expect(
      await found("tools/list", {}, { ...headers("tools/list"), "mcp-protocol-version": "2026-01-01" }),
    ).toEqual(['POST /mcp has MCP-Protocol-Version "2026-01-01", but its body says "2026-07-28"']);
    expect(await found("tools/list", { _meta: {} }, headers("tools/list"))).toEqual([
      'POST /mcp has MCP-Protocol-Version "2026-07-28", but its body says nothing of it',
    ]);
  });

  it("tells of headers that are missing", async () => {
    expect(await found("tools/call", { name: "echo" }, {})).toEqual([
      'POST /mcp has no Mcp-Method, but its body says "tools/call"',
      'POST /mcp has no MCP-Protocol-Version, but its body says "2026-07-28"',
      'POST /mcp has no Mcp-Name, but its body says "echo"',
    ]);
  });

  it("asks nothing of older revisions", async () => {
    const made = new Exchange();
    const got = await run([
      made.request(ask(1, "tools/call", { name: "echo" }), { headers: { "mcp-protocol-version": "2025-11-25" } }),
      made.response(200, answer(1)),
    ]);
    expect(findings(got)).toEqual([]);
  });

  it("asks a notification only for what it has", async () => {
    const made = new Exchange(), other = new Exchange();
    const got = await run([
      made.request(tell("notifications/x"), { headers: { "mcp-protocol-version": VERSION } }),
      other.request(tell("notifications/x"), { headers: headers("notifications/y") }),
    ]);
    expect(findings(got).map(({ message }) => message)).toEqual([
      'POST /mcp has Mcp-Method "notifications/y", but its body says "notifications/x"',
    ]);
  });

  describe("Mcp-Param-*", () => {
    const listed = post(
      ask(0, "tools/list", { _meta: META }),
      answer(0, {
        tools: [{
          name: "sql",
          inputSchema: {
            type: "object",
            properties: {
              region: { type: "string", "x-mcp-header": "Region" },
              limits: { type: "object", properties: { rows: { type: "integer", "x-mcp-header": "Rows" } } },
              dry: { type: "boolean", "x-mcp-header": "Dry" },
            },
          },
        }],
      }),
      { headers: headers("tools/list") },
    );
    const call = (args: Json, sent: Record<string, string>) =>
      found("tools/call", { name: "sql", arguments: args }, headers("tools/call", "sql", sent), listed);

    it("agree with the arguments that the tool's schema names", async () => {
      const sent = { "mcp-param-region": "=?base64?w6k=?=", "mcp-param-rows": "42.0", "mcp-param-dry": "true" };
      expect(await call({ region: "é", limits: { rows: 42 }, dry: true }, sent)).toEqual([]);
      expect(await call({ region: null }, { "mcp-param-other": "x" })).toEqual([]);
    });

    it("are told where they do not", async () => {
      expect(await call({ region: "a", limits: { rows: 7 } }, { "mcp-param-region": "b", "mcp-param-dry": "true" }))
        .toEqual([
          'POST /mcp has Mcp-Param-Region "b", but its body says "a"',
          'POST /mcp has no Mcp-Param-Rows, but its body says "7"',
          'POST /mcp has Mcp-Param-Dry "true", but its body says nothing of it',
        ]);
    });
  });

  it("takes the closing of the stream for the request's withdrawal", async () => {
    const made = new Exchange();
    const got = await run([
      made.request(ask(1, "tools/call", { name: "echo", _meta: META }), { headers: headers("tools/call", "echo") }),
      made.stream(),
      made.end("reset"),
    ]);
    expect(shown(got)).toEqual(["request tools/call 1", "http response", "http end"]);
  });

  it("says that a server ended the stream without an answer, except to subscriptions/listen", async () => {
    const made = new Exchange(), listen = new Exchange();
    const got = await run([
      made.request(ask(1, "tools/list", { _meta: META }), { headers: headers("tools/list") }),
      made.stream(),
      made.end(),
      listen.request(ask(2, "subscriptions/listen", { _meta: META }), { headers: headers("subscriptions/listen") }),
      listen.stream(),
      listen.sse(tell("notifications/subscriptions/acknowledged")),
      listen.end(),
    ]);
    expect(findings(got).map(({ message }) => message)).toEqual([
      "The answer to POST /mcp ended without a response to tools/list (id 1)",
    ]);
  });

  it("pairs an error with status 404 or 400", async () => {
    const error = { jsonrpc: "2.0", id: 1, error: { code: -32601, message: "Method not found" } };
    const got = await run(post(ask(1, "x/y", { _meta: META }), error, { headers: headers("x/y") }, { status: 404 }));
    expect(shown(messages(got))).toEqual(["request x/y 1 unknown_method", "response 1 → x/y 1"]);
    expect(messages(got)[1]!.http!.response!.status).toBe(404);
    expect(findings(got)).toEqual([]);
  });
});
