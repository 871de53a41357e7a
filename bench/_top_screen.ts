/**
 * Takes messages of a capture at 5,000 a second and drops them, keeps them, or shows them on the screen of `mcpsonde top` as
 * well; then writes what it took: `deno run -A bench/_top_screen.ts CAPTURE drop|keep|show OUT`.
 */
import process from "node:process";
import { LocalFeed } from "../pipeline/feed/local.ts";
import type { Batch, Event } from "../pipeline/event.ts";
import { Store } from "../pipeline/store/store.ts";
import { pipe, source, transform } from "../mod.ts";
import { showScreen } from "../commands/_top/screen.ts";

const PER_SECOND = 5000, STEP_MS = 20, SECONDS = 20;
const [path = "", mode = "show", out = ""] = Deno.args;

/** So many events at a time, at their rate, until time is up. */
async function* paced(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  const started = performance.now();
  let sent = 0, waiting: Event[] = [];
  for await (const batch of batches) {
    for (const event of batch) {
      if (waiting.push(event) < PER_SECOND * STEP_MS / 1000) continue;
      yield waiting;
      sent += waiting.length;
      waiting = [];
      if (sent >= PER_SECOND * SECONDS) return;
      const early = sent * 1000 / PER_SECOND - (performance.now() - started);
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    }
  }
}

const store = await Store.open(":memory:");
const stop = new AbortController();
const showing = mode === "show"
  ? showScreen({
    feed: new LocalFeed(store, { title: "a benchmark" }),
    mode: "live",
    env: Deno.env.toObject(),
    stop: stop.signal,
  })
  : Promise.resolve();
const before = process.cpuUsage();
const memory: number[] = [];
const timer = setInterval(() => memory.push(process.memoryUsage().rss), 1000);
await pipe(paced(source("replay", { path })), transform("jsonrpc"), transform("mcp"), async (input) => {
  for await (const batch of input) {
    if (mode === "drop") continue;
    store.add(batch);
    store.prune({ maxCalls: 20_000 });
  }
});
const { user, system } = process.cpuUsage(before);
clearInterval(timer);
stop.abort();
await showing;
const mib = memory.map((bytes) => Math.round(bytes / 1024 / 1024));
await Deno.writeTextFile(out, JSON.stringify({ share: (user + system) / 1e6 / SECONDS, mib }));
Deno.exit();
