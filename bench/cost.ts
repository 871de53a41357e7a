/**
 * What it costs the watched: a captured 300-byte write and an unrelated system call, with mcpsonde and without, in turns.
 * So that the least that is possible shows, too: what they cost with a program on the same tracepoint that does nothing.
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
/** Of these, what an empty program on the same tracepoint costs is shown as well. */
const FLOORS = ["write", "getppid"].map((name) => CASES.findLastIndex(({ args }) => args[0] === name));

const program = await native("cost"), nothing = await native("empty");
const times = () => CASES.map((): number[] => []);
const bare = times(), empty = times(), watched = times();

async function measure(into: readonly number[][], i: number): Promise<void> {
  into[i]?.push(Number(await output(program, ...CASES[i]?.args ?? [])));
}

/** With a program on the tracepoint that does nothing. */
async function floors(): Promise<void> {
  await using process = new Deno.Command(nothing, { stdin: "piped", stdout: "piped" }).spawn();
  const lines = process.stdout.getReader();
  const { done } = await lines.read();
  if (done) throw new Error("An empty program cannot be attached");
  for (const i of FLOORS) await measure(empty, i);
  await process.stdin.close();
  await lines.cancel();
}

/** With a monitor that is held, the kernel's part alone is measured: its ring has room for all of it. */
async function watch(monitor: Monitor): Promise<void> {
  for (const [i, { held }] of CASES.entries()) {
    const signal = (name: Deno.Signal) => held && Deno.kill(monitor.pid, name);
    signal("SIGSTOP");
    await measure(watched, i);
    signal("SIGCONT");
  }
}

/** What is more than bare: the medians decide, the least times are shown. */
function figure(
  what: string,
  without: readonly number[],
  withIt: readonly number[],
  most?: number,
): Figure {
  const before = spread(without), after = spread(withIt);
  const more = after.median - before.median, least = after.min - before.min;
  return {
    what,
    measured: `${nanos(more)} (median; least against least ${nanos(least)})`,
    baseline: `${before.median.toFixed(0)} ns`,
    ...(most === undefined ? {} : { target: `at most +${most} ns`, ok: more <= most }),
  };
}

function nanos(more: number): string {
  return `${more < 0 ? "−" : "+"}${Math.abs(more).toFixed(0)} ns`;
}

for (let round = 0; round < ROUNDS; round++) {
  for (const i of CASES.keys()) await measure(bare, i);
  await floors();
  await using monitor = await Monitor.start({ jsonl: { raw: false } });
  await sleep(300);
  await watch(monitor);
}

const of = (times: readonly number[][], i: number) => times[i] ?? [];
report("cost", [
  ...CASES.map(({ what, most }, i) => figure(what, of(bare, i), of(watched, i), most)),
  ...FLOORS.map((i) =>
    figure(`${CASES[i]?.what}: with an empty program on the same tracepoint instead`, of(bare, i), of(empty, i))
  ),
]);
