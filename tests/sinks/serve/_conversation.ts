/**
 * A client and a server over stdio, as chunks of bytes: what the kernel would tell of them.
 *
 * @module
 */
import type { Batch, ChunkEvent, Process, Stream } from "../../../pipeline/event.ts";
import { pipe, transform } from "../../../pipeline/mod.ts";

/** A message and who sends it. */
export type Said = readonly [sender: "client" | "server", message: Record<string, unknown>];

const encoder = new TextEncoder();

/** Chunks of a conversation, a batch for each message. */
export class Conversation {
  readonly #down: Stream = { id: 1, medium: "pipe", reverse: undefined };
  readonly #up: Stream = { id: 2, medium: "pipe", reverse: this.#down };
  readonly #client: Process = { pid: 11, comm: "agent", name: "agent" };
  readonly #server: Process = { pid: 12, comm: "node", name: "server" };
  #now = Date.parse("2026-11-22T00:00:00Z");

  constructor() {
    this.#down.reverse = this.#up;
  }

  /** What is said at the start of a session. */
  *hello(
    tools: readonly Record<string, unknown>[] = [{ name: "echo", inputSchema: { type: "object" } }],
  ): Generator<Batch> {
    const version = "2025-11-25";
    yield this.say("client", "initialize", 1, {
      protocolVersion: version,
      capabilities: {},
      clientInfo: { name: "agent", version: "1" },
    });
    yield this.answer(1, {
      protocolVersion: version,
      capabilities: { tools: {} },
      serverInfo: { name: "server", version: "1" },
    });
    yield this.say("client", "notifications/initialized");
    yield this.say("client", "tools/list", 2);
    yield this.answer(2, { tools });
  }

  /** A call of a tool, and its answer. */
  *call(id: number, name: string, args: Record<string, unknown> = {}, text = "ok"): Generator<Batch> {
    yield this.say("client", "tools/call", id, { name, arguments: args });
    yield this.answer(id, { content: [{ type: "text", text }] });
  }

  say(sender: "client" | "server", method: string, id?: number, params?: unknown): Batch {
    return this.#chunk(sender, { jsonrpc: "2.0", ...(id === undefined ? {} : { id }), method, params });
  }

  answer(id: number, result: unknown): Batch {
    return this.#chunk("server", { jsonrpc: "2.0", id, result });
  }

  #chunk(sender: "client" | "server", message: Record<string, unknown>): Batch {
    const buffer = encoder.encode(`${JSON.stringify(message)}\n`);
    const isClient = sender === "client";
    const chunk: ChunkEvent = {
      kind: "chunk",
      time: this.#now++,
      source: "test",
      process: isClient ? this.#client : this.#server,
      peer: isClient ? this.#server : this.#client,
      stream: isClient ? this.#down : this.#up,
      buffer,
      start: 0,
      end: buffer.length,
      lost: 0,
      eof: false,
    };
    return [chunk];
  }
}

/** What comes of chunks. */
export async function decoded(
  chunks: Iterable<Batch>,
  types: readonly string[] = ["jsonrpc", "mcp"],
): Promise<Batch[]> {
  const batches: Batch[] = [];
  const stages = types.map((type) => transform(type));
  const input = (async function* () {
    yield* chunks;
  })();
  await pipe(input, ...stages, async (decoded) => {
    for await (const batch of decoded) batches.push(batch);
  });
  return batches;
}
