/**
 * Requests that wait for their response.
 *
 * @module
 */
import type { Message } from "../../pipeline/message.ts";
import type { Key } from "./ids.ts";

/** How many answered ids a stream remembers, to tell a second response from one whose request was not seen. */
const RECENT = 32;
/**
 * Up to this many requests are kept in arrays. A Map that entries go through grows a chain of outgrown tables, which
 * V8's scavenger takes for alive with all that they hold: it made one collection in eight times the work.
 */
const FEW = 32;

/** The requests of one stream that wait, oldest first. */
export class Pending {
  /** The keys of `#requests`. */
  readonly #keys: Key[] = [];
  readonly #requests: Message[] = [];
  /** Those that came when the arrays were full; all are younger. */
  #many: Map<Key, Message> | undefined;
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
    if (this.peek(key) === undefined) {
      this.#put(key, request);
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
    const [key] = this.#keys.length > 0 ? this.#keys : this.#many?.keys() ?? [];
    return key === undefined ? undefined : this.#remove(key);
  }

  /** The request with this key, left where it is. */
  peek(key: Key): Message | undefined {
    const at = find(this.#keys, key);
    return at < 0 ? this.#many?.get(key) : this.#requests[at];
  }

  /** True if a request with this key was answered not long ago. */
  wasAnswered(key: Key): boolean {
    return this.#recent.includes(key);
  }

  /** Takes out all, oldest first. */
  clear(): Message[] {
    const all = [...this.#requests, ...this.#many?.values() ?? [], ...[...this.#doubles?.values() ?? []].flat()];
    this.#keys.length = this.#requests.length = 0;
    this.#many = this.#doubles = undefined;
    this.size = this.bytes = 0;
    return all;
  }

  #put(key: Key, request: Message): void {
    if (this.#many === undefined && this.#keys.length < FEW) {
      this.#keys.push(key);
      this.#requests.push(request);
    } else (this.#many ??= new Map()).set(key, request);
  }

  #remove(key: Key): Message | undefined {
    const at = find(this.#keys, key);
    const request = at < 0 ? this.#many?.get(key) : this.#requests[at];
    if (request === undefined) return undefined;
    if (at >= 0) {
      remove(this.#keys, at);
      remove(this.#requests, at);
    } else {
      this.#many!.delete(key);
      if (this.#many!.size === 0) this.#many = undefined;
    }
    this.size--;
    this.bytes -= request.end - request.start;
    if (this.#doubles !== undefined) this.#promote(key, this.#doubles);
    return request;
  }

  #promote(key: Key, doubles: Map<Key, Message[]>): void {
    const queue = doubles.get(key);
    const next = queue?.shift();
    if (next !== undefined) this.#put(key, next);
    if (queue?.length === 0) doubles.delete(key);
    if (doubles.size === 0) this.#doubles = undefined;
  }
}

// Array.prototype.indexOf and copyWithin take 100 ns and more for a handful of entries.

function find(keys: readonly Key[], key: Key): number {
  for (let k = 0; k < keys.length; k++) if (keys[k] === key) return k;
  return -1;
}

function remove<Entry>(list: Entry[], at: number): void {
  for (let k = at + 1; k < list.length; k++) list[k - 1] = list[k]!;
  list.pop();
}
