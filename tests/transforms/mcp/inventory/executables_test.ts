import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Process } from "../../../../pipeline/event.ts";
import { Executables } from "../../../../transforms/mcp/inventory/executables/mod.ts";
import type { Subject } from "../../../../transforms/mcp/inventory/executables/types.ts";

const running: ChildProcess[] = [];
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcpsonde-executables-"));
  const module = join(folder, "node_modules/@scope/server");
  await mkdir(join(module, "dist"), { recursive: true });
  await mkdir(join(folder, "node_modules/.bin"));
  await writeFile(join(module, "package.json"), '{ "name": "@scope/server", "version": "1.2.3" }');
  await writeFile(join(module, "dist/package.json"), '{ "type": "commonjs" }');
  await writeFile(join(module, "dist/index.js"), "setTimeout(() => {}, 20000)");
  await symlink("../@scope/server/dist/index.js", join(folder, "node_modules/.bin/server"));
});

afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

/** Starts a program, and gives it as a source would. */
async function start(program: string, args: readonly string[], cwd = folder): Promise<Process> {
  const child = spawn(program, args, { stdio: "ignore", cwd });
  running.push(child);
  const pid = child.pid ?? 0;
  for (let i = 0; i < 100; i++) {
    const cmdline = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const given = cmdline.replace(/\0$/, "").split("\0");
    if (given.length === args.length + 1 && given[1] === args[0]) return { pid, comm: "x", name: "x", args: given };
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`${program} did not start`);
}

const subject = (process: Process): Subject => ({
  process,
  remote: false,
  package: undefined,
  executableHash: undefined,
  version: 0,
});

async function looked(process: Process, time = Date.now()): Promise<Subject> {
  const executables = new Executables();
  const at = subject(process);
  executables.look(at, time);
  await executables.settled();
  return at;
}

const sha256 = async (path: string) => createHash("sha256").update(await readFile(path)).digest("hex");

describe("Executables", () => {
  it("hashes the script that an interpreter runs, through links, and names its package", async () => {
    const found = await looked(await start("node", ["node_modules/.bin/server"]));
    expect(found.package).toBe("npm:@scope/server@1.2.3");
    expect(found.executableHash).toBe(await sha256(join(folder, "node_modules/@scope/server/dist/index.js")));
  });

  it("knows a process by the command line of the env that it was", async () => {
    const { args = [], ...process } = await start("node", ["node_modules/.bin/server"]);
    const found = await looked({ ...process, args: ["/usr/bin/env", ...args] });
    expect(found.package).toBe("npm:@scope/server@1.2.3");
  });

  it("hashes the executable of a program that is none", async () => {
    const found = await looked(await start("sleep", ["20"]));
    expect(found.executableHash).toMatch(/^[0-9a-f]{64}$/);
    expect(found.package).toBeUndefined();
  });

  it("looks at no file of a capture that is replayed, but names the package on the command line", async () => {
    const process = await start("node", ["node_modules/.bin/../@scope/server/dist/index.js"]);
    const found = await looked(process, Date.now() - 3_600_000);
    expect([found.executableHash, found.package]).toEqual([undefined, undefined]);
    const npx: Process = { pid: 1, comm: "npm", name: "npx", args: ["npx", "-y", "@scope/server@2.0"] };
    expect((await looked(npx, 0)).package).toBe("npm:@scope/server@2.0");
  });

  it("finds nothing where another process has the pid", async () => {
    const { pid } = await start("sleep", ["21"]);
    const found = await looked({ pid, comm: "node", name: "x", args: ["node", "other.js"] });
    expect(found.executableHash).toBeUndefined();
  });

  it("finds nothing of a process that is gone, and goes on", async () => {
    const executables = new Executables();
    const gone = subject({ pid: 4_194_300, comm: "x", name: "x", args: ["x"] });
    const there = subject(await start("sleep", ["22"]));
    executables.look(gone, Date.now());
    executables.look(there, Date.now());
    await executables.settled();
    expect(gone.executableHash).toBeUndefined();
    expect(there.executableHash).toBeDefined();
  });

  it("is done at once when it is closed", async () => {
    const executables = new Executables();
    executables.close();
    executables.look(subject(await start("sleep", ["23"])), Date.now());
    await executables.settled();
  });
});
