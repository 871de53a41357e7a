/**
 * Requests that wait for their response.
 *
 * @module
 */
import type { Message } from "../../pipeline/message.ts";
import type { Key } from "./ids.ts";

/** How many answered ids a stream remembers, to tell a second response from one whose request was not seen. */
const RECENT = 32;

/** The requests of one stream that wait, oldest first. */
export class Pending {
  readonly #waiting = new Map<Key, Message>();
  /** Requests whose id was in use already; answered after the first one. Made when first needed. */
  #doubles: Map<Key, Message[]> | undefined;
  #recent: Key[] = [];
  #next = 0;
  /** How many wait. */
  size = 0;
  /** How many bytes they have together. */
  bytes = 0;

  /** Adds a request. False if its id is in use. */
  add(key: Key, request: Message): boolean {
    this.size++;
    this.bytes += request.end - request.start;
    if (!this.#waiting.has(key)) {
      this.#waiting.set(key, request);
      return true;
    }
    this.#doubles ??= new Map();
    const queue = this.#doubles.get(key);
    if (queue === undefined) this.#doubles.set(key, [request]);
    else queue.push(request);
    return false;
  }

  /** Takes out the request with this key, the oldest first. */
  take(key: Key): Message | undefined {
    const request = this.#remove(key);
    if (request === undefined) return undefined;
    request.answered = true;
    this.#recent[this.#next] = key;
    this.#next = (this.#next + 1) % RECENT;
    return request;
  }

  /** Forgets the request that has waited longest. */
  evict(): Message | undefined {
    for (const key of this.#waiting.keys()) return this.#remove(key);
    return undefined;
  }

  /** The request with this key, left where it is. */
  peek(key: Key): Message | undefined {
    return this.#waiting.get(key);
  }

  /** True if a request with this key was answered not long ago. */
  wasAnswered(key: Key): boolean {
    return this.#recent.includes(key);
  }

  /** Takes out all, oldest first. */
  clear(): Message[] {
    const all = [...this.#waiting.values(), ...[...this.#doubles?.values() ?? []].flat()];
    this.#waiting.clear();
    this.#doubles = undefined;
    this.size = this.bytes = 0;
    return all;
  }

  #remove(key: Key): Message | undefined {
    const request = this.#waiting.get(key);
    if (request === undefined) return undefined;
    this.#waiting.delete(key);
    this.size--;
    this.bytes -= request.end - request.start;
    if (this.#doubles !== undefined) this.#promote(key, this.#doubles);
    return request;
  }

  #promote(key: Key, doubles: Map<Key, Message[]>): void {
    const queue = doubles.get(key);
    const next = queue?.shift();
    if (next !== undefined) this.#waiting.set(key, next);
    if (queue?.length === 0) doubles.delete(key);
    if (doubles.size === 0) this.#doubles = undefined;
  }
}
