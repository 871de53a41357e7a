/**
 * Which calls are open, within bounds.
 *
 * @module
 */
import type { Event } from "../../pipeline/event.ts";
import { Message } from "../../pipeline/message.ts";
import type { Call } from "./call.ts";
import type { Options } from "./options.ts";
import type { Session } from "./session.ts";
import { forgetTask } from "./tasks.ts";

/** Open calls of one session, as many as `jsonrpc` lets wait for their responses. */
const MOST_OF_SESSION = 4096;
/** A request that waits moves to a buffer of its own if its buffer is this many times larger. */
const PINNED = 8;

/** Adds calls to their sessions and takes them out. */
export class Registry {
  /** Calls that are open. */
  open = 0;
  /** Those of them whose requests were answered: they wait for input, or are tasks; and the bytes of their requests. */
  waiting = 0;
  waitingBytes = 0;
  /** Calls that ended. */
  ended = 0;
  readonly #options: Options;
  readonly #sessions: Iterable<Session>;
  readonly #suspended = new Set<Call>();
  #young: Message[] = [];
  #forgotten = 0;

  /** `sessions` are all that may have calls. */
  constructor(options: Options, sessions: Iterable<Session>) {
    this.#options = options;
    this.#sessions = sessions;
  }

  /** A new batch: all are done with the last one. What waits lets go of large buffers. */
  settle(): void {
    if (this.#young.length === 0) return;
    for (const message of this.#young) {
      if (message.buffer.length > PINNED * (message.end - message.start)) message.detach();
    }
    this.#young = [];
  }

  /** A call begins. */
  add(call: Call): void {
    const { calls } = call.session;
    if (calls.size >= MOST_OF_SESSION) this.#forgetOldest(call.session);
    else if (this.open >= this.#options.max_calls) this.#forgetAny();
    calls.add(call);
    this.open++;
  }

  /** A call's request was answered, and it goes on. */
  suspend(call: Call): void {
    if (this.#suspended.has(call)) return;
    this.#suspended.add(call);
    this.waiting++;
    this.waitingBytes += bytesOf(call);
    const { request } = call;
    if (request instanceof Message) this.#young.push(request);
    while (this.waiting > this.#options.max_waiting || this.waitingBytes > this.#options.max_waiting_bytes) {
      const [oldest] = this.#suspended;
      if (oldest === undefined) break;
      this.#forget(oldest);
    }
  }

  /** A call has ended. */
  remove(call: Call): void {
    this.#drop(call);
    this.ended++;
  }

  /** Forgets all calls of a session. */
  forgetAll({ calls }: Session): void {
    for (const call of calls.all()) this.#forget(call);
  }

  /** Tells how many were forgotten since the last time. */
  report(time: number, source: string, out: Event[]): void {
    const calls = this.#forgotten;
    if (calls === 0) return;
    this.#forgotten = 0;
    const message = `${calls} ${calls === 1 ? "call was" : "calls were"} forgotten before the end, for lack of room`;
    out.push({ kind: "gap", time, source, reason: "evicted", message, lost: { records: calls } });
  }

  #drop(call: Call): void {
    const { session } = call;
    session.calls.remove(call);
    this.open--;
    if (call.more === undefined) return;
    forgetTask(session, call);
    session.waiting?.delete(call);
    if (!this.#suspended.delete(call)) return;
    this.waiting--;
    this.waitingBytes -= bytesOf(call);
  }

  #forget(call: Call): void {
    this.#drop(call);
    call.more?.within?.clientAnswered(call.lastTime);
    this.#forgotten++;
  }

  #forgetOldest({ calls: { first } }: Session): void {
    if (first !== undefined) this.#forget(first);
  }

  #forgetAny(): void {
    for (const session of this.#sessions) if (session.calls.size > 0) return this.#forgetOldest(session);
  }
}

function bytesOf({ request: { start, end } }: Call): number {
  return end - start;
}
