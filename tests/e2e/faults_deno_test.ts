/** What mcpsonde does when something is wrong: one clear message, the right exit code, no stack, no loss. */
import { describe, expect, it, onTestFinished } from "vitest";
import { join } from "node:path";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { hold, pair } from "./_harness/peers.ts";
import { type Ended, mcpsonde, run, until } from "./_harness/process.ts";

const EXIT = { ok: 0, failed: 1, usage: 2, machine: 3, forced: 130 } as const;
const FIXTURES = new URL("fixtures/", import.meta.url).pathname;

async function folder(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "mcpsonde-fault-" });
  onTestFinished(() => Deno.remove(path, { recursive: true }));
  return path;
}

/** Runs a pipeline file with this text. */
async function runText(text: string): Promise<Ended & { readonly file: string }> {
  const file = join(await folder(), "mon.jsonc");
  await Deno.writeTextFile(file, text);
  return { file, ...await run(mcpsonde("--pipeline", file)) };
}

/** A pipeline that ends by itself at once: a plug-in source without events, and the parts under test. */
function pipeline(parts: Record<string, unknown>): string {
  return JSON.stringify({
    sources: { nothing: { type: `${FIXTURES}failing_source.ts`, fails: "never" } },
    sinks: { screen: { type: "console", summary: false } },
    ...parts,
  });
}

function expectNoStack({ stderr }: Ended): void {
  expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(stderr).not.toContain("Uncaught");
}

describe("mcpsonde with a mistake in its pipeline file", () => {
  it("tells every mistake at once, each with its place, and exits with 2", async () => {
    const result = await runText(`{
  "sources": { "kernel": { "type": "ebfp" } },
  "transforms": [ { "type": "jsonrpc", "no_such_option": 1 } ],
  "sinks": { "screen": { "type": "console", "verbose": "yes" } }
}`);
    expect(result.code).toBe(EXIT.usage);
    expect(result.stderr).toContain(`${result.file}:2:`);
    expect(result.stderr).toContain("ebpf");
    expect(result.stderr).toContain(`${result.file}:3:`);
    expect(result.stderr).toContain("no_such_option");
    expect(result.stderr).toContain(`${result.file}:4:`);
    expectNoStack(result);
  });

  it("names the file that is not there", async () => {
    const result = await run(mcpsonde("--pipeline", "/no/such/mon.jsonc"));
    expect(result.code).toBe(EXIT.usage);
    expect(result.stderr).toContain("/no/such/mon.jsonc");
    expectNoStack(result);
  });

  it("tells where JSONC is broken", async () => {
    const result = await runText(`{ "sources": { "kernel": { "type": "ebpf" } `);
    expect(result.code).toBe(EXIT.usage);
    expect(result.stderr).toContain(`${result.file}:1:`);
    expectNoStack(result);
  });
});

describe("mcpsonde with a failing plug-in", () => {
  it.each([
    ["does not exist", "no_such_plugin.ts"],
    ["throws while it loads", "throwing_plugin.ts"],
    ["exports no component", "empty_plugin.ts"],
  ])("names one that %s", async (_, name) => {
    const result = await runText(pipeline({ sinks: { mine: { type: FIXTURES + name } } }));
    expect(result.code).toBeGreaterThan(0);
    expect(result.stderr).toContain(name);
    expectNoStack(result);
  });

  it.each(["create", "run"])("names one that throws in its %s", async (fails) => {
    const result = await runText(pipeline({ sources: { mine: { type: `${FIXTURES}failing_source.ts`, fails } } }));
    expect(result.code).toBe(EXIT.failed);
    expect(result.stderr).toContain("sources.mine");
    expect(result.stderr).toContain(`as asked in ${fails}`);
    expectNoStack(result);
  });
});

describe("mcpsonde with a sink that cannot write", () => {
  it("names the path that cannot be opened", async () => {
    const result = await runText(pipeline({ sinks: { file: { type: "jsonl", path: "/dev/null/out.jsonl" } } }));
    expect(result.code).toBe(EXIT.failed);
    expect(result.stderr).toContain("sinks.file");
    expect(result.stderr).toContain("/dev/null/out.jsonl");
    expectNoStack(result);
  });

  it.skipIf(noCapture)("tells that the disk is full, and writes what it kept once there is room", async () => {
    const disk = await folder();
    await run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]);
    onTestFinished(async () => void await run(["umount", "-l", disk]));
    const path = join(disk, "small.jsonl"), ballast = join(disk, "ballast");
    await Deno.writeFile(ballast, new Uint8Array(2 << 20).subarray(200_000));
    await using monitor = await Monitor.start({ sinks: { small: { type: "jsonl", path } } });
    await hold(pair("flood", 2000));
    await until(() => `a word about the disk (${monitor.stderr})`, () => /small.*(space|full)/i.test(monitor.stderr));
    await monitor.settle(); // the other sink is not held up
    expect((await messagesIn(path)).length).toBeLessThan(2000);
    await Deno.remove(ballast);
    await until("all messages on the disk", async () => (await messagesIn(path)).length === 2000);
    await hold(pair("flood", 10));
    expect(await monitor.stop()).toBeLessThan(EXIT.usage);
    expect((await messagesIn(path)).length).toBe(2010);
  }, 60_000);

  it.skipIf(noCapture)("ends in good order when the reader of its output goes away", async () => {
    const file = join(await folder(), "mon.jsonc");
    await Deno.writeTextFile(
      file,
      pipeline({ sources: { kernel: { type: "ebpf" } }, transforms: [{ type: "jsonrpc" }] }),
    );
    const command = mcpsonde("--pipeline", file).map((part) => `'${part}'`).join(" ");
    const piped = run(["bash", "-c", `set -o pipefail; ${command} | head -n 1`]);
    let over = false;
    piped.then(() => over = true);
    await until("the end of mcpsonde", async () => {
      await hold(pair("calls", "pipe", "write", "read", 3));
      return over;
    }, 20_000);
    const result = await piped;
    expect(result.stdout.trim().split("\n")).toHaveLength(1);
    expectNoStack(result);
    expect(result.code).toBe(EXIT.ok);
  }, 60_000);
});

