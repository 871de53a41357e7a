import { describe, expect, it } from "vitest";
import type { LogicalCall, McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Event, FindingEvent, GapEvent, HttpEvent, HttpExchange, McpEvent } from "../../../pipeline/event.ts";
import type { Message } from "../../../pipeline/message.ts";
import { call, chunk, client, context, events, one, redacted, session, talk, through } from "./_redact.ts";

const SECRET = "ghp_a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8";
const KEY = { hash_key: "0123456789abcdef" };
const base = { time: 1, source: "test" };

/** Everything of a value as text, through getters too. */
function all(value: unknown, depth = 0): string {
  if (typeof value !== "object" || value === null || depth > 8) return String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Map) return [...value].map(([k, v]) => `${k}=${all(v, depth + 1)}`).join();
  const names = new Set([...Object.keys(value), ...Object.getOwnPropertyNames(Object.getPrototypeOf(value) ?? {})]);
  for (const name of ["constructor", "reverse", "__proto__", "__defineGetter__", "__lookupGetter__"]) {
    names.delete(name);
  }
  return [...names].map((name) => {
    const member: unknown = (value as Record<string, unknown>)[name];
    return typeof member === "function" ? "" : `${name}=${all(member, depth + 1)}`;
  }).join();
}

function exchange(): HttpExchange {
  const { down } = session();
  return {
    id: 1,
    version: "1.1",
    request: {
      method: "POST",
      target: `/mcp?sessionId=s-123456&x=${SECRET}`,
      authority: "localhost:3000",
      headers: [["mcp-session-id", "s-123456"], ["x-note", SECRET], ["authorization", "Bearer sha256:0123abcd"]],
    },
    response: undefined,
    times: {},
    client: { ...client, args: ["node", "--token", "hunter2"] },
    server: undefined,
    stream: down,
  };
}

