/**
 * What it costs the watched: a captured 300-byte write and an unrelated system call, with mcpsonde and without, in turns.
 * Left out: what the capture takes from other cores, and caches that the ring displaces.
 *
 * @module
 */
import { Monitor } from "../tests/e2e/_harness/monitor.ts";
import { type Figure, native, output, report, sleep, spread } from "./_bench.ts";

const ROUNDS = 7;
const CASES = [
  { call: "write", count: 200_000, what: "A captured 300-byte write", most: 1000 },
  { call: "plain", count: 200_000, what: "A 300-byte write that is not MCP", most: 1000 },
  { call: "getppid", count: 2_000_000, what: "An unrelated system call", most: 120 },
] as const;

const program = await native("cost");
const measure = async (call: string, count: number) => Number(await output(program, call, String(count)));
const bare = new Map<string, number[]>(), watched = new Map<string, number[]>();

async function round(into: Map<string, number[]>): Promise<void> {
  for (const { call, count } of CASES) into.set(call, [...into.get(call) ?? [], await measure(call, count)]);
}

for (let i = 0; i < ROUNDS; i++) {
  await round(bare);
  await using _monitor = await Monitor.start({ jsonl: { raw: false } });
  await sleep(300);
  await round(watched);
}

report(
  "cost",
  CASES.map(({ call, what, most }): Figure => {
    const without = spread(bare.get(call) ?? []), withIt = spread(watched.get(call) ?? []);
    const more = withIt.median - without.median, least = withIt.min - without.min;
    return {
      what,
      measured: `+${more.toFixed(0)} ns (median; least against least +${least.toFixed(0)} ns)`,
      baseline: `${without.median.toFixed(0)} ns`,
      target: `at most +${most} ns`,
      ok: Math.min(more, least) <= most,
    };
  }),
);
