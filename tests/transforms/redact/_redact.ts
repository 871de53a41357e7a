/** Sends lines and events through jsonrpc and redact. */
import type { Context } from "../../../pipeline/component.ts";
import type { Batch, ChunkEvent, Event, McpEvent, Process, Stream } from "../../../pipeline/event.ts";
import jsonrpc from "../../../transforms/jsonrpc/mod.ts";
import redact from "../../../transforms/redact/mod.ts";

export type Options = Readonly<Record<string, unknown>>;

/** What was said and counted. */
export interface Said {
  readonly logged: string[];
  readonly dropped: Record<string, number>;
  readonly errors: Record<string, number>;
  readonly set: Record<string, number>;
}

/** A context that remembers. */
export function context(): { readonly context: Context; readonly said: Said } {
  const said: Said = { logged: [], dropped: {}, errors: {}, set: {} };
  const log = (message: string) => void said.logged.push(message);
  const count = (counts: Record<string, number>) => (reason: string, more = 1) => {
    counts[reason] = (counts[reason] ?? 0) + more;
  };
  return {
    said,
    context: {
      name: "redact",
      signal: new AbortController().signal,
      log: { info: log, warn: log, error: log },
      metrics: {
        dropped: count(said.dropped),
        error: count(said.errors),
        set: (name, value) => void (said.set[name] = value),
      },
    },
  };
}

export const client: Process = { pid: 1, comm: "claude", name: "claude" };
export const server: Process = { pid: 2, comm: "node", name: "server-files" };

let streams = 0, now = 1_700_000_000_000;

/** Both directions of a new connection. */
export function session(): { readonly down: Stream; readonly up: Stream } {
  const down: Stream = { id: ++streams, medium: "pipe", reverse: undefined };
  const up: Stream = { id: ++streams, medium: "pipe", reverse: down };
  down.reverse = up;
  return { down, up };
}

/** Bytes on a stream. */
export function chunk(stream: Stream, bytes: Uint8Array | string, fromClient: boolean, more: Options = {}): ChunkEvent {
  const buffer = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  const [process, peer] = fromClient ? [client, server] : [server, client];
  const time = now++;
  return {
    ...{ kind: "chunk", time, source: "test", process, peer, stream, buffer, start: 0, end: buffer.length },
    ...{ lost: 0, eof: false },
    ...more,
  } as ChunkEvent;
}

/** Chunks of a talk: requests and notifications go down, responses up. */
export function talk(messages: readonly (object | string)[]): ChunkEvent[] {
  const { down, up } = session();
  return messages.map((message) => {
    const text = typeof message === "string" ? message : JSON.stringify(message);
    const fromClient = !/^\{"jsonrpc":"2.0","id":[^,]*,"(?:result|error)"/.test(text);
    return chunk(fromClient ? down : up, `${text}\n`, fromClient);
  });
}

/** Batches after both transforms; with `options` undefined, after jsonrpc alone. */
export async function* redacted(
  batches: Iterable<Batch>,
  options: Options | undefined,
  mine: Context = context().context,
): AsyncGenerator<Batch> {
  const decode = await jsonrpc.create(jsonrpc.options.parse({ max_held: 0 }), mine);
  const decoded = decode((async function* () {
    yield* batches;
  })());
  yield* options === undefined ? decoded : await through(decoded, options, mine);
}

/** Batches after redact. */
export async function through(
  input: AsyncIterable<Batch>,
  options: Options = {},
  mine: Context = context().context,
): Promise<AsyncIterable<Batch>> {
  const transform = await redact.create(await redact.options.parseAsync(options), mine);
  return transform(input);
}

/** All events of some batches. */
export async function events(batches: AsyncIterable<Batch>): Promise<Event[]> {
  const all: Event[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

/** The messages of a talk after redact. */
export async function messages(talked: readonly (object | string)[], options: Options = {}): Promise<McpEvent[]> {
  const all = await events(redacted([talk(talked)], options));
  return all.filter((event) => event.kind === "mcp");
}

/** One message after redact, as text. */
export async function shown(message: object | string, options: Options = {}): Promise<string> {
  return (await messages([message], options))[0]?.raw ?? "";
}

/** One event that is no message after redact. */
export async function one<T extends Event>(event: T, options: Options = {}): Promise<T> {
  const all = await events(
    await through(
      (async function* () {
        yield [event];
      })(),
      options,
    ),
  );
  return all[0] as T;
}

/** A request for a tool. */
export function call(args: unknown, name = "run", id = 1): object {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args } };
}

/** Its answer. */
export function answer(text: string, id = 1): object {
  return { jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } };
}
