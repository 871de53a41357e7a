/**
 * What is remembered of a session or its server, quick to find.
 *
 * @module
 */
import type { McpSession } from "../../pipeline/context.ts";

/** Sessions whose values are at hand; a power of two. */
const LATEST = 64;

/**
 * A weak map by something that a session has, or by sessions themselves. A lookup in a map by an object takes 40 ns, so
 * those of the latest sessions are at hand: at most 64 are thus kept longer than they would be.
 */
export class QuickMap<Key extends object, Value> {
  readonly #all = new WeakMap<Key, Value>();
  readonly #keys: (Key | undefined)[] = new Array<Key | undefined>(LATEST).fill(undefined);
  readonly #values: (Value | undefined)[] = new Array<Value | undefined>(LATEST).fill(undefined);

  /** The value of the key, which is that of a session. */
  get(key: Key, { id }: McpSession): Value | undefined {
    const place = id & LATEST - 1;
    if (this.#keys[place] === key) return this.#values[place];
    const value = this.#all.get(key);
    if (value !== undefined) {
      this.#keys[place] = key;
      this.#values[place] = value;
    }
    return value;
  }

  /** Sets it for the first time. */
  set(key: Key, value: Value): void {
    this.#all.set(key, value);
  }
}
