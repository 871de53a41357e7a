/**
 * Merges by time.
 *
 * @module
 */

/** Something that has a time. */
interface Timed {
  /** Of what it has first. */
  readonly time: number;
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
      if (child + 1 < items.length && items[child + 1]!.time < items[child]!.time) child++;
      if (items[child]!.time >= item.time) break;
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
      if (items[parent]!.time <= item.time) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }
}
