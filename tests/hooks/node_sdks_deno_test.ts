import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run, until } from "../e2e/_harness/process.ts";
import { HERE, NodePlace, peers, REGISTER, start } from "./_node/run.ts";
import { assertWhole, named, read, type Told } from "./_python/events.ts";

const LONG = 120_000;
const cache = await peers("typescript1", "typescript2", "bun");
const sdk1 = join(cache, "typescript1"), sdk2 = join(cache, "typescript2");
const bun = join(cache, "bun/node_modules/@oven/bun-linux-x64/bin/bun");

interface Sent {
  readonly from: "client" | "server";
  readonly raw: string;
}

/** What the client's side recorded below the SDK: messages in each direction. */
function truth(place: NodePlace): readonly Sent[] {
  return Deno.readTextFileSync(join(place.folder, "truth")).split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

/** As text, members by name: the SDK sorts them anew when it parses a message. */
const sorted = (messages: readonly unknown[]) => messages.map((message) => JSON.stringify(ordered(message))).toSorted();

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, ordered(each)]).toSorted());
}

/** What the events of one role say of messages that came in or went out. */
function messages(told: readonly Told[], role: "client" | "server", way: "received" | "send"): readonly unknown[] {
  return named(told, "mcp_event").filter(({ event }) => String(event.event).startsWith(`${role}_${way}`))
    .map(({ event }) => event.message);
}

/** Every message, once, as it was sent, from both ends. */
function expectAll(place: NodePlace, told: readonly Told[], roles: readonly ("client" | "server")[]): void {
  for (const role of roles) {
    const other = role === "client" ? "server" : "client";
    const by = (from: string) =>
      sorted(truth(place).filter((sent) => sent.from === from).map(({ raw }) => JSON.parse(raw)));
    expect(sorted(messages(told, role, "send"))).toEqual(by(role));
    expect(sorted(messages(told, role, "received"))).toEqual(by(other));
  }
}

/** As the place's environment, with a file for the truth, and nothing redacted: base64 looks like secrets. */
const recorded = (place: NodePlace) => ({ TRUTH: join(place.folder, "truth") });

