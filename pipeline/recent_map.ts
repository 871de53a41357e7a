/**
 * A map that forgets.
 *
 * @module
 */

/**
 * A map of at most so many entries, which forgets those that were not set or asked for lately. All is done in constant
 * time: a plain `Map` whose oldest entry is deleted again and again has to step over all that were deleted before.
 */
export class RecentMap<K, V> {
  /** Entries used since the last turn, and those that were used before it and not since. */
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  readonly #half: number;

  /** Holds at most `limit` entries, at least 2. Of those used last it keeps half as many at any rate. */
  constructor(limit: number) {
    this.#half = Math.max(1, Math.floor(limit / 2));
  }

  /** How many entries there are. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** The entry's value, which is kept for longer now. */
  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) {
      this.#old.delete(key);
      this.#add(key, old);
    }
    return old;
  }

  /** Sets an entry. */
  set(key: K, value: V): void {
    if (this.#young.has(key)) this.#young.set(key, value);
    else {
      this.#old.delete(key);
      this.#add(key, value);
    }
  }

  /** Removes an entry. */
  delete(key: K): void {
    if (!this.#young.delete(key)) this.#old.delete(key);
  }

  #add(key: K, value: V): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
