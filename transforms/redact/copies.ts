/**
 * Copies by their originals. A `WeakMap` alone would do, but the garbage collector takes longer for one with many young
 * entries than all the rest of the work on them does.
 *
 * @module
 */
import { RecentMap } from "../../pipeline/recent_map.ts";

/** Entries of one memory, besides those that go on. */
const MOST = 512;

/** Remembers what was added last by itself, and of older entries those that still go on for as long as their keys live. */
export class Copies<K extends object, V> {
  readonly #recent: RecentMap<K, V>;
  /** Made when first needed. */
  #kept: WeakMap<K, V> | undefined;

  /**
   * `goesOn` tells of an entry that is not among the last ones any more whether it may be asked for again. `heaviest`: what
   * those may weigh together.
   */
  constructor(heaviest: number, weigh: (key: K, value: V) => number, goesOn: (key: K) => boolean) {
    const forgotten = (key: K, value: V) => {
      if (goesOn(key)) (this.#kept ??= new WeakMap()).set(key, value);
    };
    this.#recent = new RecentMap(MOST, { heaviest, weigh, forgotten });
  }

  get(key: K): V | undefined {
    return this.#recent.get(key) ?? this.#kept?.get(key);
  }

  set(key: K, value: V): void {
    this.#recent.set(key, value);
  }
}