describe("the Node sensor", () => {
  it("tells every message of SDK 1.x once, from both ends of stdio", async () => {
    using place = new NodePlace({ redact: false });
    await place.run(["node", "client.mjs"], recorded(place), sdk1);
    const told = read(place.spool);
    assertWhole(told);
    expectAll(place, told, ["client", "server"]);
    expect(named(told, "internal_exception")).toEqual([]);

    expect(named(told, "mcp_client_connect")[0]?.event).toMatchObject({
      transport: "stdio",
      command: expect.any(String),
    });
    expect(named(told, "mcp_server_init")[0]?.event.server).toMatchObject({ name: "mcp-servers/everything" });
    const tools = named(told, "mcp_server_add").map(({ event }) => event.element as Record<string, unknown>);
    expect(tools.find(({ name }) => name === "get-sum")).toMatchObject({
      type: "tool",
      description: expect.any(String),
      parameters: { type: "object", properties: { a: { type: "number" } } },
    });
    expect(tools.map(({ type }) => type)).toEqual(expect.arrayContaining(["tool", "resource", "prompt"]));
    for (const role of ["client", "server"]) {
      const sessions = told.filter(({ name, event }) => name.includes("mcp_session") && event.role === role);
      expect(sessions[0]?.event.session_id).toMatch(/^[0-9a-f]{32}$/);
    }
  }, LONG);

  it.each(["legacy", "2026-07-28"])("tells every message of SDK 2.x, %s", async (era) => {
    using place = new NodePlace({ redact: false });
    await place.run(["node", "client.mjs", era], recorded(place), sdk2);
    const told = read(place.spool);
    assertWhole(told);
    // Of 2026-07-28 the client asks a first process for what it can; that is not its transport's own conversation.
    const processes = new Set(named(told, "mcp_client_connect").map(({ pid }) => pid));
    expect(processes.size).toBe(1);
    if (era === "legacy") expectAll(place, told, ["client", "server"]);
    expect(named(told, "mcp_event").some(({ event }) => event.exception === "Error")).toBe(true);
    expect(named(told, "mcp_server_add")).not.toEqual([]);
    expect(named(told, "internal_exception")).toEqual([]);
  }, LONG);

  it.each(["mcp", "sse"])("knows sessions, addresses and durations over HTTP, /%s", async (kind) => {
    using place = new NodePlace({ imports: false });
    const server = new Deno.Command("node", {
      args: ["http_server.mjs"],
      cwd: sdk1,
      env: { ...place.env, ...recorded(place) },
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
    }).spawn();
    try {
      const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const { http } = JSON.parse((await reader.read()).value ?? "{}");
      await place.run(
        ["node", "http_client.mjs", `http://127.0.0.1:${http}/${kind}`, ...(kind === "sse" ? [kind] : [])],
        {},
        sdk1,
      );
      await until("the end of the session", () => named(read(place.spool), "mcp_session_terminated").length >= 2);
      await reader.cancel();
    } finally {
      server.kill("SIGTERM");
      await server.status;
    }
    const told = read(place.spool);
    assertWhole(told);
    const created = named(told, "mcp_session_created").map(({ event }) => event);
    expect(new Set(created.map(({ session_id }) => session_id)).size).toBe(1); // both ends say the same
    const own = created.find(({ role }) => role === "server");
    expect(own).toMatchObject({
      transport: kind === "sse" ? "sse" : "http",
      client_address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
    const failed = named(told, "mcp_event").find(({ event }) =>
      event.exception !== undefined && event.role === "server"
    );
    expect(failed?.event).toMatchObject({ exception: "Error", duration_ms: expect.any(Number) });
    expect(failed?.call).toMatchObject({ method: "tools/call", name: "fail", session_id: own?.session_id });
    expect(named(told, "mcp_client_connect")[0]?.event.url).toContain(`/${kind}`);
  }, LONG);

  it("sees the CommonJS build, and what handlers throw", async () => {
    using place = new NodePlace();
    const client = await start(place, join(sdk1, "hook_server.cjs"));
    expect(await client.call("echo", { text: "héllo" })).toBe("héllo");
    await client.call("fail", {});
    expect(await client.end()).toEqual({ code: 0, stderr: "" });
    const told = read(place.spool);
    assertWhole(told);
    expect(named(told, "mcp_server_init")[0]?.event.server).toEqual({
      name: "hooked",
      version: "1.2.3",
      title: "Hooked",
      instructions: "Does things.",
    });
    const answers = named(told, "mcp_event").filter(({ event }) => event.event === "server_send_response");
    expect(answers.map(({ event }) => event.exception)).toEqual([undefined, undefined, "RangeError"]);
    expect(answers[0]?.event.id).toBe(0);
    expect(named(told, "span_start")).toHaveLength(3);
    expect(named(told, "span_end")).toHaveLength(3);
  }, LONG);

  it("finds the SDK in a bundle that was minified, and is not misled by its names", async () => {
    using place = new NodePlace();
    const bundle = join(place.folder, "server.mjs");
    const args = ["bundle", "--quiet", "--no-lock", "--platform=deno", "--minify", "-o", bundle, "hook_server.mjs"];
    const { code, stderr } = await run([Deno.execPath(), ...args], { cwd: sdk1 });
    expect([code, stderr.replace(/^.*experimental.*\n/, "")]).toEqual([0, ""]);
    const client = await start(place, bundle);
    expect(await client.call("echo", { text: "hi" })).toBe("hi");
    expect((await client.end()).code).toBe(0);
    const told = read(place.spool);
    expect(named(told, "mcp_server_init")[0]?.event.server).toMatchObject({ name: "echo" });
    expect(messages(told, "server", "received")).toHaveLength(3);
    expect(messages(told, "server", "send")).toHaveLength(2);
    expect(named(told, "mcp_event").every(({ event }) => event.transport === "stdio")).toBe(true);
  }, LONG);

  it("sees what goes over stdio where there is no SDK at all", async () => {
    using place = new NodePlace();
    const said = await place.run(["node", `${HERE}bare_client.mjs`, `${HERE}bare_server.mjs`]);
    expect(said.split("\n")).toHaveLength(5);
    const told = read(place.spool);
    assertWhole(told);
    for (const role of ["client", "server"] as const) {
      const [requests, answers] = role === "client" ? ["send", "received"] as const : ["received", "send"] as const;
      expect(messages(told, role, requests)).toHaveLength(5);
      expect(sorted(messages(told, role, answers))).toEqual(
        sorted(said.trim().split("\n").map((line) => JSON.parse(line))),
      );
    }
    expect(named(told, "mcp_event").at(-1)?.event.server_name).toBe("bare");
  }, LONG);

  it("runs in Deno", async () => {
    using place = new NodePlace({ redact: false });
    const flags = ["-A", "--no-lock", "--node-modules-dir=manual", "--preload", REGISTER];
    await place.run([Deno.execPath(), "run", ...flags, "client.mjs", "legacy"], recorded(place), sdk2);
    const told = read(place.spool);
    expectAll(place, told, ["client"]);
    expect(named(told, "sensor_startup")[0]?.event.runtime).toMatch(/^deno /);
    expect(named(told, "import").length).toBeGreaterThan(20);
  }, LONG);

  it("runs in Bun", async () => {
    using place = new NodePlace({ redact: false });
    await place.run([bun, "--preload", REGISTER, "client.mjs", "legacy"], recorded(place), sdk2);
    const told = read(place.spool);
    expectAll(place, told, ["client"]);
    expect(named(told, "sensor_startup")[0]?.event.runtime).toMatch(/^bun /);
  }, LONG);
});
