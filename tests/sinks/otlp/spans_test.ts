import { describe, expect, it } from "vitest";
import type { Event, Process } from "../../../pipeline/event.ts";
import { ENCODINGS } from "../../../sinks/otlp/encoding.ts";
import { Lanes } from "../../../sinks/otlp/lanes.ts";
import { Resources } from "../../../sinks/otlp/resources.ts";
import { replayed } from "../../captures/replayed.ts";
import { answer as reply, ask as post, connection, Exchange } from "../../transforms/jsonrpc/_http.ts";
import { answer, ask, fail, follow, META, Talk, tell, text, use } from "../../transforms/mcp/_talk.ts";
import { brief, courierFor, plain, send, type Sent, shifted } from "./_sent.ts";

const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const traced = { _meta: { traceparent: PARENT, tracestate: "rojo=00f067aa0ba902b7" } };
type Options = Parameters<typeof courierFor>[0];

async function sent(talk: Talk, options?: Options): Promise<Sent> {
  return send(courierFor(options), [(await follow([shifted(talk.events)])).events]);
}

async function captured(name: string): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of replayed(name)) events.push(event);
  return events;
}

describe("the spans of a call", () => {
  it("are one for who asks and one for who answers, in one trace", async () => {
    const { spans } = await sent(new Talk().initialize().client(use(7, "forecast")).after(9).server(text(7, "rain")));
    expect(spans.map(brief).sort()).toEqual([
      "CLIENT initialize",
      "CLIENT tools/call forecast",
      "SERVER initialize",
      "SERVER tools/call forecast",
    ]);
    const [client, server] = ["CLIENT", "SERVER"].map((kind) =>
      spans.find((span) => brief(span) === `${kind} tools/call forecast`)!
    );
    expect(client).not.toHaveProperty("parentSpanId");
    expect(client).toMatchObject({ flags: 0x101, of: { "service.name": "agent" } });
    expect(server).toMatchObject({ traceId: client!.traceId, parentSpanId: client!.spanId, flags: 0x301 });
    expect(server!.of).toMatchObject({ "service.name": "weather", "service.version": "2", "process.pid": 2 });
    expect(client!.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(client!.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
    expect(plain(server!.attributes)).toEqual({
      "mcp.method.name": "tools/call",
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "forecast",
      "mcp.protocol.version": "2025-11-25",
      "network.transport": "pipe",
      "mcpsonde.server.name": "weather",
      "mcpsonde.client.name": "agent",
      "jsonrpc.request.id": "7",
    });
    expect(BigInt(server!.endTimeUnixNano) - BigInt(server!.startTimeUnixNano)).toBe(10_000_000n);
  });

  it("are the same when the same call is read again, and others for another call", async () => {
    const talk = new Talk().client(use(1, "a")).server(text(1, "")).client(use(2, "a")).server(text(2, ""));
    const once = (await sent(talk)).spans, twice = (await sent(talk)).spans;
    expect(twice).toEqual(once);
    expect(new Set(once.map(({ spanId }) => spanId)).size).toBe(4);
    expect(new Set(once.map(({ traceId }) => traceId)).size).toBe(2);
  });

  it("leave the client's to a client that is instrumented: the server's is a child of what it sends", async () => {
    const { spans } = await sent(new Talk().client(use(1, "a", traced)).server(text(1, "")));
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      parentSpanId: "00f067aa0ba902b7",
      traceState: "rojo=00f067aa0ba902b7",
      kind: 2,
      flags: 0x301,
    });
  });

  it.each(
    [
      ["both", ["CLIENT tools/call a", "SERVER tools/call a"]],
      ["client", ["CLIENT tools/call a"]],
      ["server", ["SERVER tools/call a"]],
    ] as const,
  )("are as the option says: %s", async (spans, expected) => {
    const got = await sent(new Talk().client(use(1, "a", traced)).server(text(1, "")), { spans });
    expect(got.spans.map(brief)).toEqual(expected);
    expect(got.spans[0]).toMatchObject({ parentSpanId: "00f067aa0ba902b7" });
    if (spans === "both") expect(got.spans[1]!.parentSpanId).toBe(got.spans[0]!.spanId);
  });

  it("tell of errors", async () => {
    const { spans } = await sent(
      new Talk().client(use(1, "a")).server(fail(1, -32602)).client(use(2, "a"))
        .server(text(2, "no", { isError: true })).client(use(3, "a"))
        .client(tell("notifications/cancelled", { requestId: 3 })),
      { spans: "server" },
    );
    const told = spans.map(({ status, attributes }) => {
      const { "error.type": type, "rpc.response.status_code": code } = plain(attributes);
      return [type, code, status];
    });
    expect(told).toEqual([
      ["-32602", "-32602", { message: "no", code: 2 }],
      ["tool_error", undefined, { code: 2 }],
      ["cancelled", undefined, { code: 2 }],
    ]);
    expect(spans[2]!.events?.map(({ name }) => name)).toEqual(["mcpsonde.cancelled"]);
  });

  it("come with the finding that ends a call which nobody answered", async () => {
    const { spans, logs } = await sent(new Talk().initialize().client(use(1, "a")).after(500).ends());
    const hung = spans.filter(({ name }) => name === "tools/call a");
    expect(hung.map(brief)).toEqual(["CLIENT tools/call a !", "SERVER tools/call a !"]);
    expect(plain(hung[0]!.attributes)).toMatchObject({ "error.type": "timeout" });
    expect(hung[0]!.status?.message).toContain("never answered");
    const log = logs.find(({ attributes }) =>
      plain(attributes)["gen_ai.guardrail.security.policy.rule.id"] === "mcp.call.hung"
    );
    expect(log).toMatchObject({ traceId: hung[1]!.traceId, spanId: hung[1]!.spanId });
  });

  it("of a subscription come when nobody listens any more", async () => {
    const exchange = new Exchange();
    const headers = { "mcp-method": "subscriptions/listen", "mcp-protocol-version": "2026-07-28" };
    const events = [
      exchange.request(post(1, "subscriptions/listen", { _meta: META }), { headers }),
      exchange.stream(),
      exchange.end(),
    ];
    const { spans } = send(courierFor(), [(await follow([shifted(events)])).events]);
    expect(spans.map(brief)).toEqual(["CLIENT subscriptions/listen", "SERVER subscriptions/listen"]);
    expect(spans[0]).not.toHaveProperty("status");
  });

  it("have the rounds of a call as events", async () => {
    const need = answer(1, {
      resultType: "input_required",
      requestState: "s",
      inputRequests: { name: { method: "elicitation/create", params: {} } },
    });
    const again = use(2, "book", { _meta: META, requestState: "s", inputResponses: { name: { action: "accept" } } });
    const { spans } = await sent(
      new Talk().client(use(1, "book", { _meta: META })).server(need).after(999).client(again)
        .server(text(2, "", { resultType: "complete" })),
      { spans: "client" },
    );
    expect(spans).toHaveLength(1);
    expect(spans[0]!.events?.map(({ name }) => name)).toEqual(["mcpsonde.input_required", "mcpsonde.round"]);
    expect(plain(spans[0]!.events?.[0]?.attributes)).toMatchObject({ "mcpsonde.input.keys": ["name"] });
    expect(plain(spans[0]!.attributes)).toMatchObject({
      "jsonrpc.request.id": "1",
      "mcpsonde.call.requests": 2,
      "mcpsonde.call.wait_time": 1,
    });
    expect(plain(spans[0]!.attributes)["mcp.session.id"]).toBeUndefined();
  });

  it("have progress as events, of which there is a bound", async () => {
    const talk = new Talk().client(use(1, "a", { _meta: { progressToken: "t" } }));
    for (let k = 0; k < 200; k++) talk.server(tell("notifications/progress", { progressToken: "t", progress: k }));
    const { spans } = await sent(talk.server(text(1, "")), { spans: "client" });
    expect(spans[0]!.events).toHaveLength(128);
    expect(spans[0]!.droppedEventsCount).toBe(72);
    expect(plain(spans[0]!.events?.[3]?.attributes)).toMatchObject({ "mcpsonde.progress.value": 3 });
  });

  it("hold arguments and results only if it is wished, and not too much of them", async () => {
    const talk = new Talk().client(ask(1, "tools/call", { name: "a", arguments: { city: "x".repeat(100) } }))
      .server(text(1, "rain"));
    const none = (await sent(talk)).spans;
    expect(JSON.stringify(none)).not.toContain("gen_ai.tool.call");
    const { spans } = await sent(talk, { content: 50 });
    const [client, server] = spans.map(({ attributes }) => plain(attributes));
    expect(client!["gen_ai.tool.call.arguments"]).toMatch(/^\{"city":"x{40}…$/);
    expect(client!["gen_ai.tool.call.result"]).toContain('"type":"text"');
    expect(server!["gen_ai.tool.call.arguments"]).toBeUndefined();
  });

  it("of what a server asks for during a call are children of that call's", async () => {
    const { spans } = await sent(
      new Talk().initialize().client(use(1, "a")).server(ask(9, "elicitation/create", { message: "which?" }))
        .client(answer(9, { action: "accept" })).server(text(1, "")),
    );
    const of = (name: string) => spans.find((span) => brief(span) === name)!;
    const call = of("SERVER tools/call a"),
      asked = of("CLIENT elicitation/create"),
      told = of("SERVER elicitation/create");
    expect(asked).toMatchObject({ traceId: call.traceId, parentSpanId: call.spanId, flags: 0x101 });
    expect(asked.of["service.name"]).toBe("weather");
    expect(told).toMatchObject({ traceId: call.traceId, parentSpanId: asked.spanId, flags: 0x301 });
    expect(told.of["service.name"]).toBe("agent");
  });

  it("tell of HTTP: who is where, the session, and the trace of the HTTP request as a link", async () => {
    const on = connection(), exchange = new Exchange(on);
    const headers = { traceparent: PARENT, "mcp-session-id": "s-1" };
    const events = [
      exchange.request(post(1, "tools/call", { name: "a" }), { headers }),
      exchange.response(200, reply(1)),
    ];
    const { spans } = send(courierFor(), [(await follow([shifted(events)])).events]);
    const [client, server] = spans;
    expect(plain(client!.attributes)).toMatchObject({
      "network.transport": "tcp",
      "network.protocol.name": "http",
      "network.protocol.version": "1.1",
      "server.address": "localhost",
      "server.port": 3000,
      "mcp.session.id": "s-1",
    });
    expect(plain(client!.attributes)["client.address"]).toBeUndefined();
    expect(plain(server!.attributes)).toMatchObject({ "client.address": "127.0.0.1", "client.port": on.up.from?.port });
    expect(plain(server!.attributes)["server.address"]).toBeUndefined();
    expect(client!.links).toBeUndefined();
    expect(server!.links).toEqual([
      { traceId: PARENT.slice(3, 35), spanId: PARENT.slice(36, 52), flags: 0x301, attributes: [] },
    ]);
    expect(client!.traceId).not.toBe(PARENT.slice(3, 35));
  });

  it("are of the end that is on this machine", async () => {
    const here: Process = { pid: 5, comm: "node", name: "node" };
    const kinds = async (client: Process | undefined, server: Process | undefined) => {
      const exchange = new Exchange(connection({ client, server }));
      const events = [
        exchange.request(post(1, "ping"), { authority: "far.example" }),
        exchange.response(200, reply(1)),
      ];
      return send(courierFor(), [(await follow([shifted(events)])).events]).spans.map(({ kind }) => kind);
    };
    expect(await kinds(here, here)).toEqual([3, 2]);
    expect(await kinds(undefined, here)).toEqual([2]);
    expect(await kinds(here, undefined)).toEqual([3]);
    expect(await kinds(undefined, undefined)).toEqual([3, 2]); // nothing is known
  });

  it("are of mcpsonde where all is to be one service", async () => {
    const { spans, metrics } = await sent(new Talk().initialize().client(use(1, "a")).server(text(1, "")), {
      isOne: true,
    });
    expect(new Set([...spans, ...metrics].map(({ of }) => of["service.name"]))).toEqual(new Set(["mcpsonde"]));
    expect(spans.map(({ kind, attributes }) => [kind, plain(attributes)["process.pid"]])).toEqual([
      [3, 1],
      [2, 2],
      [3, 1],
      [2, 2],
    ]);
  });

  it("forget what they have in common before it is too much", async () => {
    const resources = new Resources({ encoding: ENCODINGS.json, host: {}, own: {}, isOne: false });
    const lanes = new Lanes(resources, { kinds: 10, templates: 1000 });
    const { messages: [request] } = await new Talk().client(use(1, "a")).run();
    const { session } = request!.context!;
    const lane = lanes.of(session, "client", request!);
    for (let k = 0; k <= 10; k++) {
      expect(lanes.of(session, "client", request!)).toBe(lane);
      lane.kind("tools/call", `tool-${k}`);
    }
    const other = lanes.of(session, "client", request!);
    expect(other).not.toBe(lane);
    other.weight.templates = 1001;
    expect(lanes.of(session, "client", request!)).not.toBe(other);
  });

  it.each(["2024-11-05-sse", "2025-03-26-stdio", "2025-11-25-http", "2026-07-28-http", "2026-07-28-stdio"])(
    "are the same in both encodings, of every call of %s",
    async (name) => {
      const events = await captured(name);
      const json = send(courierFor({ content: 1000 }), [events]);
      const protobuf = send(courierFor({ content: 1000, encodingName: "protobuf" }), [events]);
      expect(protobuf).toEqual(json);
      const calls = new Set(events.map((event) => event.kind === "mcp" ? event.context?.call : undefined));
      const ended = new Set([...calls].filter((call) => call?.outcome !== undefined));
      expect(json.spans.filter(({ kind }) => kind === 2)).toHaveLength(ended.size);
      expect(new Set(json.spans.map(({ spanId }) => spanId)).size).toBe(json.spans.length);
    },
  );
});
