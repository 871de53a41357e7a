import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HERE, NodePlace, peers, REGISTER, start } from "./_node/run.ts";
import { assertWhole, files, named, read, type Told } from "./_python/events.ts";

const LONG = 120_000;
const sdk1 = join(await peers("typescript1"), "typescript1");
const SERVER = join(sdk1, "hook_server.cjs");

/** Acts of one name, with the tool that did them. */
function acts(told: readonly Told[], name: string): readonly (readonly [tool: unknown, args: unknown])[] {
  return named(told, "audit").filter(({ event }) => event.event === name).map((
    { call, event },
  ) => [call?.name, event.args]);
}

describe("the Node sensor", () => {
  it("tells what tools do, and which call it was", async () => {
    using place = new NodePlace();
    const web = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
    await new Promise((resolve) => web.once("listening", resolve));
    const { port } = web.address() as AddressInfo;
    await using client = await start(place, SERVER);
    await client.call("write", { name: "note.txt" });
    await client.call("secret", {});
    expect(await client.call("run", { words: ["echo", "hi"] })).toBe("hi\n");
    expect(await client.call("shell", { command: "echo there" })).toBe("there\n");
    expect(await client.call("get", { url: `http://127.0.0.1:${port}/page?token=abcdef123456` })).toBe("200");
    expect(await client.call("fetch", { url: `http://localhost:${port}/other` })).toBe("200");
    expect(await client.call("thread", {})).toBe("0");
    expect(await client.end()).toEqual({ code: 0, stderr: "" });
    web.close();

    const told = read(place.spool);
    assertWhole(told);
    expect(named(told, "internal_exception")).toEqual([]);
    const room = (name: string) => join(place.folder, name);
    expect(acts(told, "open")).toEqual(expect.arrayContaining([
      ["write", [room("note.txt"), "write"]],
      ["secret", [room(".env"), "write"]],
      ["secret", [room(".env"), "read"]],
      [undefined, [`${place.folder}/thread`, "write"]],
    ]));
    expect(acts(told, "child_process.spawn")).toEqual([["run", ["echo", "hi"]]]);
    expect(acts(told, "child_process.spawnSync")).toEqual([["shell", ["/bin/sh", "-c", "echo there"]]]);
    expect(acts(told, "http.request")).toEqual([
      ["get", ["GET", `http://127.0.0.1:${port}/page?token=<token>`]],
      ["fetch", ["GET", `http://localhost:${port}/other`]],
    ]);
    expect(acts(told, "net.connect").map(([tool]) => tool)).toEqual(["get", "fetch"]);
    expect(acts(told, "worker_threads.Worker")).toHaveLength(1);
  }, LONG);

  it("tells what is alike once, with how often it happened", async () => {
    using place = new NodePlace({ audit: { per_second: 3 } });
    await using client = await start(place, SERVER);
    await client.call("write", { name: "same", times: 1000 });
    for (let k = 0; k < 6; k++) await client.call("write", { name: `other${k}` });
    await client.end();
    const told = read(place.spool);
    assertWhole(told);
    const written = named(told, "audit").filter(({ event }) => event.event === "open").map(({ event }) => event);
    const all = written.reduce((sum, { count }) => sum + Number(count ?? 1), 0);
    expect(all).toBe(1006);
    expect(written.length).toBeLessThan(14);
    expect(written.find(({ count }) => count === 999)?.args).toEqual([join(place.folder, "same"), "write"]);
  }, LONG);

  it("tells what was loaded, with the hash of the bytes", async () => {
    using place = new NodePlace();
    await using client = await start(place, SERVER);
    await client.end();
    const imports = named(read(place.spool), "import").map(({ event }) => event);
    const own = imports.find(({ file }) => file === SERVER);
    expect(own?.sha256).toBe(createHash("sha256").update(Deno.readFileSync(SERVER)).digest("hex"));
    const protocol = imports.find(({ fullname }) => String(fullname).endsWith("shared/protocol.js"));
    expect(protocol).toMatchObject({ pkg: "@modelcontextprotocol/sdk", version: "1.32.2" });
    expect(protocol?.sha256).toBe(
      createHash("sha256").update(Deno.readFileSync(String(protocol?.file))).digest("hex"),
    );
    expect(imports.find(({ fullname }) => fullname === "node:child_process")?.standard_library).toBe(true);
  }, LONG);

  it("follows child processes, whatever environment they get, and clusters and threads", async () => {
    using place = new NodePlace({ imports: false });
    const script = place.file(
      "parent.cjs",
      `
      const { spawn, fork, execFileSync } = require("node:child_process");
      const cluster = require("node:cluster");
      const { Worker } = require("node:worker_threads");
      if (cluster.isWorker) process.exit(0);
      if (process.argv[2] === "child") { process.disconnect?.(); return; }
      spawn(process.execPath, ["-e", "0"], { env: { PATH: process.env.PATH } });
      spawn(process.execPath, ["-e", "0"], { env: { NODE_OPTIONS: "--no-warnings", HOME: process.env.HOME } });
      fork(__filename, ["child"]);
      execFileSync(process.execPath, ["-e", "0"], { env: {} });
      cluster.fork();
      new Worker("require('node:fs').readFileSync('/etc/shadow')", { eval: true });
    `,
    );
    await place.run(["node", script]);
    const told = read(place.spool);
    assertWhole(told); // of a thread, too: it counts with its process
    expect(named(told, "sensor_startup")).toHaveLength(6);
    expect(files(place.spool)).toHaveLength(6);
    expect(acts(told, "open")).toEqual([[undefined, ["/etc/shadow", "read"]]]);
  }, LONG);

  it("leaves child processes alone when it is told to", async () => {
    using place = new NodePlace({ imports: false, follow: false });
    const script = place.file(
      "parent.cjs",
      `
      require("node:child_process").spawn(process.execPath, ["-p", "process.env.NODE_OPTIONS"], { env: {}, stdio: "inherit" });
    `,
    );
    expect(await place.run(["node", script])).toBe("undefined\n");
    expect(named(read(place.spool), "sensor_startup")).toHaveLength(1);
  }, LONG);

  it("starts by --import, too, and once only", async () => {
    using place = new NodePlace({ imports: false });
    await place.run([
      "node",
      "--import",
      REGISTER,
      "--import",
      REGISTER,
      `${HERE}bare_client.mjs`,
      `${HERE}bare_server.mjs`,
    ]);
    expect(named(read(place.spool), "sensor_startup")).toHaveLength(2);
  }, LONG);
});
