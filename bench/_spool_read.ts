/**
 * One run of bench/spool.ts: `_spool_read.ts source|jsonrpc|plain DIR EVENTS` reads a spool until so many events have come
 * and prints what it took, as JSON. `lag DIR EVENTS` prints how long after their times events came, in milliseconds.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { source, transform } from "../mod.ts";
import { cpuSeconds } from "./_bench.ts";

const [mode, dir, count] = Deno.args as [string, string, string];
const wanted = Number(count), stop = new AbortController();
const began = performance.now(), loaded = cpuSeconds(Deno.pid);
let events = 0;
/** When the first events came: what loads code is not part of it. */
let first: { readonly events: number; readonly cpu: number } | undefined;
const lags: number[] = [];

if (mode === "plain") {
  for (const name of readdirSync(dir)) {
    for (const line of readFileSync(join(dir, name), "utf8").split("\n")) {
      if (line !== "" && JSON.parse(line).event !== undefined) events++;
    }
  }
} else {
  const spool = source("spool", { dir, from: "start" }, { signal: stop.signal });
  const stream = mode === "jsonrpc" ? transform("jsonrpc")(spool) : spool;
  for await (const batch of stream) {
    const now = performance.timeOrigin + performance.now();
    for (let k = 0; k < batch.length; k++) {
      const event = batch[k]!;
      if (event.kind !== "sensor" && event.kind !== "mcp" && event.kind !== "chunk") continue;
      if (event.kind === "chunk" && event.eof) continue;
      events++;
      if (mode === "lag") lags.push(now - event.time);
    }
    if (events > 0) first ??= { events, cpu: cpuSeconds(Deno.pid) };
    if (events >= wanted) break;
  }
  stop.abort();
}
const seconds = (performance.now() - began) / 1000;
const cpu = cpuSeconds(Deno.pid) - (first?.cpu ?? loaded), counted = events - (first?.events ?? 0);
lags.sort((a, b) => a - b);
const at = (part: number) => lags[Math.floor((lags.length - 1) * part)];
Deno.stdout.writeSync(
  new TextEncoder().encode(
    JSON.stringify({ events, seconds, perSecond: counted / cpu, p50: at(0.5), p99: at(0.99), max: at(1) }),
  ),
);
Deno.exit(0);
