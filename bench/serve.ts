/**
 * What the `serve` sink costs: events a second that it takes with a reader of the stream of changes, by processor time of all
 * threads, against the same sink without a reader and against the store alone; what a message costs at 5,000 messages a
 * second; and how long the page's first question takes with 100,000 calls stored. Runs alternate, the best of each counts.
 * `deno run -A bench/serve.ts [--json]`
 *
 * What it leaves out: making the events (bench/mcp.ts measures that); reading in another process takes processor time there.
 */
import { join } from "node:path";
import { pinned, report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 200_000, CALLS = 100_000, ROUNDS = 3, RATE = 5000;

interface Run {
  readonly events: number;
  readonly seconds: number;
  readonly seen: number;
}

const here = (name: string) => new URL(name, import.meta.url).pathname;
const run = async (script: string, ...args: string[]) => {
  return JSON.parse(await pinned(Deno.execPath(), "run", "-A", "--no-check", "--no-lock", here(script), ...args));
};

const dir = await Deno.makeTempDir({ prefix: "mcpsonde-serve-" });
try {
  const capture = join(dir, "capture");
  writeCapture(capture, MESSAGES);
  const best: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const mode of ["none", "store", "sink", "read"]) {
      const { events, seconds, seen } = await run("_serve_sink.ts", mode, capture) as Run;
      if (mode === "read" && seen === 0) throw new Error("nothing was read");
      best[mode] = Math.min(best[mode] ?? Infinity, seconds / events);
    }
  }
  const { none = 0, store = 0, sink = 0, read = 0 } = best;
  const { first, again, rates, text } = await run("_serve_ask.ts", String(CALLS)) as Record<string, number>;
  const each = (seconds: number) => `${Math.round(1 / (seconds - none) / 1000)},000/s`;
  const ms = (value = 0) => `${value.toFixed(0)} ms`;
  report("serve", [
    {
      what: "Live page: events into the sink, one reader of changes, one core",
      measured: each(read),
      baseline: `${each(store)}, the store alone`,
    },
    { what: "… without a reader", measured: each(sink) },
    {
      what: "… processor time at 5,000 messages/s",
      measured: `${((read - none) * RATE * 100).toFixed(1)} % of a core`,
      target: "< 15 %",
      ok: (read - none) * RATE < 0.15,
    },
    {
      what: `Live page: first 100 of ${CALLS.toLocaleString("en")} calls, over HTTP: first time; later`,
      measured: `${ms(first)}; ${ms(again)}`,
      target: "< 100 ms",
      ok: (first ?? Infinity) < 100,
    },
    { what: "… rates of all; search of all texts", measured: `${ms(rates)}; ${ms(text)}` },
  ]);
} finally {
  await Deno.remove(dir, { recursive: true });
}
