import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Server } from "../e2e/_harness/http_peers.ts";
import { hold, install, type Sent } from "../e2e/_harness/peers.ts";
import { assertWhole, named, read, type Told } from "./_python/events.ts";
import { Place } from "./_python/run.ts";

/** Nothing is hidden, so that messages can be compared. */
const PLAIN = { redact: false };

/** FastMCP takes seconds to load; on a busy machine many of them. */
const LONG = 120_000;

/** JSON text that is the same for the same value, whatever the order of members; null members are as absent. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each) => {
    if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
    const members = Object.entries(each).filter(([, member]) => member !== null && member !== undefined);
    return Object.fromEntries(members.toSorted(([a], [b]) => a < b ? -1 : 1));
  });
}

/** Messages that one side told of, sorted. */
function messages(told: readonly Told[], role: string, received: boolean): string[] {
  const start = `${role}_${received ? "received" : "send"}_`;
  return named(told, "mcp_event").filter(({ event }) => String(event.event).startsWith(start))
    .map(({ event }) => canonical(event.message)).toSorted();
}

/** What was really said, sorted. */
function said(truth: readonly Sent[], from: "client" | "server"): string[] {
  return truth.filter((sent) => sent.from === from).map(({ raw }) => canonical(JSON.parse(raw))).toSorted();
}

const STDIO = ["python1", "python2", "fastmcp", "fastmcp2", "fastmcp3"];
const HTTP: [peer: string, path: string, client: string, ...args: string[]][] = [
  ["python1", "/mcp", "http_client.py"],
  ["python1", "/sse", "http_client.py", "sse"],
  ["python2", "/mcp", "http_client.py"],
  ["fastmcp2", "/mcp/", "client.py"],
  ["fastmcp3", "/mcp/", "client.py"],
];

describe("the Python sensor", () => {
  it.each(STDIO)("tells every message once, on both sides, of %s over stdio", async (peer) => {
    const folder = join(await install(peer), peer), python = join(folder, "venv", "bin", "python");
    using place = new Place(PLAIN);
    const truth = await hold([python, join(folder, "client.py")], { env: place.env, cwd: folder });
    const told = read(place.spool);

    expect(messages(told, "client", false)).toEqual(said(truth, "client"));
    expect(messages(told, "client", true)).toEqual(said(truth, "server"));
    // A client may kill its server: of the last milliseconds the server can then tell nothing.
    const killed = named(told, "sensor_shutdown").length < 2, least = killed ? said(truth, "client").length - 4 : 0;
    const received = messages(told, "server", true), sent = messages(told, "server", false);
    expect(received.length).toBeGreaterThanOrEqual(least);
    if (!killed) {
      expect(received).toEqual(said(truth, "client"));
      expect(sent).toEqual(said(truth, "server"));
      assertWhole(told);
    }
    const all = new Set([...said(truth, "client"), ...said(truth, "server")]);
    expect([...received, ...sent].filter((text) => !all.has(text))).toEqual([]);

    expect(named(told, "mcp_client_connect").map(({ event }) => event.transport)).toEqual(["stdio"]);
    expect(named(told, "mcp_server_init").map(({ event }) => event.server)).toMatchObject([{ name: peer }]);
    const added = named(told, "mcp_server_add").map(({ event }) => event.element as Record<string, unknown>);
    expect(added.map(({ type, name }) => `${type} ${name}`)).toEqual(
      expect.arrayContaining(["tool add", "tool fail", "tool steps", "resource note", "prompt greet"]),
    );
    expect(added.find(({ name }) => name === "add")).toMatchObject({
      description: "a + b",
      parameters: { type: "object", properties: { a: { type: "integer" } } },
    });
    const created = named(told, "mcp_session_created");
    expect(created.map(({ event }) => event.role).toSorted()).toEqual(["client", "server"]);

    const answers = named(told, "mcp_event").filter(({ event }) => event.event === "server_send_response");
    const failed = answers.find(({ event }) => event.exception === "ValueError");
    expect(failed?.call).toMatchObject({ method: "tools/call", name: "fail" });
    expect(answers.filter(({ event }) => typeof event.duration_ms === "number").length).toBeGreaterThan(10);
    // Where the request and the answer belong to one handling, they share its span.
    expect(new Set(answers.map(({ span }) => span)).size).toBeGreaterThan(10);
    expect(told.filter(({ name }) => name === "python_internal_exception").map(({ event }) => event)).toEqual([]);
  }, LONG);

  it.each(HTTP)("tells every message of %s at %s, with session and client", async (peer, path, client, ...args) => {
    const folder = join(await install(peer), peer), python = join(folder, "venv", "bin", "python");
    using place = new Place(PLAIN);
    const options = { env: place.env, cwd: folder };
    let truth: readonly (Sent | { session: string | number; from: string; raw: string })[];
    {
      await using server = await Server.start([python, join(folder, "http_server.py")], options);
      truth = await server.talk([python, join(folder, client), server.url("http", path), ...args], options);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const told = read(place.spool), all = truth as readonly Sent[];
    for (const [role, receives] of [["server", "client"], ["client", "server"]] as const) {
      expect(messages(told, role, true)).toEqual(said(all, receives));
      expect(messages(told, role, false)).toEqual(said(all, receives === "client" ? "server" : "client"));
    }
    const events = named(told, "mcp_event"), ofServer = events.filter(({ event }) => event.role === "server");
    const sessions = new Set(truth.map(({ session }) => session).filter((session) => typeof session === "string"));
    // Revision 2026-07-28 has no sessions.
    const toldOf = new Set(ofServer.map(({ event }) => event.session_id).filter((id) => id !== undefined));
    expect(toldOf).toEqual(sessions);
    expect(new Set(events.map(({ event }) => event.transport))).toEqual(
      new Set([args.includes("sse") ? "sse" : "http"]),
    );
    expect(ofServer.filter(({ event }) => !/^127\.0\.0\.1:\d+$/.test(String(event.client_address)))).toEqual([]);
    const failed = ofServer.find(({ event }) => event.exception === "ValueError");
    expect(failed?.call).toMatchObject({ method: "tools/call", name: "fail" });
    expect(told.filter(({ name }) => name === "python_internal_exception").map(({ event }) => event)).toEqual([]);
  }, LONG);
});
