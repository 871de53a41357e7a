import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../e2e/_harness/process.ts";
import { NodePlace, peers, REGISTER, REQUIRE } from "./_node/run.ts";
import { named, read } from "./_python/events.ts";

const LONG = 120_000;
const sdk1 = join(await peers("typescript1"), "typescript1");

const version = Number((await run(["node", "-p", "process.versions.node"])).stdout.split(".")[0]);
const permission = version >= 24 ? "--permission" : "--experimental-permission";

/** Runs a script with the sensor and without; gives both outcomes. */
async function both(place: NodePlace, script: string, ...args: string[]): Promise<readonly [unknown, unknown]> {
  const { NODE_OPTIONS: _, ...bare } = place.env;
  const path = place.file("script.mjs", script);
  const outcome = (env: Record<string, string>) => run(["node", ...args, path], { env, clearEnv: true, cwd: sdk1 });
  return [await outcome(bare), await outcome({ ...bare, NODE_OPTIONS: REQUIRE })];
}

/** What a program can see of the functions that the sensor replaces. */
const LOOK = `
import fs, { writeFileSync } from "node:fs";
import fsp from "node:fs/promises";
import Module from "node:module";
import net from "node:net";
import vm from "node:vm";
import http from "node:http";
import "node:worker_threads"; // once that is loaded, Node's process.chdir is another function
import { ChildProcess, spawn } from "node:child_process";
const look = (owner) => Object.getOwnPropertyNames(owner).map((name) => {
  const { value, get, set, ...rest } = Object.getOwnPropertyDescriptor(owner, name);
  const of = (f) => typeof f === "function" && [f.name, f.length, Object.getOwnPropertyNames(f), "prototype" in f];
  return [name, rest, of(value), of(get), of(set)];
});
spawn("true").on("exit", () => {
  http.get("http://127.0.0.1:1").on("error", () => {
    const all = [fs, fsp, Module, Module.prototype, net.Socket.prototype, vm, ChildProcess.prototype, process];
    console.log(JSON.stringify(all.map(look)), writeFileSync === fs.writeFileSync, fs.promises === fsp);
    console.log(Object.keys(globalThis), process.listenerCount("SIGTERM"), process.listenerCount("SIGINT"));
    console.log(Object.keys(process.env).filter((name) => name !== "NODE_OPTIONS"));
  });
});
`;

