/**
 * Copies by their originals. A `WeakMap` alone would do, but the garbage collector takes longer for one with many young
 * entries than all the rest of the work on them does.
 *
 * @module
 */

/** Entries of one generation, and what they may weigh together. */
const MOST = 1024, HEAVIEST = 4 << 20;

/** Remembers what was added last by itself, and of older entries those that still go on for as long as their keys live. */
export class Recent<K extends object, V> {
  readonly #goesOn: (key: K) => boolean;
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  #weight = 0;
  /** Made when first needed. */
  #kept: WeakMap<K, V> | undefined;

  /** `goesOn` tells of an entry that is not among the last ones any more whether it may be asked for again. */
  constructor(goesOn: (key: K) => boolean) {
    this.#goesOn = goesOn;
  }

  get(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key) ?? this.#kept?.get(key);
  }

  /** Adds an entry that keeps so many bytes alive. */
  set(key: K, value: V, weight: number): void {
    this.#weight += weight;
    if (this.#young.size >= MOST || this.#weight > HEAVIEST) {
      for (const [old, one] of this.#old) if (this.#goesOn(old)) (this.#kept ??= new WeakMap()).set(old, one);
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = weight;
    }
    this.#young.set(key, value);
  }
}
