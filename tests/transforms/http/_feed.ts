/** Connections, chunks and a decoder for the tests of the http transform. */
import type {
  Batch,
  ChunkEvent,
  Event,
  GapEvent,
  HttpEvent,
  Medium,
  Process,
  Stream,
} from "../../../pipeline/event.ts";
import http from "../../../transforms/http/mod.ts";

export const client: Process = { pid: 1, comm: "claude", name: "claude" };
export const server: Process = { pid: 2, comm: "node", name: "server-everything" };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A connection's two streams: up to the server, and down from it. */
export interface Link {
  readonly up: Stream;
  readonly down: Stream;
}

let nextId = 1;

/** A new connection; `linked` false leaves the streams without their reverse. */
export function connect(medium: Medium = "tcp", linked = true): Link {
  const up: Stream = { id: nextId++, medium, reverse: undefined };
  const down: Stream = { id: nextId++, medium, reverse: undefined };
  if (linked) {
    up.reverse = down;
    down.reverse = up;
  }
  return { up, down };
}

let now = 1_000_000;

/** A chunk of a connection's stream. Time goes on by a millisecond each. */
export function chunk(
  stream: Stream,
  content: string | Uint8Array,
  more: Partial<Pick<ChunkEvent, "time" | "lost" | "eof" | "process" | "peer">> = {},
): ChunkEvent {
  const buffer = typeof content === "string" ? encoder.encode(content) : content;
  const ends = stream.id % 2 === 1 ? { process: client, peer: server } : { process: server, peer: client };
  const time = now++;
  const where = { stream, buffer, start: 0, end: buffer.length };
  return { kind: "chunk", time, source: "test", ...ends, ...where, lost: 0, eof: false, ...more };
}

/** The last chunk of a stream. */
export const eof = (stream: Stream): ChunkEvent => chunk(stream, "", { eof: true });

/** A request with a body, which may be empty. */
export function post(target: string, body: string | Uint8Array = "", fields: readonly string[] = []): Uint8Array {
  return message(`POST ${target} HTTP/1.1`, ["Host: localhost:3000", ...fields], body);
}

/** A response with a body, which may be empty. */
export function ok(body: string | Uint8Array = "", fields: readonly string[] = []): Uint8Array {
  return message("HTTP/1.1 200 OK", fields, body);
}

/** A message of a known length. */
export function message(first: string, fields: readonly string[], body: string | Uint8Array): Uint8Array {
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  return join([[first, ...fields, `Content-Length: ${bytes.length}`, "", ""].join("\r\n"), bytes]);
}

/** A head without a length. */
export const head = (first: string, fields: readonly string[] = []): string => [first, ...fields, "", ""].join("\r\n");

/** A part of a chunked body; the last one is empty. */
export function part(content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  return join([`${bytes.length.toString(16)}\r\n`, bytes, "\r\n"]);
}

/** Texts and bytes as one array. */
export function join(parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? encoder.encode(part) : part)]));
}

/** What the transform said in its metrics. */
export type Metrics = Record<string, number>;

/** Runs the transform over batches; gives the batches that it made, the last one at the end of the input. */
export async function runBatches(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: Record<string, unknown> = {},
  seen: Metrics = {},
): Promise<Batch[]> {
  const context = {
    name: "transforms[0]",
    signal: new AbortController().signal,
    log: { info() {}, warn() {}, error() {} },
    metrics: { dropped() {}, error() {}, set: (name: string, value: number) => void (seen[name] = value) },
  };
  const transform = await http.create(http.options.parse(options), context);
  const out: Batch[] = [];
  async function* source() {
    yield* batches;
  }
  for await (const batch of transform(source())) out.push(batch);
  return out;
}

/** Runs the transform over events, all in one batch, and two empty batches after it. */
export async function run(events: readonly Event[], options: Record<string, unknown> = {}): Promise<Event[]> {
  return (await runBatches([events, [], []], options)).flat();
}

export const exchanges = (events: readonly Event[]): HttpEvent[] => events.filter((event) => event.kind === "http");
export const gaps = (events: readonly Event[]): GapEvent[] => events.filter((event) => event.kind === "gap");

/** A body as text; undefined if it was not kept. */
export const text = ({ body }: HttpEvent): string | undefined => body && decoder.decode(body);

/** What is told, in a line: `request POST /mcp {}`, `response 200 {}`, `sse message 1 data`, `end`. */
export function brief(event: Event): string {
  if (event.kind === "gap") return `gap ${event.reason} ${event.lost?.bytes ?? 0}`;
  if (event.kind !== "http") return event.kind;
  const { type, exchange: { request, response }, sse, incomplete } = event;
  const first = type === "request"
    ? `${request?.method} ${request?.target}`
    : type === "response"
    ? `${response?.status} to ${request?.target}`
    : type === "sse"
    ? `${sse?.event ?? "message"} ${sse?.id ?? "-"} ${sse?.data}`
    : `to ${request?.target}`;
  const body = type === "request" || type === "response" ? ` ${text(event) ?? "not kept"}` : "";
  return `${type} ${first}${body}${incomplete === undefined ? "" : ` (${incomplete})`}`;
}

/** All that is told, in lines. */
export const briefly = (events: readonly Event[]): string[] => events.map(brief);