describe("redact, beside messages", () => {
  it("hides what stands in heads, and shows sessions as tokens that can be joined", async () => {
    const event: HttpEvent = {
      ...{ ...base, kind: "http", type: "request", stream: session().down, exchange: exchange(), wireBytes: 0 },
      body: new TextEncoder().encode(`{"password":"hunter2"}`),
      incomplete: undefined,
    };
    const { exchange: shown, body } = await one(event, KEY);
    const text = all(shown) + all(body);
    expect(text).not.toMatch(/hunter2|ghp_|s-123456/);
    expect(new Set(text.match(/<session_id:hash:\w+>/g)).size).toBe(1);
    expect(shown.request?.headers[2]?.[1]).toBe("Bearer sha256:0123abcd");
  });
  it("follows an exchange as it goes on", async () => {
    const live = exchange() as { -readonly [K in keyof HttpExchange]: HttpExchange[K] };
    const event: HttpEvent = {
      ...{ ...base, kind: "http", type: "request", stream: live.stream, exchange: live, body: undefined, wireBytes: 0 },
      incomplete: undefined,
    };
    const { exchange: shown } = await one(event);
    expect(shown.response).toBeUndefined();
    live.response = { status: 302, headers: [["location", `/x?access_token=${SECRET}`]] };
    expect(shown.response?.status).toBe(302);
    expect(all(shown.response)).not.toContain(SECRET);
    expect(shown.response).toBe(shown.response);
  });
  it("hides what stands in server-sent events and binary bodies", async () => {
    const common = {
      ...base,
      kind: "http",
      stream: session().up,
      exchange: exchange(),
      wireBytes: 0,
      incomplete: undefined,
    } as const;
    const data = `{"t":"${SECRET}"}`;
    const sse = await one<HttpEvent>({
      ...common,
      type: "sse",
      body: undefined,
      sse: { event: undefined, id: SECRET, data },
    });
    expect(all(sse.sse)).not.toContain(SECRET);
    const bytes = Uint8Array.from([0xff, 0xfe, ...new TextEncoder().encode(` ${SECRET} `), 0x80]);
    const { body } = await one<HttpEvent>({ ...common, type: "response", body: bytes });
    expect([body?.[0], body?.at(-1)]).toEqual([0xff, 0x80]);
    expect(new TextDecoder().decode(body)).not.toContain(SECRET);
  });
  it("hides what stands in findings, cut or not, and in what they point at", async () => {
    const [request] = await events(
      redacted([talk([call({ password: "correct horse battery" })])], undefined),
    ) as McpEvent[];
    const finding: FindingEvent = {
      ...{ ...base, kind: "finding", rule: "x.y", severity: "high", message: 'says "correct horse battery" to all' },
      evidence: "password: correct horse b… and …se battery",
      details: { diff: ["correct horse battery", { password: "x-secret-x" }] },
      event: request,
      events: [request!],
      process: { ...client, args: ["x", `--key=${SECRET}`] },
    };
    const shown = await one(finding);
    expect(all(shown)).not.toMatch(/correct|battery|x-secret-x|ghp_/);
    expect(shown.rule).toBe("x.y");
    expect(shown.events?.[0]).toBe(shown.event);
  });
  it("hides what stands in gaps and in events that it does not know", async () => {
    const gap: GapEvent = { ...base, kind: "gap", reason: "x", message: `could not read ${SECRET}` };
    expect((await one(gap)).message).toMatch(/could not read <github_token/);
    const sensor = {
      ...{
        ...base,
        kind: "sensor",
        args: ["curl", "--password", "hunter2"],
        env: { API_KEY: "hunter2" },
        deep: [[{ u: `https://x/?token=${"hunter2"}` }]],
      },
      bytes: new TextEncoder().encode(SECRET),
      map: new Map([["secret", "hunter2"]]),
      same: 1,
    };
    const shown = await one(sensor as unknown as Event);
    expect(all(shown)).not.toMatch(/hunter2|ghp_/);
    expect(shown).toMatchObject({ kind: "sensor", same: 1 });
    const plain = { ...base, kind: "effect", path: "/a", list: [1, { x: "y" }] } as unknown as Event;
    expect(await one(plain)).toBe(plain);
  });
  it("leaves raw bytes out, counts them and tells, unless they are to pass", async () => {
    const chunks = Array.from({ length: 30 }, () => chunk(session().down, SECRET, true));
    const { context: mine, said } = context();
    const feed = async function* () {
      for (const one of chunks) yield [one];
    };
    const all = await events(await through(feed(), {}, mine));
    expect(all.map(({ kind }) => kind)).toEqual(["gap", "gap", "gap"]);
    expect(all.reduce((sum, event) => sum + (event.kind === "gap" ? event.lost?.records ?? 0 : 0), 0)).toBe(30);
    expect(said).toMatchObject({ dropped: { raw_bytes: 30 }, logged: [expect.stringContaining("jsonrpc")] });
    expect(await events(await through(feed(), { chunks: "pass" }))).toEqual(chunks);
  });
  it("hides what is known of sessions, servers and calls, as long as they live", async () => {
    const [request, response] = await events(
      redacted(
        [talk([call({ password: "hunter2" }), `{"jsonrpc":"2.0","id":1,"result":{"t":"${SECRET}"}}`])],
        undefined,
      ),
    ) as Message[];
    const server = {
      ...{ key: `stdio node --token hunter2`, name: "files", info: { name: "files", title: SECRET, version: "1" } },
      ...{ capabilities: { x: SECRET }, instructions: `use ${SECRET}`, transport: "stdio", process: undefined },
      ...{ address: undefined, remote: false, executableHash: undefined, package: undefined, eras: ["2025-11-25"] },
      ...{
        firstSeen: 1,
        lastSeen: 1,
        version: 1,
        resources: new Map(),
        resourceTemplates: new Map(),
        prompts: new Map(),
      },
      tools: new Map([["login", {
        ...{ kind: "tool", name: "login", hash: "h", tokens: 1, firstSeen: 1, lastSeen: 1 },
        value: {
          name: "login",
          inputSchema: { type: "object", properties: { password: { type: "string", default: "hunter2" } } },
        },
      }]]),
    } as unknown as McpServer & { instructions: string; version: number };
    const inSession = {
      ...{ id: 1, server, clientProcess: undefined, clientInfo: undefined, clientCapabilities: undefined },
      ...{ sessionId: "s-123456", era: "2025-11-25", initialized: true, startTime: 1, lastTime: 1 },
    } as McpSession;
    const ofCall = {
      id: 1,
      method: "tools/call",
      name: SECRET,
      request,
      response,
      outcome: "ok",
    } as unknown as LogicalCall;
    for (const message of [request!, response!]) {
      message.context = {
        era: "x",
        session: inSession,
        sender: "client",
        call: ofCall,
        endsCall: false,
        trace: undefined,
      };
    }
    const shown = await events(
      await through((async function* () {
        yield [request!, response!];
      })()),
    ) as McpEvent[];
    expect(all(shown[0]?.context, 1)).not.toMatch(/hunter2|ghp_|s-123456/);
    const first = shown[0]?.context, second = shown[1]?.context;
    expect(first?.session).toBe(second?.session);
    expect(first?.call?.request).toBe(shown[0]);
    expect(second?.call?.response).toBe(shown[1]);
    expect(JSON.stringify(first?.session.server.tools.get("login")?.value)).toMatch(
      /"password":\{"type":"string","default":"<pass/,
    );
    server.instructions = `now ${SECRET} too`;
    expect(first?.session.server.instructions).toMatch(/^now <github_token/);
    expect(shown[1]?.request).toBe(shown[0]);
  });
});
