/**
 * How long from starting mcpsonde until the first message of a session that is under way stands in the file.
 *
 * @module
 */
import { join } from "node:path";
import { mcpsonde } from "../tests/e2e/_harness/process.ts";
import { native, report, sleep, spread } from "./_bench.ts";

const ROUNDS = 7;

async function start(): Promise<number> {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "mon.jsonc"), path = join(folder, "out.jsonl");
  await Deno.writeTextFile(
    file,
    JSON.stringify({
      sources: { kernel: { type: "ebpf" } },
      transforms: [{ type: "jsonrpc" }],
      sinks: { file: { type: "jsonl", path } },
    }),
  );
  const [program = "", ...args] = mcpsonde("--pipeline", file);
  const began = performance.now();
  const child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  while (!await Deno.stat(path).then(({ size }) => size > 0, () => false)) await sleep(2);
  const took = performance.now() - began;
  child.kill("SIGINT");
  await child.status;
  await Deno.remove(folder, { recursive: true });
  return took;
}

const talk = new Deno.Command(await native("writer"), { args: ["10000000", "300", "1000"], stdout: "null" }).spawn();
await sleep(200);
const times: number[] = [];
for (let i = 0; i < ROUNDS; i++) times.push(await start());
talk.kill("SIGKILL");
await talk.status;
const { min, median } = spread(times);
report("start", [{
  what: "Start to the first captured message on disk",
  measured: `${median.toFixed(0)} ms (least ${min.toFixed(0)} ms)`,
  target: "under 1,000 ms",
  ok: median < 1000,
}]);
