/**
 * Numbers for things that are written once and then referred to.
 *
 * @module
 */

/** Gives numbers to things. When there are too many it forgets the oldest half. */
export class Ids<Thing> {
  readonly #ids = new Map<Thing, number>();
  readonly #limit: number;
  #next = 0;

  /** At most `limit` things have a number at once. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The thing's number, if it has one. */
  get(thing: Thing): number | undefined {
    return this.#ids.get(thing);
  }

  /** Gives the thing a number that was never used before; tells which ones were taken back for it. */
  add(thing: Thing, forgotten: (id: number) => void): number {
    if (this.#ids.size >= this.#limit) {
      let left = this.#limit >> 1;
      for (const [old, id] of this.#ids) {
        if (left-- === 0) break;
        this.#ids.delete(old);
        forgotten(id);
      }
    }
    const id = this.#next;
    this.#next = (this.#next + 1) % 0xffffffff;
    this.#ids.set(thing, id);
    return id;
  }
}
