/** One run for bench/decode.ts: CAPTURE to OUT by a loop of TextDecoder, JSON.parse, JSON.stringify. Prints seconds. */
import { builtins } from "../pipeline/mod.ts";
import type { ChunkEvent, Process, Source, Stream } from "../pipeline/mod.ts";

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

interface Asked {
  readonly time: number;
  readonly type: "request";
  readonly id: number | string;
  readonly method: string;
  readonly params: unknown;
}

const [capture, out] = Deno.args as [string, string];
const context = {
  name: "replay",
  signal: new AbortController().signal,
  log: { info() {}, warn() {}, error() {} },
  metrics: { dropped() {}, error() {}, set() {} },
};
const declaration = await builtins().get("source", "replay");
const source = await declaration!.create(declaration!.options.parse({ path: capture }), context) as Source;

const started = performance.now();
const decoder = new TextDecoder(), encoder = new TextEncoder();
const rest = new Map<Stream, Uint8Array>();
const asked = new Map<Stream, Map<number | string, Asked>>();
let lines: string[] = [];
using file = Deno.openSync(out, { write: true, create: true });
for await (const batch of source) {
  for (const event of batch) if (event.kind === "chunk") chunk(event);
  file.writeSync(encoder.encode(lines.join("")));
  lines = [];
}
Deno.stdout.writeSync(encoder.encode(String((performance.now() - started) / 1000)));

function chunk(event: ChunkEvent): void {
  const { stream } = event;
  let bytes = event.buffer.subarray(event.start, event.end);
  const before = rest.get(stream);
  if (before !== undefined) bytes = join(before, bytes);
  const end = bytes.lastIndexOf(10) + 1;
  if (end < bytes.length) rest.set(stream, bytes.slice(end));
  else if (before !== undefined) rest.delete(stream);
  if (end === 0) return;
  for (const line of decoder.decode(bytes.subarray(0, end - 1)).split("\n")) message(event, JSON.parse(line));
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function message(event: ChunkEvent, { id, method, params, result, error }: Message): void {
  const { stream, process, peer, time } = event;
  const type = method === undefined ? "response" : id === undefined ? "notification" : "request";
  let request: Asked | undefined;
  if (type === "request") {
    let open = asked.get(stream);
    if (open === undefined) asked.set(stream, open = new Map());
    open.set(id!, { time, type, id: id!, method: method!, params });
  } else if (type === "response") {
    const open = asked.get(stream.reverse!);
    request = open?.get(id!);
    open?.delete(id!);
  }
  lines.push(
    JSON.stringify({
      kind: "mcp",
      timestamp: timestamp(time),
      transport_type: "stdio",
      stdio_transport: ends(process!, peer!),
      source: event.source,
      stream: stream.id,
      type,
      id,
      method,
      params,
      result,
      error,
      request: request && { type: request.type, id: request.id, method: request.method, params: request.params },
      latency_ms: request && Math.round((time - request.time) * 1000) / 1000,
    }) + "\n",
  );
}

function ends(from: Process, to: Process): unknown {
  return {
    from_pid: from.pid,
    from_comm: from.comm,
    from_name: from.name,
    to_pid: to.pid,
    to_comm: to.comm,
    to_name: to.name,
  };
}

function timestamp(time: number): string {
  const micros = Math.round(time * 1000);
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, 23)}${String(micros - millis * 1000).padStart(3, "0")}Z`;
}
