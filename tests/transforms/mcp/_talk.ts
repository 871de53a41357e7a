/** Runs conversations through `jsonrpc` and `mcp`. */
import type { LogicalCall, McpContext } from "../../../pipeline/context.ts";
import type { Batch, Event, FindingEvent, GapEvent, Json, McpEvent } from "../../../pipeline/event.ts";
import mcp from "../../../transforms/mcp/mod.ts";
import { chunk, line, runBatches, type Session, session } from "../jsonrpc/_feed.ts";

/** The `_meta` of a request of 2026-07-28. */
export const META: { readonly [key: string]: Json } = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "agent", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": { elicitation: {} },
};

/** A conversation over stdio, at times that the test gives. In milliseconds since it began. */
export class Talk {
  readonly streams: Session;
  readonly events: Event[] = [];
  #time = 5_000_000;

  constructor(streams: Session = session()) {
    this.streams = streams;
  }

  /** Lets time pass. */
  after(ms: number): this {
    this.#time += ms;
    return this;
  }

  /** The client sends. */
  client(message: unknown): this {
    this.events.push(chunk(this.streams.down, line(message), { time: this.#time++ }));
    return this;
  }

  /** The server sends. */
  server(message: unknown): this {
    this.events.push(chunk(this.streams.up, line(message), { time: this.#time++ }));
    return this;
  }

  /** The server's stream ends. */
  ends(): this {
    this.events.push(chunk(this.streams.up, "", { time: this.#time++, eof: true }));
    return this;
  }

  /** `initialize` and what follows it. */
  initialize(asked = "2025-11-25", settled = asked): this {
    return this
      .client(
        ask(0, "initialize", { protocolVersion: asked, capabilities: {}, clientInfo: { name: "agent", version: "1" } }),
      )
      .server(answer(0, { protocolVersion: settled, capabilities: {}, serverInfo: { name: "weather", version: "2" } }))
      .client(tell("notifications/initialized"));
  }

  /** What becomes of it, the end of capture included. */
  run(options: Record<string, unknown> = {}): Promise<Seen> {
    return follow([this.events], options);
  }
}

export const ask = (id: unknown, method: string, params?: unknown): Record<string, unknown> => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
export const answer = (id: unknown, result: unknown = {}): Record<string, unknown> => ({ jsonrpc: "2.0", id, result });
export const fail = (id: unknown, code = -32000): Record<string, unknown> => ({
  jsonrpc: "2.0",
  id,
  error: { code, message: "no" },
});
export const tell = (method: string, params?: unknown): Record<string, unknown> => ({ jsonrpc: "2.0", method, params });
/** A `tools/call`. */
export const use = (id: unknown, name: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
  ask(id, "tools/call", { name, arguments: {}, ...more });
/** Its result. */
export const text = (id: unknown, text: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
  answer(id, { content: [{ type: "text", text }], ...more });

/** What came out. */
export class Seen {
  readonly events: readonly Event[];

  constructor(events: readonly Event[]) {
    this.events = events;
  }

  get messages(): McpEvent[] {
    return this.events.filter((event) => event.kind === "mcp");
  }

  get contexts(): McpContext[] {
    return this.messages.map(({ context }) => context!);
  }

  get findings(): FindingEvent[] {
    return this.events.filter((event) => event.kind === "finding");
  }

  get gaps(): GapEvent[] {
    return this.events.filter((event) => event.kind === "gap");
  }

  /** All calls, as they ended. */
  get calls(): LogicalCall[] {
    const calls = this.contexts.map(({ call }) => call).filter((call) => call !== undefined);
    return [...new Set(calls)];
  }

  /** All calls of a method. */
  of(method = "tools/call"): LogicalCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** The calls that ended, by the event that is their end, in order. */
  get ends(): LogicalCall[] {
    return this.events.map((event) =>
      event.kind === "mcp"
        ? event.context?.endsCall ? event.context.call : undefined
        : event.kind === "finding"
        ? event.call
        : undefined
    ).filter((call) => call !== undefined);
  }
}

/** Runs batches through both transforms. */
export async function follow(batches: readonly Batch[], options: Record<string, unknown> = {}): Promise<Seen> {
  return new Seen((await followed(batches, options)).flat());
}

/** The same, batch by batch; `metrics` is given what the transform counts, `each` every event as it comes out. */
export async function followed(
  batches: readonly Batch[],
  options: Record<string, unknown> = {},
  metrics: Map<string, number> = new Map(),
  each: (event: Event) => void = () => {},
): Promise<Event[][]> {
  const decoded = await runBatches(batches);
  const context = {
    name: "transforms[1]",
    signal: new AbortController().signal,
    log: { info() {}, warn() {}, error() {} },
    metrics: { dropped() {}, error() {}, set: (name: string, value: number) => void metrics.set(name, value) },
  };
  const transform = await mcp.create(mcp.options.parse(options), context);
  async function* source() {
    yield* decoded;
  }
  const out: Event[][] = [];
  for await (const batch of transform(source())) {
    batch.forEach(each);
    out.push([...batch]);
  }
  return out;
}

/** A call in a few words. */
export function shown({ method, name, outcome, requests, progress }: LogicalCall): string {
  return [method, name, outcome ?? "open", requests === 1 ? "" : `×${requests}`, progress === 0 ? "" : `+${progress}`]
    .filter((part) => part !== undefined && part !== "").join(" ");
}
