/**
 * What the Node sensor costs: a tool call over stdio and the start of a server, with it and without it in turn, and how
 * fast it writes.
 *
 * @module
 */
import { join } from "node:path";
import { install } from "../tests/e2e/_harness/peers.ts";
import { output, report, spread } from "./_bench.ts";

const CALLS = 3000, ROUNDS = 5, STARTS = 25;
const REQUIRE = `--require=${new URL("../hooks/node/sensor.cjs", import.meta.url).pathname}`;
const peers = join(await install("typescript1"), "typescript1");
const folder = await Deno.makeTempDir({ prefix: "mcpsonde-bench-" });
const bare = { PATH: Deno.env.get("PATH") ?? "", HOME: folder, MCPSONDE_SPOOL: join(folder, "spool") };
const hooked = { ...bare, NODE_OPTIONS: REQUIRE };

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

async function node(env: Record<string, string>, ...args: string[]): Promise<string> {
  const command = new Deno.Command("node", { args, env, clearEnv: true, stdin: "null", stderr: "inherit" });
  return new TextDecoder().decode((await command.output()).stdout);
}

/** Both servers are called in turn by one client: ratios of means and medians of each round. */
async function calls(): Promise<{ bare: number; mean: number; median: number }> {
  const rounds: { bare: number; mean: number; median: number }[] = [];
  for (let k = 0; k < ROUNDS; k++) {
    const text = await node({ ...bare, SENSOR: REQUIRE }, join(peers, "paired_calls.mjs"), String(CALLS));
    const times = JSON.parse(text) as Record<"bare" | "hooked", number[]>;
    // The slowest hundredth are the machine's.
    const kept = (values: number[]) => values.toSorted((a, b) => a - b).slice(0, Math.floor(values.length * 0.99));
    const [plain, with_] = [kept(times.bare), kept(times.hooked)];
    rounds.push({
      bare: mean(plain),
      mean: mean(with_) / mean(plain),
      median: spread(with_).median / spread(plain).median,
    });
  }
  const of = (name: "bare" | "mean" | "median") => spread(rounds.map((round) => round[name])).median;
  return { bare: of("bare"), mean: of("mean"), median: of("median") };
}

/** Milliseconds from the start of a server until it has answered `initialize`. */
async function start(env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const child = new Deno.Command("node", {
    args: [join(peers, "hook_server.mjs")],
    env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "bench", version: "1" } };
  const writer = child.stdin.getWriter();
  await writer.write(
    new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params }) + "\n"),
  );
  const reader = child.stdout.getReader();
  await reader.read();
  const took = performance.now() - began;
  await writer.close();
  await reader.cancel();
  await child.status;
  return took;
}

async function starts(): Promise<{ bare: number; more: number }> {
  const plain: number[] = [], more: number[] = [];
  for (let k = 0; k < STARTS; k++) {
    const one = await start(bare), other = await start(hooked);
    plain.push(one);
    more.push(other - one);
  }
  return { bare: spread(plain).median, more: spread(more).median };
}

/** Events of 400 bytes written in a second. */
async function writes(): Promise<number> {
  const bundle = join(folder, "writer.mjs");
  const from = new URL("_sensor_writer.ts", import.meta.url).pathname;
  await output(Deno.execPath(), "bundle", "--quiet", "--no-lock", "--platform=deno", "-o", bundle, from);
  let best = 0;
  for (let k = 0; k < ROUNDS; k++) {
    const { events, seconds } = JSON.parse(await node(bare, bundle)) as { events: number; seconds: number };
    best = Math.max(best, events / seconds);
  }
  return best;
}

try {
  const call = await calls(), began = await starts(), rate = await writes();
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;
  report("sensor_node", [{
    what: "Node sensor: a tool call over stdio takes longer by, mean (median)",
    measured: `${percent(call.mean)} (${percent(call.median)})`,
    baseline: `${call.bare.toFixed(3)} ms`,
    target: "at most 8 %",
    ok: call.mean <= 1.08,
  }, {
    what: "Node sensor: a server starts later by",
    measured: `${began.more.toFixed(0)} ms`,
    baseline: `${began.bare.toFixed(0)} ms`,
    target: "at most 60 ms",
    ok: began.more <= 60,
  }, {
    what: "Node sensor: events of 400 B written",
    measured: `${Math.round(rate / 1000)} k/s`,
    target: "at least 60 k/s",
    ok: rate >= 60_000,
  }]);
} finally {
  await Deno.remove(folder, { recursive: true });
}
