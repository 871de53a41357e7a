import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Sequence } from "../../../pipeline/sensors/sequence.ts";

function after(...numbers: number[]): ReturnType<Sequence["take"]> {
  const sequence = new Sequence();
  for (const number of numbers) sequence.saw(number, 0, 0, true);
  return sequence.take(0, 0, true);
}

describe("the numbers of a process", () => {
  it("that come one after the other lack nothing, wherever they begin", () => {
    expect(after(5, 6, 7, 8)).toBeUndefined();
  });

  it("that jump lack what lies between", () => {
    expect(after(1, 2, 5, 6, 9)).toEqual({ events: 4, from: 3, to: 8 });
  });

  it("that come late, from another thread, lack nothing", () => {
    expect(after(1, 4, 3, 2, 5)).toBeUndefined();
  });

  it("may begin at 0 anew", () => {
    expect(after(7, 8, 0, 1, 2)).toBeUndefined();
  });

  it("that come twice lack nothing", () => {
    expect(after(1, 2, 3, 2, 3, 4)).toBeUndefined();
  });

  it("are waited for, and then they are lost", () => {
    const sequence = new Sequence();
    sequence.saw(0, 1000, 1000, true);
    sequence.saw(2, 1001, 1001, true);
    expect(sequence.take(9500, 1500, false)).toBeUndefined();
    expect(sequence.take(11_500, 1500, false)).toEqual({ events: 1, from: 1, to: 1 });
    expect(sequence.hasHoles).toBe(false);
  });

  it("in any order within reach are counted exactly", () => {
    const shuffled = fc.uniqueArray(fc.nat(60), { minLength: 2, maxLength: 60 });
    fc.assert(fc.property(shuffled, (numbers) => {
      const sequence = new Sequence();
      const first = Math.min(...numbers), last = Math.max(...numbers);
      sequence.saw(first, 0, 0, false);
      for (const number of numbers) sequence.saw(number, 0, 0, false);
      expect(sequence.take(0, 0, true)?.events ?? 0).toBe(last - first + 1 - numbers.length);
    }));
  });

  it("with more holes than are remembered lose none of the count", () => {
    const numbers = Array.from({ length: 500 }, (_, k) => k * 2);
    expect(after(...numbers)?.events).toBe(499);
  });
});
