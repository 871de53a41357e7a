import { describe, expect, it } from "vitest";
import type { McpContext } from "../../../pipeline/context.ts";
import type { Process } from "../../../pipeline/event.ts";
import { chunk, line, link, session } from "../jsonrpc/_feed.ts";
import { answer as reply, ask as post, connection, Exchange, tell as note } from "../jsonrpc/_http.ts";
import { answer, ask, fail, follow, META, type Seen, Talk, tell, text, use } from "./_talk.ts";

const sessionsOf = (seen: Seen) => [...new Set(seen.contexts.map(({ session }) => session))];
const briefly = ({ era, sender, session }: McpContext) => [session.id, sender, era];

describe("a session over stdio", () => {
  it.each(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2024-10-07", "2031-01-01"])(
    "begins with initialize in %s",
    async (version) => {
      const seen = await new Talk().initialize(version).client(use(1, "a")).server(text(1, "")).run();
      expect(seen.contexts.map(briefly)).toEqual(
        ["client", "server", "client", "client", "server"].map((sender) => [1, sender, version]),
      );
      const [session] = sessionsOf(seen);
      expect(session).toMatchObject({
        era: version,
        clientInfo: { name: "agent", version: "1" },
        clientCapabilities: {},
        clientProcess: { pid: 1 },
        server: { name: "weather", process: { pid: 2 }, transport: "stdio", remote: false },
        sessionId: undefined,
        initialized: true,
      });
    },
  );

  it("is in the revision that the server settles on", async () => {
    const seen = await new Talk().initialize("2025-11-25", "2025-06-18").client(use(1, "a")).run();
    expect(seen.contexts.map(({ era }) => era)).toEqual(["2025-11-25", "2025-06-18", "2025-06-18", "2025-06-18"]);
  });

  it("of 2026-07-28 begins with any request, and is initialised", async () => {
    const seen = await new Talk().client(ask(1, "server/discover", { _meta: META })).server(answer(1))
      .client(use(2, "a", { _meta: META })).server(text(2, "")).run();
    expect(seen.contexts.map(briefly)).toEqual(
      ["client", "server", "client", "server"].map((sender) => [1, sender, "2026-07-28"]),
    );
    expect(sessionsOf(seen)[0]).toMatchObject({
      clientInfo: { name: "agent" },
      clientCapabilities: { elicitation: {} },
      initialized: true,
    });
  });

  it("takes the latest identity that a client of 2026-07-28 gives", async () => {
    const named = (name: string) => ({ _meta: { ...META, "io.modelcontextprotocol/clientInfo": { name } } });
    const talk = new Talk().client(use(1, "a", named("one"))).client(use(2, "a", named("one")));
    const infos = (await talk.run()).contexts.map(({ session }) => session.clientInfo?.name);
    expect(infos).toEqual(["one", "one"]);
    expect(sessionsOf(await talk.client(use(3, "a", named("two"))).run())[0]?.clientInfo?.name).toBe("two");
  });

  it("takes a client's identity from no server", async () => {
    const seen = await new Talk().initialize().server(ask(5, "ping", { _meta: META })).client(answer(5)).run();
    expect(sessionsOf(seen)[0]).toMatchObject({ era: "2025-11-25", clientInfo: { name: "agent", version: "1" } });
  });

  it("falls back to initialize where a server does not know server/discover", async () => {
    const seen = await new Talk().client(ask("d", "server/discover", { _meta: META })).server(fail("d", -32601))
      .initialize("2025-06-18").run();
    expect(seen.contexts.map(({ era, session }) => [session.id, era])).toEqual([
      [1, "2026-07-28"],
      [1, "2026-07-28"],
      [1, "2025-06-18"],
      [1, "2025-06-18"],
      [1, "2025-06-18"],
    ]);
  });

  it("is not initialised before it is said so", async () => {
    const states: boolean[] = [];
    const talk = new Talk().initialize();
    for (let n = 1; n <= 3; n++) {
      const seen = await follow([talk.events.slice(0, n)]);
      states.push(seen.contexts[0]!.session.initialized);
    }
    expect(states).toEqual([false, false, true]);
  });

  it("that began before capture has no era, and is taken for initialised", async () => {
    const seen = await new Talk().client(use(1, "a")).server(text(1, "")).run();
    expect(seen.contexts.map(briefly)).toEqual([[1, "client", undefined], [1, "server", undefined]]);
    expect(sessionsOf(seen)[0]?.initialized).toBe(true);
  });

  it("keeps the name of a revision that nobody knows, within bounds", async () => {
    const seen = await new Talk().initialize("next".repeat(100)).run();
    expect(seen.contexts[0]?.era).toBe("next".repeat(16));
  });

  it.each([
    ["a request that only servers make", [ask(1, "sampling/createMessage")], ["server"]],
    ["the answer to a client's request", [ask(1, "ping")], [undefined]],
    ["a notification that only servers send", [tell("notifications/message", {})], ["server"]],
    ["nothing that tells", [tell("vendor/x")], [undefined]],
  ])("is clear about its sides by %s", async (_, sent, senders) => {
    const seen = await follow([sent.map((message) => chunk(session().up, line(message)))]);
    expect(seen.contexts.map(({ sender }) => sender)).toEqual(senders);
  });

  it("is clear about its sides once one message is, for good", async () => {
    const seen = await new Talk().client(ask(1, "ping")).server(answer(1)).client(use(2, "a")).server(ask(3, "ping"))
      .server(use(9, "b")).run();
    expect(seen.contexts.map(({ sender }) => sender)).toEqual([undefined, undefined, "client", "server", "server"]);
    expect(sessionsOf(seen)).toHaveLength(1);
    expect(sessionsOf(seen)[0]?.server.process?.pid).toBe(2);
  });

  it("knows the server by who started whom", async () => {
    const parent: Process = { pid: 10, comm: "sh", name: "host" },
      child: Process = { pid: 11, comm: "node", name: "srv", ppid: 10 };
    const { up } = session();
    const seen = await follow([[chunk(up, line(tell("vendor/x")), { process: child, peer: parent })]]);
    expect(seen.contexts[0]).toMatchObject({
      sender: "server",
      session: { server: { process: { pid: 11 } }, clientProcess: { pid: 10 } },
    });
  });

  it("is one where its two streams are linked later", async () => {
    const streams = session(false);
    const seen = await follow([
      [chunk(streams.down, line(use(1, "a")))],
      (link(streams), [chunk(streams.up, line(text(1, "")))]),
    ]);
    expect(seen.contexts.map(briefly)).toEqual([[1, "client", undefined], [1, "server", undefined]]);
    expect(seen.ends[0]?.outcome).toBe("ok");
  });
});

