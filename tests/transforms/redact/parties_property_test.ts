/** No secret that was planted around messages comes out of any sink: in HTTP, in sessions and servers, in processes. */
import fc from "fast-check";
import { describe, it } from "vitest";
import type { LogicalCall, McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Event, HttpEvent, HttpExchange, Process } from "../../../pipeline/event.ts";
import type { Message } from "../../../pipeline/message.ts";
import { ANY, expectHidden, FORMED, NAMES, written } from "./_outputs.ts";
import { call, client, events, redacted, server, session, talk, through } from "./_redact.ts";

const base = { time: 1_700_000_000_000, source: "test" };
/** A text in which a secret stands that is known by its form. */
const TEXT = fc.tuple(FORMED, fc.constantFrom("", "see ", "x=", "/a/"), fc.constantFrom("", " ok", "&b=1", "/b"));

/** All that the sinks make of events after redact. */
async function shown(...batch: Event[]): Promise<string> {
  return await written(
    await events(
      await through((async function* () {
        yield batch;
      })()),
    ),
  );
}

interface Planted {
  readonly target?: string;
  readonly authority?: string;
  readonly header?: readonly [string, string];
  readonly process?: Process;
}

function exchange({ target = "/mcp", authority = "localhost", header = ["x", "y"], process }: Planted): HttpExchange {
  const { down } = session();
  return {
    ...{ id: 1, version: "1.1", times: {}, client: process, server, stream: down },
    request: { method: "POST", target, authority, headers: [["accept", "*/*"], header], trailers: [header] },
    response: { status: 200, headers: [header] },
  };
}

function http(of: HttpExchange, more: Partial<HttpEvent>): HttpEvent {
  return {
    ...{ ...base, kind: "http", type: "request", stream: of.stream, exchange: of, body: undefined, wireBytes: 0 },
    incomplete: undefined,
    ...more,
  };
}

/** An exchange's events, and a message that came with it. */
async function ofExchange(planted: Planted): Promise<string> {
  const of = exchange(planted);
  const [message] = await events(redacted([talk([call({ x: 1 })])], undefined)) as Message[];
  message!.http = of;
  return await shown(http(of, {}), http(of, { type: "response" }), message!);
}

function processes(args: readonly string[]): Process {
  return { ...client, exe: "/usr/bin/node", args };
}

const RUNS = { numRuns: 60 }, PATIENCE = 120_000;

describe("redact, whatever stands around messages", () => {
  it("shows no secret of a URL or a host", () =>
    fc.assert(
      fc.asyncProperty(TEXT, ANY, NAMES, fc.boolean(), async ([formed, before, after], any, name, encoded) => {
        const value = encoded ? encodeURIComponent(formed) : formed;
        expectHidden(await ofExchange({ target: `/mcp?q=${before}${value}${after}` }), formed);
        expectHidden(await ofExchange({ authority: `${value}.example.org` }), formed);
        expectHidden(await ofExchange({ target: `/mcp?a=1&${name}=${encodeURIComponent(any)}&b=2` }), any);
      }),
      RUNS,
    ), PATIENCE);
  it("shows no secret of header fields", () =>
    fc.assert(
      fc.asyncProperty(TEXT, ANY, NAMES, async ([formed, before, after], any, name) => {
        expectHidden(await ofExchange({ header: ["x-note", `${before}${formed}${after}`] }), formed);
        expectHidden(await ofExchange({ header: [formed, "x"] }), formed);
        expectHidden(await ofExchange({ header: [name, any] }), any);
        expectHidden(await ofExchange({ header: ["mcp-session-id", any] }), any);
      }),
      RUNS,
    ), PATIENCE);
  it("shows no secret of bodies and server-sent events", () =>
    fc.assert(
      fc.asyncProperty(TEXT, ANY, NAMES, fc.boolean(), async ([formed, before, after], any, name, binary) => {
        const texts = [
          [`${before}${formed}${after}`, formed],
          [JSON.stringify({ a: [`${before}${formed}${after}`] }), formed],
          [JSON.stringify({ [name]: any, n: 1 }), any],
          [`a=1&${name}=${encodeURIComponent(any)}&b=2`, any],
        ] as const;
        for (const [text, secret] of texts) {
          const bytes = new TextEncoder().encode(text);
          const body = binary && secret === formed ? Uint8Array.from([0xff, ...bytes, 0xfe]) : bytes;
          const sse = { event: undefined, id: undefined, data: text };
          const of = exchange({});
          expectHidden(await shown(http(of, { type: "response", body }), http(of, { type: "sse", sse })), secret);
        }
      }),
      RUNS,
    ), PATIENCE);
  it("shows no secret of command lines, wherever a process stands", () =>
    fc.assert(
      fc.asyncProperty(TEXT, ANY, NAMES, async ([formed, before, after], any, name) => {
        const flag = name.replaceAll("_", "-");
        const lines = [
          [["node", `${before}${formed}${after}`], formed],
          [["node", `--${flag}`, any, "--verbose"], any],
          [["node", `--${flag}=${any}`], any],
        ] as const;
        for (const [args, secret] of lines) {
          const process = processes(args);
          const [message] = await events(redacted([talk([call({ x: 1 })])], undefined)) as Message[];
          const gap = { ...base, kind: "gap", reason: "x", message: "y", process, peer: process } as const;
          const out = await shown(gap, { ...message!, process } as unknown as Event) + await ofExchange({ process });
          expectHidden(out, secret);
        }
      }),
      RUNS,
    ), PATIENCE);
  it("shows no secret of sessions, servers and calls", () =>
    fc.assert(
      fc.asyncProperty(TEXT, ANY, NAMES, async ([formed, before, after], any, name) => {
        const text = `${before}${formed}${after}`;
        const process = processes(["node", `--${name}=${any}`]);
        const info = { name: text, title: text, version: text };
        const definition = {
          ...{ kind: "tool", name: text, hash: "h", tokens: 1, firstSeen: 1, lastSeen: 1 },
          value: { name: text, description: text, [name]: any },
        };
        const of = {
          ...{ key: text, name: text, info, capabilities: { x: text, [name]: any }, instructions: text, process },
          ...{
            transport: "stdio",
            address: text,
            remote: false,
            executableHash: undefined,
            package: text,
            eras: [text],
          },
          ...{ firstSeen: 1, lastSeen: 1, version: 1, tools: new Map([[text, definition]]) },
          ...{ resources: new Map([[text, definition]]), resourceTemplates: new Map(), prompts: new Map() },
        } as unknown as McpServer;
        const inSession = {
          ...{ id: 1, server: of, clientProcess: process, clientInfo: info, clientCapabilities: { [name]: any } },
          ...{ sessionId: any, era: text, initialized: true, startTime: 1, lastTime: 1 },
        } as McpSession;
        const [request, response] = await events(
          redacted([talk([call({ x: text, [name]: any }), `{"jsonrpc":"2.0","id":1,"result":{}}`])], undefined),
        ) as Message[];
        const ofCall = {
          ...{ id: 1, method: "tools/call", name: text, request, response, outcome: "ok", taskId: text },
        } as unknown as LogicalCall;
        const trace = { traceId: "0", spanId: "0", flags: 0, state: text, from: "meta" } as const;
        for (const message of [request!, response!]) {
          message.context = {
            ...{ era: text, session: inSession, sender: "client", call: ofCall, endsCall: false, trace },
            list: of.tools,
          };
        }
        const out = await shown(request!, response!);
        expectHidden(out, formed);
        expectHidden(out, any);
      }),
      RUNS,
    ), PATIENCE);
});
