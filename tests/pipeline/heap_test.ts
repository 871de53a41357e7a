import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap } from "../../pipeline/heap.ts";

describe("a heap", () => {
  it("gives what it has by time, and of one time in their order", () => {
    fc.assert(fc.property(fc.array(fc.nat(20)), (times) => {
      const heap = new Heap<{ time: number; order: number }>(), items = times.map((time, order) => ({ time, order }));
      for (const item of items) heap.push(item);
      const given = items.map(() => heap.pop());
      expect(given).toEqual([...items].sort((a, b) => a.time - b.time || a.order - b.order));
      expect(heap.pop()).toBeUndefined();
    }));
  });

  it("puts the first in its new place when its time has changed", () => {
    fc.assert(fc.property(fc.array(fc.array(fc.nat(50), { minLength: 1 }), { minLength: 1 }), (lists) => {
      const heap = new Heap<{ time: number; rest: number[] }>(), all: number[] = [];
      for (const list of lists) {
        const [time, ...rest] = list.sort((a, b) => a - b);
        heap.push({ time: time!, rest });
      }
      for (let top; (top = heap.top) !== undefined;) {
        all.push(top.time);
        const next = top.rest.shift();
        if (next === undefined) heap.pop();
        else {
          top.time = next;
          heap.sink();
        }
      }
      expect(all).toEqual([...lists.flat()].sort((a, b) => a - b));
    }));
  });
});
