/**
 * Requests over HTTP that wait for their response.
 *
 * @module
 */
import type { HttpExchange } from "../../../pipeline/event.ts";
import type { Message } from "../../../pipeline/message.ts";
import type { Key } from "../ids.ts";
import type { Session } from "./session.ts";

/** Who sends. */
export type Side = "client" | "server";

/** A request that waits. */
export interface Waiter {
  readonly key: Key;
  readonly request: Message;
  /** What it was sent in. */
  readonly exchange: HttpExchange;
  readonly session: Session;
  /** Who asks. */
  readonly side: Side;
  /** Its exchange has ended without the answer, which may come in another. Always, for a request of the server. */
  released: boolean;
  /** It waits no more. */
  done: boolean;
}

/** How many answered ids are remembered, to tell a second response from one whose request was not seen. */
const RECENT = 32;
const NONE: readonly Waiter[] = [];

/** What waits on one side of a session. */
export class Waiters {
  /** How many. */
  size = 0;
  readonly #byKey = new Map<Key, Waiter[]>();
  #recent: Key[] = [];
  #next = 0;

  /** Adds one. */
  add(waiter: Waiter): void {
    this.size++;
    const same = this.#byKey.get(waiter.key);
    if (same === undefined) this.#byKey.set(waiter.key, [waiter]);
    else same.push(waiter);
  }

  /** Those with this key, oldest first. */
  with(key: Key): readonly Waiter[] {
    return this.#byKey.get(key) ?? NONE;
  }

  /** Takes one out. */
  remove(waiter: Waiter): void {
    const same = this.#byKey.get(waiter.key);
    const at = same?.indexOf(waiter) ?? -1;
    if (same === undefined || at < 0) return;
    this.size--;
    if (same.length === 1) this.#byKey.delete(waiter.key);
    else same.splice(at, 1);
  }

  /** Remembers that a request with this key was answered. */
  answered(key: Key): void {
    this.#recent[this.#next] = key;
    this.#next = (this.#next + 1) % RECENT;
  }

  /** True if a request with this key was answered not long ago. */
  wasAnswered(key: Key): boolean {
    return this.#recent.includes(key);
  }

  /** One of those that have waited longest. */
  oldest(): Waiter | undefined {
    const [first] = this.#byKey.values();
    return first?.[0];
  }

  /** All. */
  all(): Waiter[] {
    return [...this.#byKey.values()].flat();
  }
}
