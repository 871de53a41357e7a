/** The jsonl sink in a process of its own: killed, cut off from its reader, out of disk. */
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CaptureEncoder } from "../../../protocols/capture/mod.ts";
import { ByteBuffer } from "../../../pipeline/output/byte_buffer.ts";
import { chunk, notification, session } from "../../transforms/jsonrpc/_feed.ts";

const CLI = new URL("../../../cli.ts", import.meta.url).pathname;

let folder: string, capture: string;
beforeEach(async () => {
  folder = await Deno.makeTempDir({ prefix: "mcpsonde-process-" });
  capture = join(folder, "capture");
});
afterEach(() => Deno.remove(folder, { recursive: true }));

/** Records so many notifications. */
async function record(count: number): Promise<void> {
  const out = new ByteBuffer(1 << 16), encoder = new CaptureEncoder(out, 0), { down } = session();
  for (let k = 0; k < count; k++) encoder.chunk(out, chunk(down, notification("x", { k, text: "y".repeat(200) })));
  await Deno.writeFile(capture, out.bytes.subarray(0, out.length));
}

/** Starts a pipeline that replays the capture to JSON lines. */
async function start(sink: Record<string, unknown>, stdout: "piped" | "null" = "null"): Promise<Deno.ChildProcess> {
  const file = join(folder, "pipeline.jsonc");
  const config = {
    sources: { file: { type: "replay", path: capture } },
    transforms: [{ type: "jsonrpc" }],
    sinks: { out: { type: "jsonl", ...sink } },
  };
  await Deno.writeTextFile(file, JSON.stringify(config));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", "--quiet", CLI, "--pipeline", file],
    stdin: "null",
    stdout,
    stderr: "piped",
  }).spawn();
}

describe("jsonl in a process", () => {
  it("leaves whole lines when it is killed, and starts on a new line after that", async () => {
    await record(200_000);
    const path = join(folder, "out.jsonl");
    const child = await start({ path });
    for (;;) {
      const size = await Deno.stat(path).then(({ size }) => size, () => 0);
      if (size > 1 << 20) break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill("SIGKILL");
    await child.status;
    await child.stderr.cancel();
    const lines = (await Deno.readTextFile(path)).split("\n");
    const rest = lines.pop()!;
    for (const line of lines) expect(JSON.parse(line).kind).toBe("mcp");
    // Linux ends a write(2) of a killed process at a page: seen in 2 of 40 kills at full speed. Nothing else may cut.
    if (rest !== "") expect((await Deno.stat(path)).size % 4096).toBe(0);

    await record(3);
    expect((await (await start({ path })).output()).code).toBe(0);
    const after = (await Deno.readTextFile(path)).split("\n");
    expect(after[lines.length]).toBe(rest === "" ? after[lines.length] : rest);
    for (const line of after.slice(-4, -1)) expect(JSON.parse(line).kind).toBe("mcp");
    expect(after).toHaveLength(lines.length + (rest === "" ? 0 : 1) + 4);
  });

  it("ends in good order when the reader of its output goes away", async () => {
    await record(50_000);
    const child = await start({ path: "-" }, "piped");
    const reader = child.stdout.getReader();
    expect((await reader.read()).value!.length).toBeGreaterThan(0);
    await reader.cancel();
    const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("writes to standard output what it writes to a file", async () => {
    await record(5000);
    const path = join(folder, "out.jsonl");
    expect((await (await start({ path })).output()).code).toBe(0);
    const { stdout } = await (await start({ path: "-" }, "piped")).output();
    expect(new TextDecoder().decode(stdout)).toBe(await Deno.readTextFile(path));
  });

  it("ends though the disk stays full, and says what was lost", async () => {
    await record(1000);
    const { code, stderr } = await (await start({ path: "/dev/full" })).output();
    const said = new TextDecoder().decode(stderr);
    expect(said).toMatch(/No space left/);
    expect(said).toMatch(/1000 events could not be written/);
    expect(code).toBeLessThan(2);
  });
});
