/**
 * What comes first of many.
 *
 * @module
 */

/** Something that has a time. */
interface Timed {
  /** Of what it has first. */
  readonly time: number;
  /** Of those with the same time the lowest is first. */
  readonly order?: number;
}

function isBefore(a: Timed, b: Timed): boolean {
  return a.time < b.time || a.time === b.time && (a.order ?? 0) < (b.order ?? 0);
}

/** A binary heap: the earliest is on top. */
export class Heap<Item extends Timed> {
  readonly #items: Item[] = [];

  /** How many there are. */
  get size(): number {
    return this.#items.length;
  }

  /** The earliest. */
  get top(): Item | undefined {
    return this.#items[0];
  }

  /** Adds one. */
  push(item: Item): void {
    this.#items.push(item);
    this.#up(this.#items.length - 1);
  }

  /** Takes out the earliest. */
  pop(): Item | undefined {
    const [top] = this.#items, last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last;
      this.sink();
    }
    return top;
  }

  /** The earliest has another time by now. */
  sink(): void {
    const items = this.#items, item = items[0];
    if (item === undefined) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && isBefore(items[child + 1]!, items[child]!)) child++;
      if (!isBefore(items[child]!, item)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
  }

  #up(from: number): void {
    const items = this.#items, item = items[from]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(item, items[parent]!)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }
}
