/** Streams, chunks and a decoder for the tests of the jsonrpc transform. */
import type {
  Batch,
  ChunkEvent,
  Event,
  FindingEvent,
  GapEvent,
  McpEvent,
  Process,
  Stream,
} from "../../../pipeline/event.ts";
import jsonrpc from "../../../transforms/jsonrpc/mod.ts";

export const client: Process = { pid: 1, comm: "claude", name: "claude" };
export const server: Process = { pid: 2, comm: "node", name: "server-everything" };

const encoder = new TextEncoder();

/** A session's two streams: down to the server, and up from it. */
export interface Session {
  readonly down: Stream;
  readonly up: Stream;
}

let nextId = 1;

/** A new session over a UNIX socket; `linked` false leaves `reverse` for the test to set. */
export function session(linked = true): Session {
  const down: Stream = { id: nextId++, medium: "unix", reverse: undefined };
  const up: Stream = { id: nextId++, medium: "unix", reverse: undefined };
  if (linked) link({ down, up });
  return { down, up };
}

/** Makes the streams each other's reverse. */
export function link({ down, up }: Session): void {
  down.reverse = up;
  up.reverse = down;
}

let now = 1_000_000;

/** A chunk of a session's stream. Time goes on by a millisecond each. */
export function chunk(
  stream: Stream,
  text: string | Uint8Array,
  more: Partial<Pick<ChunkEvent, "time" | "lost" | "eof" | "process" | "peer">> = {},
): ChunkEvent {
  const buffer = typeof text === "string" ? encoder.encode(text) : text;
  const time = now++;
  const ends = stream.id % 2 === 1 ? { process: client, peer: server } : { process: server, peer: client };
  return {
    kind: "chunk",
    time,
    source: "test",
    ...ends,
    stream,
    buffer,
    start: 0,
    end: buffer.length,
    lost: 0,
    eof: false,
    ...more,
  };
}

/** A message as a line. */
export function line(message: unknown): string {
  return JSON.stringify(message) + "\n";
}

export const request = (id: unknown, method = "tools/call", params?: unknown): string =>
  line({ jsonrpc: "2.0", id, method, params });
export const response = (id: unknown, result: unknown = {}): string => line({ jsonrpc: "2.0", id, result });
export const notification = (method: string, params?: unknown): string => line({ jsonrpc: "2.0", method, params });

/** Runs the transform over batches; gives the events of each batch, and those of the end. */
export async function runBatches(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: Record<string, unknown> = {},
): Promise<Event[][]> {
  const context = {
    name: "transforms[0]",
    signal: new AbortController().signal,
    log: { info() {}, warn() {}, error() {} },
    metrics: { dropped() {}, error() {}, set() {} },
  };
  const transform = await jsonrpc.create(jsonrpc.options.parse(options), context);
  const out: Event[][] = [];
  async function* source() {
    yield* batches;
  }
  for await (const batch of transform(source())) out.push([...batch]);
  return out;
}

/** Runs the transform over events, all in one batch. */
export async function run(events: readonly Event[], options: Record<string, unknown> = {}): Promise<Event[]> {
  return (await runBatches([events], options)).flat();
}

export const messages = (events: readonly Event[]): McpEvent[] => events.filter((event) => event.kind === "mcp");
export const findings = (events: readonly Event[]): FindingEvent[] =>
  events.filter((event) => event.kind === "finding");
export const gaps = (events: readonly Event[]): GapEvent[] => events.filter((event) => event.kind === "gap");