describe.skipIf(noCapture)("mcpsonde when it is killed", () => {
  // Linux ends a write() in which SIGKILL arrives at a page's end; nothing that writes to a file can help that.
  it("leaves whole lines, but for a last one cut at a page's end, which the next run parts from its own", async () => {
    const jsonl = { path: join(await folder(), "out.jsonl") };
    for (let round = 0; round < 4; round++) {
      await using monitor = await Monitor.start({ jsonl });
      const before = await Deno.stat(jsonl.path).then(({ size }) => size);
      const flood = hold(pair("flood", 20_000));
      await until("lines on disk", () => Deno.stat(jsonl.path).then(({ size }) => size > before + 500_000));
      monitor.kill("SIGKILL");
      await monitor.ended();
      await flood;
      const bytes = await Deno.readFile(jsonl.path);
      expect(bytes.at(-1) === 10 || bytes.length % 4096 === 0, `end at ${bytes.length}`).toBe(true);
    }
    const lines = (await Deno.readTextFile(jsonl.path)).split("\n").slice(0, -1);
    const broken = lines.filter((line) => !isJson(line));
    expect(broken.length).toBeLessThan(4);
    expect(lines.length).toBeGreaterThan(2000);
  }, 60_000);

  it("delivers what is in flight after the first signal and exits with 0", async () => {
    await using monitor = await Monitor.start();
    await hold(pair("flood", 20_000));
    expect(await monitor.stop()).toBe(EXIT.ok);
    const seen = monitor.lines().filter(({ kind, method }) => kind === "mcp" && method === "n");
    expect(seen.length).toBe(20_000);
  }, 60_000);

  it("leaves at once after the second signal", async () => {
    await using monitor = await Monitor.start({ sinks: { stuck: { type: `${FIXTURES}stuck_sink.ts` } } });
    monitor.kill("SIGINT");
    await until("a word that it is finishing", () => monitor.stderr.includes("finishing"));
    monitor.kill("SIGINT");
    expect((await monitor.ended()).code).toBe(EXIT.forced);
  });
});

describe.skipIf(noCapture)("mcpsonde on a machine that does not let it capture", () => {
  const WITHOUT = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--"];

  it.each([
    ["a pipeline file", () => ["--pipeline", `${FIXTURES}kernel.jsonc`]],
    ["no arguments", () => []],
  ])("says in one sentence what rights it needs, given %s, and exits with 3", async (_, args) => {
    const result = await run([...WITHOUT, ...mcpsonde(...args())]);
    expect(result.code).toBe(EXIT.machine);
    expect(result.stderr).toMatch(/run as root, or give the process CAP_BPF and CAP_PERFMON/);
    expectNoStack(result);
  });

  it("says that an eBPF object cannot be loaded", async () => {
    const object = join(await folder(), "broken.o");
    await Deno.writeTextFile(object, "this is no ELF file");
    const result = await runText(pipeline({ sources: { kernel: { type: "ebpf", object } } }));
    expect(result.code).toBe(EXIT.machine);
    expect(result.stderr).toMatch(/object/);
    expectNoStack(result);
  });

  it("says that libbpf cannot be loaded", async () => {
    const result = await runText(pipeline({ sources: { kernel: { type: "ebpf", libbpf: "/no/libbpf.so.1" } } }));
    expect(result.code).toBe(EXIT.machine);
    expect(result.stderr).toContain("/no/libbpf.so.1");
    expectNoStack(result);
  });
});

describe("the launcher", () => {
  it("works from another folder and through a symlink", async () => {
    const link = join(await folder(), "sonde");
    await Deno.symlink(`${REPOSITORY}mcpsonde`, link);
    const result = await run([link, "--version"], { cwd: "/" });
    expect(result.code, result.stderr).toBe(EXIT.ok);
    expect(result.stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The numbers of the `flood` scenario's messages in a file. */
async function messagesIn(path: string): Promise<number[]> {
  const lines = wholeLines(await Deno.readTextFile(path)).map((line) => JSON.parse(line));
  return lines.filter(({ method }) => method === "n").map(({ params }) => params.i);
}

function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}
