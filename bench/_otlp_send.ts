/**
 * One run for bench/otlp.ts: ROUNDS times the calls of CAPTURE by WHAT to URL: `sink`, the whole sink with its disk buffer;
 * `encode`, without the buffer; `stringify`, plain objects by JSON.stringify, gzip and fetch. Prints spans, bytes and seconds.
 */
import process from "node:process";
import { gzipSync } from "node:zlib";
import { source } from "../mod.ts";
import type { Context } from "../pipeline/component.ts";
import { judgeByStatus } from "../pipeline/delivery/mod.ts";
import type { Batch } from "../pipeline/event.ts";
import { OtlpCourier } from "../sinks/otlp/courier.ts";
import { ENCODINGS } from "../sinks/otlp/encoding.ts";
import otlp from "../sinks/otlp/mod.ts";
import { SIGNALS } from "../sinks/otlp/schema.ts";
import { Decoder } from "../transforms/jsonrpc/decoder.ts";
import { options as decoding } from "../transforms/jsonrpc/options.ts";
import { Follower } from "../transforms/mcp/follower.ts";
import { options as following } from "../transforms/mcp/options.ts";

const [capture, url, what, encodingName, rounds, dir] = Deno.args as [string, string, string, string, string, string];
const encoding = ENCODINGS[encodingName === "protobuf" ? "protobuf" : "json"];
/** Records of one request. */
const REQUEST = 1000;

const decode = new Decoder(decoding.parse({})), follower = new Follower(following.parse({}));
const batches: Batch[] = [];
for await (const chunks of source("replay", { path: capture })) batches.push(follower.run(decode.decode(chunks)));

const courier = new OtlpCourier({
  encoding,
  targets: { traces: { url: `${url}/v1/traces`, headers: {} } },
  scope: { name: "mcpsonde", version: "0" },
  spans: "auto",
  content: 0,
  host: { "host.name": "bench", "os.type": "linux" },
  own: { "service.name": "mcpsonde" },
  isOne: false,
  isDelta: false,
  isOwnDelta: false,
  maxSeries: 2000,
  intervalMs: 60_000,
}, { now: () => Date.now(), isAlive: () => true });

let sent = 0, failed = 0;
async function post(body: Uint8Array, type: string, records: number): Promise<void> {
  const response = await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": type, "content-encoding": "gzip" },
    body: new Uint8Array(gzipSync(body, { level: 1 })),
  });
  await response.arrayBuffer();
  const { outcome } = judgeByStatus({ status: response.status, headers: {}, body: new Uint8Array(0), cut: false });
  if (outcome === "done") sent += records;
  else failed += records;
}

/** The same spans as objects: what is given to JSON.stringify. */
function objects(): unknown[] {
  const spans: unknown[] = [], decoder = new TextDecoder();
  for (const batch of batches) {
    for (const bytes of courier.encode(batch)) {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      spans.push(JSON.parse(decoder.decode(bytes.subarray(13 + view.getUint32(1, true)))));
    }
  }
  return spans;
}

const plain = what === "stringify" ? objects() : [];
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const startedCpu = cpu(), started = performance.now();
if (what === "sink") {
  const log = { info() {}, warn: fail, error: fail };
  let dropped = 0;
  const metrics = { dropped: (_: string, count = 1) => void (dropped += count), error() {}, set: gauge };
  const context: Context = { name: "bench", signal: new AbortController().signal, log, metrics };
  const options = otlp.options.parse({
    endpoint: url,
    encoding: encoding.name,
    signals: ["traces"],
    buffer_dir: dir,
    health_check: false,
  });
  const sink = await otlp.create(options, context);
  await sink((async function* () {
    for (let round = 0; round < Number(rounds); round++) yield* batches;
  })());
  failed += dropped;
} else if (what === "encode") {
  let records: { id: string; time: number; bytes: Uint8Array }[] = [];
  const flush = async () => {
    for (const { body } of courier.requests(records)) await post(body, encoding.contentType, records.length);
    records = [];
  };
  for (let round = 0; round < Number(rounds); round++) {
    for (const batch of batches) {
      for (const bytes of courier.encode(batch)) {
        records.push({ id: "", time: 0, bytes: bytes.slice() });
        if (records.length === REQUEST) await flush();
      }
    }
  }
  await flush();
} else {
  const { outer, scope, inner } = SIGNALS.traces;
  for (let round = 0; round < Number(rounds); round++) {
    for (let k = 0; k < plain.length; k += REQUEST) {
      const spans = plain.slice(k, k + REQUEST);
      const text = JSON.stringify({ [outer]: [{ resource: { attributes: [] }, [scope]: [{ [inner]: spans }] }] });
      await post(new TextEncoder().encode(text), "application/json", spans.length);
    }
  }
}
const seconds = (performance.now() - started) / 1000;
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ sent, failed, seconds, cpu: cpu() - startedCpu })));
Deno.exit(0);

function gauge(name: string, value: number): void {
  if (name === "delivered" || name === "records_delivered") sent = value;
}

function fail(message: string): never {
  throw new Error(message);
}