describe("a session over HTTP", () => {
  const ID = { "mcp-session-id": "abc" };
  const VERSION = { "mcp-protocol-version": "2025-06-18" };
  const begin = (on = connection(), id: Record<string, string> = ID) => {
    const made = new Exchange(on);
    const info = { protocolVersion: "2025-06-18", capabilities: {} };
    return [
      made.request(post(0, "initialize", { ...info, clientInfo: { name: "agent" } })),
      made.response(200, reply(0, { ...info, serverInfo: { name: "weather" } }), id),
    ];
  };
  const call = (
    id: number,
    headers: Record<string, string>,
    on = connection(),
    params: Record<string, unknown> = {},
  ) => {
    const made = new Exchange(on);
    return [made.request(post(id, "tools/call", { name: "a", ...params }), { headers }), made.response(200, reply(id))];
  };

  it("is known by its id, over any connection", async () => {
    const seen = await follow([[...begin(), ...call(1, { ...ID, ...VERSION }), ...call(2, { ...ID, ...VERSION })]]);
    expect(seen.contexts.map(briefly)).toEqual(
      ["client", "server", "client", "server", "client", "server"].map((sender) => [1, sender, "2025-06-18"]),
    );
    expect(sessionsOf(seen)[0]).toMatchObject({
      sessionId: "abc",
      clientInfo: { name: "agent" },
      server: { name: "weather", address: "localhost:3000/mcp", transport: "http", remote: false },
    });
  });

  it("is another one for each initialize and each id", async () => {
    const seen = await follow([[
      ...begin(),
      ...begin(connection(), { "mcp-session-id": "def" }),
      ...call(1, { "mcp-session-id": "def" }),
      ...call(1, ID),
    ]]);
    expect(seen.contexts.map(({ session }) => session.id)).toEqual([1, 1, 2, 2, 2, 2, 1, 1]);
    expect(new Set(sessionsOf(seen).map(({ server }) => server)).size).toBe(1);
  });

  it("without an id is that of the same two ends, until the next initialize", async () => {
    const other = {
      client: { pid: 77, comm: "x", name: "x" },
      server: { pid: 2, comm: "node", name: "server-everything" },
    };
    const seen = await follow([[
      ...begin(connection(), {}),
      ...call(1, VERSION),
      ...call(1, VERSION, connection(other)),
      ...begin(connection(), {}),
      ...call(2, VERSION),
    ]]);
    expect(seen.contexts.map(({ session }) => session.id)).toEqual([1, 1, 1, 1, 2, 2, 3, 3, 3, 3]);
  });

  it("joined late has the era of its headers", async () => {
    const seen = await follow([[
      ...call(1, { ...ID, ...VERSION }),
      ...call(1, { "mcp-session-id": "old" }),
      ...call(1, {}),
    ]]);
    expect(seen.contexts.map(({ era }) => era)).toEqual([
      "2025-06-18",
      "2025-06-18",
      "2025-03-26",
      "2025-03-26",
      undefined,
      undefined,
    ]);
  });

  it("of 2026-07-28 is a client and a server, apart from what they said before", async () => {
    const modern = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "a" };
    const seen = await follow([[
      ...begin(connection(), {}),
      ...call(1, modern, connection(), { _meta: META }),
      ...call(2, modern, connection(), { _meta: META }),
      ...call(3, VERSION),
      ...call(4, { "mcp-method": "tools/call" }),
    ]]);
    expect(seen.contexts.map(({ session, era }) => [session.id, era])).toEqual([
      ...Array(2).fill([1, "2025-06-18"]),
      ...Array(4).fill([2, "2026-07-28"]),
      ...Array(2).fill([1, "2025-06-18"]),
      ...Array(2).fill([2, "2026-07-28"]),
    ]);
  });

  it("of the 2024-11-05 transport is the URL that the event stream names", async () => {
    const stream = new Exchange(), one = new Exchange(), two = new Exchange();
    const seen = await follow([[
      stream.request(undefined, { method: "GET", target: "/sse" }),
      stream.stream(),
      stream.sse("/messages?s=1", { event: "endpoint" }),
      one.request(post(0, "initialize", { protocolVersion: "2024-11-05" }), { target: "/messages?s=1" }),
      one.response(202),
      stream.sse(reply(0, { protocolVersion: "2024-11-05" })),
      two.request(note("notifications/initialized"), { target: "/messages?s=1" }),
      two.response(202),
    ]]);
    expect(seen.contexts.map(briefly)).toEqual(
      ["client", "server", "client"].map((sender) => [1, sender, "2024-11-05"]),
    );
    expect(sessionsOf(seen)[0]?.server).toMatchObject({ transport: "sse", address: "localhost:3000/sse" });
  });

  it("that its client ends is not the one that begins with the same id", async () => {
    const end = new Exchange();
    const seen = await follow([[
      ...begin(),
      end.request(undefined, { method: "DELETE", headers: ID }),
      end.response(200),
      ...begin(),
      ...call(1, ID),
    ]]);
    expect(seen.contexts.map(({ session }) => session.id)).toEqual([1, 1, 2, 2, 2, 2]);
  });

  it.each([
    [{ address: "93.184.216.34", port: 443 }, "example.com", true],
    [{ address: "127.0.0.1", port: 3000 }, "example.com", false],
    [{ address: "::1", port: 3000 }, "[::1]:3000", false],
    [undefined, "example.com:8443", true],
    [undefined, "localhost:3000", false],
    [undefined, "api.localhost", false],
    [undefined, "127.evil.example", true],
  ])("to %j, %s is remote: %s", async (to, authority, remote) => {
    const on = connection({ client: { pid: 1, comm: "c", name: "c" }, server: undefined });
    on.up.to = on.down.from = to;
    const made = new Exchange(on);
    const seen = await follow([[made.request(post(1, "tools/list"), { authority })]]);
    expect(seen.contexts[0]?.session.server.remote).toBe(remote);
  });

  it("takes the caller's trace from the headers if the message names none", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const inner = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    const seen = await follow([[
      ...call(1, { traceparent, tracestate: "x=y" }),
      ...call(2, { traceparent }, connection(), { _meta: { traceparent: inner } }),
      ...call(3, { traceparent: "junk" }),
    ]]);
    expect(seen.contexts.map(({ trace }) => trace && [trace.from, trace.traceId[0], trace.state])).toEqual([
      ["http", "0", "x=y"],
      undefined,
      ["meta", "1", undefined],
      undefined,
      undefined,
      undefined,
    ]);
  });
});
