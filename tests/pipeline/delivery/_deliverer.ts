/**
 * A process that delivers numbers until it is killed: `deno run _deliverer.ts DIR URL START [COUNT]`. It writes `> N` before it
 * hands on the numbers below N, and `+ N` once the sink has taken them. With COUNT it ends by itself.
 */
import { Buffer } from "node:buffer";
import { writeSync } from "node:fs";
import { z } from "zod";
import type { Batch } from "../../../pipeline/event.ts";
import { deliveryOptions, deliverySink } from "../../../pipeline/delivery/mod.ts";

const [dir = "", url = "", start = "0", count] = Deno.args;
const say = (line: string) => void writeSync(1, new TextEncoder().encode(`${line}\n`));
const options = z.strictObject(deliveryOptions).parse({
  buffer_dir: dir,
  buffer_bytes: 1 << 20,
  batch_events: 40,
  batch_ms: 2,
  retry: { initial_ms: 1, max_ms: 20 },
  timeout_ms: 2000,
  concurrency: 3,
  health_check: false,
  shutdown_ms: 20_000,
});
const sink = await deliverySink(
  {
    format: "numbers/1",
    endpoint: url,
    *encode(batch) {
      for (const event of batch) yield new TextEncoder().encode(event.kind === "gap" ? event.message : "");
    },
    requests: (records) => [{
      url,
      method: "POST",
      headers: {},
      body: Buffer.concat(records.flatMap(({ id, bytes }) => [Buffer.from(`${id} `), bytes, Buffer.from("\n")])),
      records: records.map((_, k) => k),
    }],
  },
  options,
  {
    name: "numbers",
    signal: new AbortController().signal,
    log: { info: () => {}, warn: (message) => say(`? ${message}`), error: (message) => say(`! ${message}`) },
    metrics: { dropped: (reason, events) => say(`! ${reason} ${events}`), error: () => {}, set: () => {} },
  },
);

async function* input(): AsyncGenerator<Batch> {
  const end = count === undefined ? Infinity : Number(start) + Number(count);
  for (let n = Number(start), many = 1; n < end; n += many) {
    many = Math.min(1 + Math.floor(Math.random() * 30), end - n);
    say(`> ${n + many}`);
    yield Array.from({ length: many }, (_, k) => ({
      kind: "gap",
      time: 0,
      source: "test",
      reason: "test",
      message: `${n + k} ${"x".repeat((n + k) % 500)}`,
    }));
    say(`+ ${n + many}`);
    if (Math.random() < 0.3) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
say("ready");
await sink(input());
