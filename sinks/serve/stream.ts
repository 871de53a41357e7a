/**
 * Changes as server-sent events (WHATWG HTML, 9.2).
 *
 * @module
 */
import type { Change, Feed } from "../../pipeline/feed/feed.ts";
import { matching } from "../../pipeline/feed/matching.ts";
import type { ChangeRing } from "./ring.ts";

/** Names of changes. */
export const TYPES: readonly Change["type"][] = [
  "calls",
  "messages",
  "findings",
  "events",
  "servers",
  "health",
  "lost",
];

/** How often something is sent at least, in milliseconds, so that what stands between keeps the connection. */
const HEARTBEAT_MS = 15_000;
/** What the client waits before it comes back, in milliseconds. */
const RETRY_MS = 1000;

/** What a reader wants. */
export interface StreamOptions {
  /** Where it left off. */
  readonly cursor: string | undefined;
  /** Undefined: all. */
  readonly types: ReadonlySet<string> | undefined;
  readonly filter: string | undefined;
  readonly signal: AbortSignal;
}

/** The body of the answer. A reader that takes nothing holds up nobody: it is told that it has lost something. */
export function changeStream(feed: Feed, ring: ChangeRing, options: StreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const texts = textsOf(feed, ring, { ...options, signal });
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      left.abort();
      await texts.return(undefined);
    },
  }, { highWaterMark: 0 });
}

async function* textsOf(
  feed: Feed,
  ring: ChangeRing,
  { cursor, types, filter, signal }: StreamOptions,
): AsyncGenerator<string, void, undefined> {
  const from = cursor ?? ring.cursor;
  const changes = ring.read(from, signal, HEARTBEAT_MS);
  // an id at once: a client that loses its connection before anything came would not know where it was
  yield `retry: ${RETRY_MS}\nid: ${from}\n\n`;
  for await (const kept of changes) {
    if (kept === undefined) {
      yield ": still here\n\n";
      continue;
    }
    const { type } = kept.change;
    const isWanted = type === "lost" || types === undefined || types.has(type);
    const change = isWanted && filter !== undefined ? await matching(feed, kept.change, filter) : kept.change;
    if (!isWanted || change === undefined) continue;
    const json = change === kept.change ? kept.json : JSON.stringify(change);
    yield `id: ${kept.cursor}\nevent: ${type}\ndata: ${json}\n\n`;
  }
}
