/**
 * How many spans a second the `otlp` sink delivers on one core, compressed: all of it, with the disk buffer, from decoded
 * calls to a receiver that runs on another core and only reads. Against JSON.stringify of the same spans as objects, gzip
 * and fetch. The runs alternate, the best of each counts; rates are by processor time, all threads together, as others may use
 * the machine. `deno run -A bench/otlp.ts [--json]`
 *
 * What it leaves out: making the calls (decode, mcp), which bench/mcp.ts measures; a quarter of them are `resources/read` with a
 * trace context, the rest `tools/call`, one in fifty fails. The disk buffer lies in the temporary folder, without fsync.
 */
import { join } from "node:path";
import { pinned, report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 50_000, REPEAT = 8, ROUNDS = 3;

interface Run {
  readonly sent: number;
  readonly failed: number;
  /** Of processor time, all threads together: others may use the machine. */
  readonly cpu: number;
}

const here = (name: string) => new URL(name, import.meta.url).pathname;
const folder = await Deno.makeTempDir({ prefix: "mcpsonde-otlp-" });
const args = ["run", "-A", "--no-check", "--no-lock", here("_otlp_receive.ts")];
const receiver = new Deno.Command("taskset", { args: ["-c", "0", Deno.execPath(), ...args], stdout: "piped" }).spawn();
try {
  const reader = receiver.stdout.getReader();
  const { value } = await reader.read();
  const url = `http://127.0.0.1:${new TextDecoder().decode(value).trim()}`;
  const capture = join(folder, "capture");
  writeCapture(capture, MESSAGES);
  const best: Record<string, number> = {};
  const run = async (name: string, what: string, encoding: string) => {
    const dir = await Deno.makeTempDir({ dir: folder });
    const script = ["run", "-A", "--no-check", "--no-lock", here("_otlp_send.ts")];
    const text = await pinned(Deno.execPath(), ...script, capture, url, what, encoding, String(REPEAT), dir);
    const { sent, failed, cpu } = JSON.parse(text) as Run;
    if (failed > 0 || sent === 0) throw new Error(`${name}: ${sent} spans delivered, ${failed} not`);
    best[name] = Math.max(best[name] ?? 0, sent / cpu);
  };
  for (let round = 0; round < ROUNDS; round++) {
    await run("json", "sink", "json");
    await run("plain", "stringify", "json");
    await run("protobuf", "sink", "protobuf");
    await run("encode", "encode", "json");
  }
  const each = (rate = 0) => `${Math.round(rate / 1000)},000/s`;
  const { json = 0, protobuf = 0, plain = 0, encode = 0 } = best;
  report("otlp", [
    {
      what: "OTLP: spans delivered, JSON, gzip, disk buffer, one core",
      measured: each(json),
      baseline: `${each(plain)}, JSON.stringify, gzip and fetch`,
      target: "≥ 100,000/s",
      ok: json >= 100_000,
    },
    { what: "… protobuf", measured: each(protobuf), target: "≥ 100,000/s", ok: protobuf >= 100_000 },
    { what: "… without the disk buffer", measured: each(encode) },
  ]);
} finally {
  receiver.kill();
  await receiver.status;
  await Deno.remove(folder, { recursive: true });
}
