/**
 * Follows another mcpsonde's stream of changes, over lost connections too.
 *
 * @module
 */
import { createParser } from "eventsource-parser";
import type { Change } from "./feed.ts";

/** Opens the stream from a cursor on. */
export type OpenStream = (
  cursor: string | undefined,
  signal: AbortSignal,
) => Promise<ReadableStream<Uint8Array>>;

/** Pauses before the next try, in milliseconds: the first, and the longest. */
const PAUSE_MS = 250, LONGEST_PAUSE_MS = 10_000;
/** A connection on which nothing comes for so long is lost: the other side says something every 15 s. */
const SILENCE_MS = 45_000;
/** UTF-16 units of one event. */
const LARGEST = 64 * 1024 * 1024;
const TYPES: ReadonlySet<string> = new Set<Change["type"]>(
  ["calls", "messages", "findings", "events", "servers", "health", "lost"],
);

/**
 * The changes until the signal is aborted. A lost connection is made anew and goes on where it was; if the other side does
 * not keep what came meanwhile, it says `lost`.
 *
 * @throws what `open` rejects with, if to try again makes no sense: its `status` is 400 to 499, but for 429.
 */
export async function* remoteChanges(
  open: OpenStream,
  signal: AbortSignal,
): AsyncGenerator<Change, void, undefined> {
  let cursor: string | undefined;
  let pause = PAUSE_MS;
  let wasOpen = false;
  while (!signal.aborted) {
    const connection = new AbortController();
    const until = AbortSignal.any([signal, connection.signal]);
    try {
      const stream = await open(cursor, until);
      // nothing had come, so there is no cursor: what came meanwhile is not sent
      if (wasOpen && cursor === undefined) yield { type: "lost", changes: 0 };
      wasOpen = true;
      for await (const got of events(stream, connection)) {
        pause = PAUSE_MS;
        cursor = got.id ?? cursor;
        if (signal.aborted) return;
        if (got.change !== undefined) yield got.change;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error)) throw error;
    } finally {
      connection.abort();
    }
    await sleep(pause * (0.5 + Math.random() / 2), signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

interface Got {
  readonly id: string | undefined;
  readonly change: Change | undefined;
}

/** Reads on only when all that was read has been taken. */
async function* events(
  stream: ReadableStream<Uint8Array>,
  connection: AbortController,
): AsyncGenerator<Got, void, undefined> {
  const decoder = new TextDecoder();
  let waiting: Got[] = [], length = 0;
  const parser = createParser({
    onEvent: ({ id, data }) => {
      length = 0;
      waiting.push({ id, change: changeOf(data) });
    },
    onComment: () => length = 0,
  });
  const reader = stream.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      timer = setTimeout(() => connection.abort(), SILENCE_MS);
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      const text = decoder.decode(value, { stream: true });
      length += text.length;
      if (length > LARGEST) throw new RangeError("the event is too large");
      parser.feed(text);
      const got = waiting;
      waiting = [];
      yield* got;
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => {});
  }
}

/** Undefined of what is none. */
function changeOf(data: string): Change | undefined {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
    return typeof value.type === "string" && TYPES.has(value.type) ? value as Change : undefined;
  } catch {
    return undefined;
  }
}

function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "QueryError") return true;
  const status = "status" in error && typeof error.status === "number" ? error.status : 0;
  return status >= 400 && status < 500 && status !== 429;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", settle);
      resolve();
    };
    const timer = setTimeout(settle, ms);
    if (signal.aborted) settle();
    else signal.addEventListener("abort", settle);
  });
}
