import { describe, expect, it } from "vitest";
import type { Change, Feed } from "../../../pipeline/feed/feed.ts";
import { ChangeRing, type Kept } from "../../../sinks/serve/ring.ts";

/** A feed of which only the changes are asked for: the test says when there are some. */
class Told {
  #push: (change: Change | undefined) => void = () => {};
  #waiting: (Change | undefined)[] = [];
  follows = 0;

  tell(n: number): void {
    this.#waiting.push({ type: "lost", changes: n }); // any change will do
    this.#push(undefined);
  }

  async *changes(signal: AbortSignal): AsyncGenerator<Change> {
    this.follows++;
    signal.addEventListener("abort", () => this.#push(undefined));
    while (!signal.aborted) {
      const change = this.#waiting.shift();
      if (change !== undefined) yield change;
      else await new Promise<void>((resolve) => this.#push = () => resolve());
    }
  }
}

function made(limits?: { changes: number; length: number }) {
  const told = new Told();
  const ring = new ChangeRing(told as unknown as Feed, (error) => {
    throw error;
  }, limits);
  return { told, ring };
}

const numberOf = (kept: Kept | undefined) => kept?.change.type === "lost" ? kept.change.changes : undefined;

async function take(reader: AsyncGenerator<Kept | undefined>, count: number): Promise<(Kept | undefined)[]> {
  const taken: (Kept | undefined)[] = [];
  while (taken.length < count) {
    const { done, value } = await reader.next();
    if (done) break;
    taken.push(value ?? undefined);
  }
  return taken;
}

const never = new AbortController().signal;

describe("ChangeRing", () => {
  it("tells all readers the same, in order, from when they began", async () => {
    const { told, ring } = made();
    const one = ring.read(undefined, never, 30_000);
    const first = take(one, 2);
    told.tell(1);
    told.tell(2);
    expect((await first).map(numberOf)).toEqual([1, 2]);
    const other = ring.read(undefined, never, 30_000);
    const both = [take(one, 1), take(other, 1)];
    told.tell(3);
    expect((await Promise.all(both)).flat().map(numberOf)).toEqual([3, 3]);
    expect([ring.readers, told.follows]).toEqual([2, 1]);
    ring.close();
    await Promise.all([one.return(), other.return()]);
    expect(ring.readers).toBe(0);
  });

  it("lets a reader go on where it was", async () => {
    const { told, ring } = made();
    const one = ring.read(undefined, never, 30_000);
    const taken = take(one, 3);
    for (const n of [1, 2, 3]) told.tell(n);
    const [first] = await taken;
    await one.return();
    const again = ring.read(first?.cursor, never, 30_000);
    expect((await take(again, 2)).map(numberOf)).toEqual([2, 3]);
    await again.return();
    ring.close();
  });

  it("tells a reader that is too slow how much it has lost, and goes on from now", async () => {
    const { told, ring } = made({ changes: 10, length: 1_000_000 });
    const slow = ring.read(undefined, never, 30_000), quick = ring.read(undefined, never, 30_000);
    const first = take(slow, 1);
    const all = take(quick, 50);
    for (let n = 1; n <= 50; n++) told.tell(n);
    expect((await all).map(numberOf)).toEqual(Array.from({ length: 50 }, (_, k) => k + 1));
    await first;
    const [lost] = await take(slow, 1);
    expect(lost?.json).toBe('{"type":"lost","changes":49}');
    const next = take(slow, 1);
    told.tell(51);
    expect((await next).map(numberOf)).toEqual([51]);
    ring.close();
    await Promise.all([slow.return(), quick.return()]);
  });

  it("keeps a bounded length", async () => {
    const { told, ring } = made({ changes: 1000, length: 100 });
    const quick = ring.read(undefined, never, 30_000);
    const cursor = ring.cursor;
    const all = take(quick, 20);
    for (let n = 1; n <= 20; n++) told.tell(n);
    await all;
    const [lost] = await take(ring.read(cursor, never, 30_000), 1);
    expect(lost?.json).toBe('{"type":"lost","changes":20}');
    ring.close();
    await quick.return();
  });

  it("knows cursors of another process, of the future, and what is none", async () => {
    const { ring } = made();
    for (const cursor of ["abcdef012345-7", `${ring.cursor}9`, `${ring.cursor}-1`, "x", "", "-", "💥-1"]) {
      const [lost] = await take(ring.read(cursor, never, 30_000), 1);
      expect(lost?.json).toBe('{"type":"lost","changes":0}');
    }
    ring.close();
  });

  it("says when nothing comes, and ends with the signal", async () => {
    const { ring } = made();
    const stop = new AbortController();
    const reader = ring.read(undefined, stop.signal, 5);
    expect(await take(reader, 2)).toEqual([undefined, undefined]);
    stop.abort();
    expect((await reader.next()).done).toBe(true);
    ring.close();
  });
});
