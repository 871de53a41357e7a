/**
 * What it costs the watched: a captured 300-byte write and an unrelated system call, with mcpsonde and without, in turns.
 * Left out: what the capture takes from other cores, and caches that the ring displaces.
 *
 * @module
 */
import { Monitor } from "../tests/e2e/_harness/monitor.ts";
import { type Figure, native, output, report, sleep, spread } from "./_bench.ts";

const ROUNDS = 7;
const CASES: { args: string[]; what: string; most: number; held?: boolean }[] = [
  { args: ["write", "50000", "1000"], what: "A captured 300-byte write, 100 each ms", most: 1000 },
  { args: ["write", "100000"], what: "A captured 300-byte write, back to back, mcpsonde held", most: 1000, held: true },
  { args: ["write", "200000"], what: "A captured 300-byte write, back to back", most: 1000 },
  { args: ["plain", "200000"], what: "A 300-byte write that is not MCP", most: 1000 },
  { args: ["tcp", "100000"], what: "A 300-byte write over TCP that is not HTTP", most: 1000 },
  { args: ["getppid", "2000000"], what: "An unrelated system call", most: 120 },
];

const program = await native("cost");
const bare = CASES.map((): number[] => []), watched = CASES.map((): number[] => []);

/** With a monitor that is held, the kernel's part alone is measured: its ring has room for all of it. */
async function round(into: readonly number[][], monitor?: Monitor): Promise<void> {
  for (const [i, { args, held }] of CASES.entries()) {
    const signal = (name: Deno.Signal) => monitor && held && Deno.kill(monitor.pid, name);
    signal("SIGSTOP");
    into[i]?.push(Number(await output(program, ...args)));
    signal("SIGCONT");
  }
}

for (let i = 0; i < ROUNDS; i++) {
  await round(bare);
  await using monitor = await Monitor.start({ jsonl: { raw: false } });
  await sleep(300);
  await round(watched, monitor);
}

report(
  "cost",
  CASES.map(({ what, most }, i): Figure => {
    const without = spread(bare[i] ?? []), withIt = spread(watched[i] ?? []);
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
