/**
 * `deno task fuzz [NAME...] [--seconds N] [--seed N]`: fuzzes what takes bytes of others, 60 seconds each. `deno task fuzz NAME FILE`
 * runs one input again.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { fuzz, type FuzzTarget, targets } from "./_fuzz.ts";

const encoder = new TextEncoder();
const say = (line: string): void => void Deno.stdout.writeSync(encoder.encode(`${line}\n`));
const crashes = new URL("crashes/", import.meta.url).pathname;

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: { seconds: { type: "string", default: "60" }, seed: { type: "string" } },
});
const all = await targets();
const [first, file] = positionals;
const again = first === undefined ? undefined : all.get(first);
const unknown = positionals.filter((name) => !all.has(name));
if (again && file !== undefined && !all.has(file) && positionals.length === 2) {
  await again.run(Deno.readFileSync(file));
  say(`${again.name}: ${file} passes`);
} else if (unknown.length > 0) {
  say(`unknown: ${unknown.join(", ")}; expected ${[...all.keys()].join(", ")}`);
  Deno.exitCode = 2;
} else {
  const seconds = Number(values.seconds), seed = Number(values.seed ?? Date.now() >>> 0);
  for (const [name, target] of all) {
    if (positionals.length === 0 || positionals.includes(name)) await run(target, seconds, seed);
  }
}

async function run(target: FuzzTarget, seconds: number, seed: number): Promise<void> {
  const { name } = target, { runs, seconds: took, crash } = await fuzz(target, seconds, seed);
  say(`${name}: ${runs} runs in ${took.toFixed(1)} s, ${Math.round(runs / took)}/s, seed ${seed}`);
  if (crash === undefined) return;
  Deno.mkdirSync(crashes, { recursive: true });
  const path = `${crashes}${name}-${Date.now()}`;
  Deno.writeFileSync(path, crash.data);
  say(crash.error instanceof Error ? crash.error.stack ?? crash.error.message : String(crash.error));
  say(`again: deno task fuzz ${name} ${path}`);
  Deno.exitCode = 1;
}
