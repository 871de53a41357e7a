import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../../../pipeline/config/load.ts";
import { formatProblem } from "../../../pipeline/config/problem.ts";
import { env, registry } from "./_check.ts";

let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpsonde-config-"));
});

afterAll(async () => {
  await rm(dir, { recursive: true });
});

async function problemOf(name: string, content?: string | Uint8Array): Promise<string> {
  const file = join(dir, name);
  if (content !== undefined) await writeFile(file, content);
  const { plan, problems } = await loadPipeline(file, { registry, env, home: dir });
  expect(plan).toBeUndefined();
  return problems.map(formatProblem).join("\n").replaceAll(dir, "DIR");
}

describe("loadPipeline", () => {
  it("takes paths, files and plug-ins from the file's folder", async () => {
    await writeFile(join(dir, "name.txt"), "out.jsonl\r\n");
    const file = join(dir, "good.jsonc");
    await writeFile(
      file,
      `{ "sources": { "a": { "type": "replay", "path": "in" } },
         "sinks": { "b": { "type": "jsonl", "path": "\${file:name.txt}" } } }`,
    );
    const { plan, problems } = await loadPipeline(file, { registry, env, home: dir });
    expect(problems).toEqual([]);
    expect(plan!.sources[0]!.options["path"]).toBe(join(dir, "in"));
    expect(plan!.sinks[0]!.options["path"]).toBe(join(dir, "out.jsonl"));
  });

  it("tells that a file is missing", async () => {
    expect(await problemOf("nope.jsonc")).toBe("DIR/nope.jsonc: no such file");
    expect(await problemOf("name.txt/mon.jsonc")).toMatch(/no such file/);
  });

  it("refuses a directory", async () => {
    await mkdir(join(dir, "folder"));
    expect(await problemOf("folder")).toBe("DIR/folder: this is a directory, not a file");
  });

  it("refuses a device", async () => {
    await symlink("/dev/zero", join(dir, "zero"));
    expect(await problemOf("zero")).toBe("DIR/zero: this is neither a file nor a pipe");
  });

  it("refuses a loop of links", async () => {
    await symlink("loop", join(dir, "loop"));
    expect(await problemOf("loop")).toBe("DIR/loop: too many symbolic links");
  });

  it("refuses a file that is far too large, in a moment", async () => {
    const started = performance.now();
    expect(await problemOf("large.jsonc", " ".repeat(10_000_000))).toBe(
      "DIR/large.jsonc: the file is larger than 1024 KiB",
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("tells where a file is not UTF-8", async () => {
    const bytes = new Uint8Array([0x7b, 0x0a, 0x22, 0xc3, 0xa9, 0xff, 0x22, 0x7d]);
    expect(await problemOf("latin.jsonc", bytes)).toBe("DIR/latin.jsonc:2:3: the file is not valid UTF-8");
  });

  it("refuses an empty file", async () => {
    expect(await problemOf("empty.jsonc", "")).toBe("DIR/empty.jsonc:1:1: expected a value");
  });

  it("reads from a pipe", async () => {
    execFileSync("mkfifo", [join(dir, "fifo")]);
    const [problem] = await Promise.all([problemOf("fifo"), writeFile(join(dir, "fifo"), "[]")]);
    expect(problem).toBe("DIR/fifo:1:1: expected an object with sources, transforms, sinks");
  });

  it.skipIf(process.getuid?.() === 0)("tells that it may not read a file", async () => {
    await writeFile(join(dir, "locked.jsonc"), "{}");
    await chmod(join(dir, "locked.jsonc"), 0);
    expect(await problemOf("locked.jsonc")).toBe("DIR/locked.jsonc: permission to read the file is denied");
  });
});
