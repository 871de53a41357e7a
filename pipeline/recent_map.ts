/**
 * A map that forgets.
 *
 * @module
 */

/** What bounds a {@linkcode RecentMap} besides the number of its entries. */
export interface RecentMapOptions<K, V> {
  /** What its entries may weigh together; no bound if absent. */
  readonly heaviest?: number;
  /** What an entry weighs, asked when it is added or moved. */
  readonly weigh?: (key: K, value: V) => number;
  /** Told of each entry that is forgotten for lack of room. */
  readonly forgotten?: (key: K, value: V) => void;
}

/**
 * A map of at most so many entries, which forgets those that were not set or asked for lately. All is done in constant
 * time: a plain `Map` whose oldest entry is deleted again and again has to step over all that were deleted before.
 */
export class RecentMap<K, V> {
  /** Entries used since the last turn, and those that were used before it and not since. */
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  readonly #half: number;
  readonly #heaviest: number;
  readonly #weigh: RecentMapOptions<K, V>["weigh"];
  readonly #forgotten: RecentMapOptions<K, V>["forgotten"];
  /** What was added since the last turn weighs so much. */
  #weight = 0;

  /** Holds at most `limit` entries, at least 2. Of those used last it keeps half as many at any rate, if they are light. */
  constructor(limit: number, { heaviest = Infinity, weigh, forgotten }: RecentMapOptions<K, V> = {}) {
    this.#half = Math.max(1, Math.floor(limit / 2));
    this.#heaviest = heaviest / 2;
    this.#weigh = weigh;
    this.#forgotten = forgotten;
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

  /** The entry's value; `make` makes it if there is none. */
  recall(key: K, make: (key: K) => V): V {
    let value = this.get(key);
    if (value === undefined) this.set(key, value = make(key));
    return value;
  }

  /** Sets an entry. One that is heavier than half of all may be is forgotten at once. */
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
    const weight = this.#weigh?.(key, value) ?? 0;
    if (weight > this.#heaviest) {
      this.#forgotten?.(key, value);
      return;
    }
    if (this.#young.size >= this.#half || this.#weight + weight > this.#heaviest) {
      if (this.#forgotten !== undefined) { for (const [old, one] of this.#old) this.#forgotten(old, one); }
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = 0;
    }
    this.#weight += weight;
    this.#young.set(key, value);
  }
}