describe("a program with the Node sensor in it", () => {
  it("finds functions with the names, lengths, members and places that they had", async () => {
    using place = new NodePlace();
    const [bare, hooked] = await both(place, LOOK);
    expect(hooked).toEqual(bare);
  }, LONG);

  it("finds classes of the SDK as they were, and promises of its own", async () => {
    using place = new NodePlace();
    const script = `
      import { createRequire } from "node:module";
      const require = createRequire(${JSON.stringify(join(sdk1, "x.js"))});
      const { McpServer } = require("@modelcontextprotocol/sdk/server/mcp.js");
      const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
      const { InMemoryTransport } = require("@modelcontextprotocol/sdk/inMemory.js");
      const { z } = require("zod");
      const server = new McpServer({ name: "s", version: "1" });
      const handler = ({ a }) => ({ content: [{ type: "text", text: String(a) }] });
      const tool = server.registerTool("t", { inputSchema: { a: z.number() } }, handler);
      const [one, two] = InMemoryTransport.createLinkedPair();
      const client = new Client({ name: "c", version: "1" });
      const connecting = [server.connect(one), client.connect(two)];
      console.log(connecting.map((p) => p instanceof Promise), tool.handler === handler, Object.keys(one), Object.keys(two));
      await Promise.all(connecting);
      console.log(await client.callTool({ name: "t", arguments: { a: 1 } }));
      console.log(await client.callTool({ name: "t", arguments: { a: "x" } }));
      console.log(await client.request({ method: "no" }, z.any()).catch((error) => [error.name, error.message, error.code]));
      const proto = Object.getPrototypeOf(Object.getPrototypeOf(client));
      console.log(Object.getOwnPropertyNames(proto).map((name) => [name, proto[name]?.name, proto[name]?.length]));
      console.log(Object.getOwnPropertyNames(one), Object.getOwnPropertyNames(client));
      await client.close();
    `;
    const [bare, hooked] = await both(place, script);
    expect(hooked).toEqual(bare);
    expect((bare as { code: number }).code).toBe(0);
    expect(named(read(place.spool), "mcp_event").map(({ event }) => event.transport)).toContain("memory");
  }, LONG);

  it.each([
    ["throws", "throw new TypeError('as asked');"],
    ["rejects", "await Promise.reject(new Error('as asked'));"],
    ["exits", "process.on('exit', (code) => console.log('exit', code)); process.exit(7);"],
    ["aborts by a signal", "process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 1000);"],
    ["does nothing", ""],
    ["waits for a promise that never comes", "await new Promise(() => {});"],
    ["reads its stdin", "for await (const chunk of process.stdin) console.log(chunk); console.log('end');"],
    ["has a syntax error", "const = ;"],
    ["imports what is not there", "import 'not-there';"],
    [
      "writes a file and reads it",
      "import fs from 'node:fs/promises'; await fs.writeFile('/dev/null', 'x'); console.log(await fs.readFile(new URL(import.meta.url), 'latin1').then((t) => t.length));",
    ],
    [
      "misuses fs",
      "import fs from 'node:fs'; try { fs.writeFileSync() } catch (e) { console.log(e.message, e.code) } fs.readFile('/none', (e) => console.log(e.code));",
    ],
    [
      "hears beforeExit",
      "let n = 0; process.on('beforeExit', () => { console.log('before'); if (n++ < 2) setTimeout(() => {}, 5); });",
    ],
  ])("ends as it would when it %s", async (_, script) => {
    using place = new NodePlace();
    const [bare, hooked] = await both(place, script);
    expect(hooked).toEqual(bare);
  }, LONG);

  it.each([
    "--jitless",
    "--pending-deprecation",
    "--trace-deprecation",
    "--frozen-intrinsics",
    "--disable-proto=delete",
    `${permission} --allow-fs-read=*`,
    "--disallow-code-generation-from-strings",
  ])("says and does the same with %s", async (flag) => {
    using place = new NodePlace();
    const script = "import { spawnSync } from 'node:child_process'; import fs from 'node:fs';" +
      "let said; try { said = [spawnSync('true').status, fs.existsSync('/')]; } catch (error) { said = error.code; }" +
      "console.log(said);";
    const [bare, hooked] = await both(place, script, ...flag.split(" "));
    expect((bare as { code: number }).code).toBe(0);
    expect(JSON.stringify(hooked).replace(/node:\d+/g, "")).toBe(JSON.stringify(bare).replace(/node:\d+/g, ""));
  }, LONG);

  it("finds timers of its own only, when it replaces them", async () => {
    using place = new NodePlace();
    const script = `
      import fs from "node:fs";
      let calls = 0;
      for (const name of ["setTimeout", "setImmediate", "clearTimeout", "queueMicrotask"]) globalThis[name] = () => calls++;
      performance.now = () => calls++;
      Date.now = () => calls++;
      for (let k = 0; k < 10; k++) fs.writeFileSync("/dev/full", "", { flag: "w" });
      fs.readFileSync(new URL(import.meta.url));
      process.on("exit", () => console.log(calls));
    `;
    const [bare, hooked] = await both(place, script);
    expect(hooked).toEqual(bare);
    expect((hooked as { stdout: string }).stdout).toBe("0\n");
    expect(named(read(place.spool), "audit").length).toBeGreaterThan(0);
  }, LONG);

  it("is left alone in a Deno that would have to ask", async () => {
    using place = new NodePlace();
    const path = place.file("script.ts", "console.log('hi')");
    const args = ["run", "--no-lock", "--quiet", "--preload", REGISTER, path];
    expect(await place.run([Deno.execPath(), ...args])).toBe("hi\n");
    expect(read(place.spool)).toEqual([]);
  }, LONG);

  it("is killed by SIGTERM while it is busy", async () => {
    using place = new NodePlace();
    const child = new Deno.Command("node", {
      args: ["-e", "console.log('busy'); for (;;);"],
      env: place.env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill("SIGTERM");
    expect((await child.status).signal).toBe("SIGTERM");
    await reader.cancel();
  }, LONG);
});
