/**
 * What the Python sensor costs a server of mcp 1.x, beside none and, if its virtual environment is named by
 * `BLUEROCK_VENV` (`pip install "bluerock[oss]" "mcp<2"`), BlueRock: all in turns, in one run.
 *
 * @module
 */
import { join } from "node:path";
import { BOOTSTRAP, PACKAGE } from "../tests/hooks/_python/run.ts";
import { install } from "../tests/e2e/_harness/peers.ts";
import { type Figure, output, report, spread } from "./_bench.ts";

const SERVER = new URL("../tests/hooks/_python/server.py", import.meta.url).pathname;
const script = (name: string) => new URL(`sensor/${name}.py`, import.meta.url).pathname;
/** Rounds of 40 calls, and starts. */
const ROUNDS = Number(Deno.env.get("ROUNDS") ?? 40), STARTS = Number(Deno.env.get("STARTS") ?? 15);

/** What was measured of one server, for each round: milliseconds, and those of processor time. */
interface Times {
  readonly ms: readonly number[];
  readonly cpu: readonly number[];
}

const folder = await Deno.makeTempDir({ prefix: "mcpsonde-bench-" });
const python = join(await install("python1"), "python1", "venv", "bin", "python");
const home = (name: string) => {
  const path = join(folder, name);
  Deno.mkdirSync(path);
  return { HOME: path };
};
const servers: Record<string, unknown> = {
  bare: { command: python, args: [SERVER], env: home("bare") },
  sensor: { command: python, args: [SERVER], env: { ...home("sensor"), PYTHONPATH: BOOTSTRAP } },
};
const venv = Deno.env.get("BLUEROCK_VENV");
if (venv !== undefined) {
  const args = ["-m", "bluerock", "--oss", SERVER];
  servers.bluerock = { command: join(venv, "bin", "python"), args, env: home("bluerock") };
}

const median = (values: readonly number[]) => spread([...values]).median;

/** By server: the median over all rounds of what it took beyond, or in relation to, the bare one in the same round. */
function against(times: Readonly<Record<string, Times>>, name: string, what: keyof Times, relation: "ratio" | "more") {
  const bare = times.bare?.[what] ?? [];
  const pairs = (times[name]?.[what] ?? []).map((value, k) => {
    const other = bare[k] ?? NaN;
    return relation === "ratio" ? (value / other - 1) * 100 : value - other;
  });
  return median(pairs);
}

const run = async (name: string, ...args: string[]) => JSON.parse(await output(python, script(name), ...args));
const calls = await run("latency", String(ROUNDS), JSON.stringify(servers)) as Record<string, Times>;
const starts = await run("start", String(STARTS), JSON.stringify(servers)) as Record<string, Times>;
const spool = join(folder, "spool");
const written = JSON.parse(
  await output("env", `PYTHONPATH=${PACKAGE}`, "python3", script("writer"), spool),
) as { events: number; seconds: number; line: number; dropped: number };
await Deno.remove(folder, { recursive: true });

const signed = (value: number, digits = 0) => `${value < 0 ? "" : "+"}${value.toFixed(digits)}`;
const besides = (of: (name: string) => string) => venv === undefined ? "" : `; BlueRock ${of("bluerock")}`;
const latency = against(calls, "sensor", "ms", "ratio"), start = against(starts, "sensor", "ms", "more");
const rate = written.events / written.seconds;
const figures: Figure[] = [
  {
    what: "Python sensor: tool call over stdio, mean",
    measured: `${signed(latency, 1)} % (processor time ${signed(against(calls, "sensor", "cpu", "ratio"), 1)} %)` +
      besides((name) => `${signed(against(calls, name, "ms", "ratio"), 1)} %`),
    baseline: `${median(calls.bare?.ms ?? []).toFixed(2)} ms`,
    target: "at most +8 %",
    ok: latency <= 8,
  },
  {
    what: "Python sensor: start of an MCP server",
    measured: `${signed(start)} ms (processor time ${signed(against(starts, "sensor", "cpu", "more"))} ms)` +
      besides((name) => `${signed(against(starts, name, "ms", "more"))} ms`),
    baseline: `${median(starts.bare?.ms ?? []).toFixed(0)} ms`,
    target: "at most +60 ms",
    ok: start <= 60,
  },
  {
    what: `Python sensor: events of ${written.line.toFixed(0)} bytes written`,
    measured: `${Math.round(rate).toLocaleString("en")}/s`,
    target: "60,000/s or more",
    ok: rate >= 60_000 && written.dropped === 0,
  },
];
report("sensor_python", figures);
