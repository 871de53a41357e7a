/**
 * Child of bench/serve.ts: gives a capture's events to the sink or to a part of it; prints JSON.
 * `deno run -A bench/_serve_sink.ts sink|read|store|none CAPTURE`
 */
import { request } from "node:http";
import process from "node:process";
import type { Batch } from "../pipeline/event.ts";
import { NodeMetrics } from "../pipeline/metrics.ts";
import { pipe, source, transform } from "../pipeline/mod.ts";
import { Store } from "../pipeline/store/store.ts";
import { options as schema } from "../sinks/serve/options.ts";
import { serveSink } from "../sinks/serve/sink.ts";

const [mode = "", capture = ""] = Deno.args;
const TOKEN = "a-token-for-the-benchmark";

const batches: Batch[] = [];
const stages = ["jsonrpc", "mcp"].map((type) => transform(type));
await pipe(source("replay", { path: capture }), ...stages, async (input) => {
  for await (const batch of input) batches.push(batch);
});
const events = batches.reduce((sum, { length }) => sum + length, 0);

async function* given(): AsyncGenerator<Batch> {
  for (const batch of batches) {
    for (let k = 0; k < batch.length; k += 500) {
      yield batch.slice(k, k + 500);
      await new Promise((resolve) => setImmediate(resolve)); // as a pipeline does: readers get their turn
    }
  }
}

let seen = 0, bytes = 0;
const log = { info: () => {}, warn: () => {}, error: (message: string) => tell(2, message) };
const stop = new AbortController();

async function sink(isRead: boolean): Promise<number> {
  let port = 0;
  const context = { name: "page", signal: stop.signal, log, metrics: new NodeMetrics("sinks.page", "serve") };
  const options = schema.parse({ listen: "127.0.0.1:0", token: TOKEN });
  const sink = await serveSink(options, context, ({ url }) => port = Number(new URL(url).port));
  if (isRead) await reader(port);
  return await timed(() => sink(given()));
}

function reader(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    request({ host: "127.0.0.1", port, path: "/api/v1/changes", headers, agent: false }, (answer) => {
      answer.on("data", (chunk: Uint8Array) => {
        seen++;
        bytes += chunk.length;
      }).on("error", () => {});
      resolve();
    }).on("error", reject).end();
  });
}

async function timed(act: () => Promise<void>): Promise<number> {
  const before = cpu();
  await act();
  return cpu() - before;
}

/** Seconds of processor time of all threads. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

let seconds = 0;
if (mode === "store") {
  const store = await Store.open(":memory:");
  seconds = await timed(async () => {
    for await (const batch of given()) store.add(batch);
  });
} else if (mode === "none") {
  seconds = await timed(async () => {
    for await (const batch of given()) batch.length;
  });
} else seconds = await sink(mode === "read");
tell(1, JSON.stringify({ events, seconds, seen, bytes }));
Deno.exit(0);

function tell(descriptor: 1 | 2, text: string): void {
  const stream = descriptor === 1 ? Deno.stdout : Deno.stderr;
  stream.writeSync(new TextEncoder().encode(`${text}\n`));
}
