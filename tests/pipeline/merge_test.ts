import { describe, expect, it } from "vitest";
import { merge } from "../../pipeline/merge.ts";
import { batch, keep, quiet, sleep, sourceOf } from "./_events.ts";

describe("merge", () => {
  it("yields everything that every source yields", async () => {
    const seen: (number | string)[] = [];
    await keep(seen)(merge([sourceOf([batch(1), batch(2)]), sourceOf([batch(3)]), sourceOf([])]));
    expect(seen.sort()).toEqual([1, 2, 3]);
  });

  it("ends at once without sources", async () => {
    expect(await merge([]).next()).toEqual({ value: undefined, done: true });
  });

  it("does not let a quiet source hold up a busy one", async () => {
    const stop = new AbortController();
    const seen: (number | string)[] = [];
    const busy = sourceOf([batch(1), batch(2), batch(3)], (n) => n === 2 && stop.abort());
    await keep(seen)(merge([quiet(stop.signal, batch(9)), busy]));
    expect(seen).toEqual([1, 2, 3, 9]);
  });

  it("does not let a busy source starve another", async () => {
    const seen: (number | string)[] = [];
    const many = (n: number) => sourceOf(Array.from({ length: 50 }, () => batch(n)));
    await keep(seen)(merge([many(1), many(2)]));
    expect(seen.slice(0, 20).filter((n) => n === 2).length).toBe(10);
  });

  it("asks a source for more only after its last batch was asked past", async () => {
    const asked: number[] = [];
    const merged = merge([sourceOf([batch(1), batch(2)], (n) => asked.push(n))]);
    await merged.next();
    await sleep(5);
    expect(asked).toEqual([]);
    await merged.next();
    expect(asked).toEqual([0]);
    await merged.return();
  });

  it("throws what a source throws, and lets go of the others", async () => {
    let released = false;
    const other = (async function* () {
      try {
        for (;;) yield batch(1);
      } finally {
        released = true;
      }
    })();
    const failing = (async function* () {
      yield batch(2);
      throw new Error("unplugged");
    })();
    await expect(keep([])(merge([other, failing]))).rejects.toThrow("unplugged");
    await sleep(1);
    expect(released).toBe(true);
  });
});
