import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Table } from "../../../protocols/capture/table.ts";

describe("Table", () => {
  it("does what a Map does", () => {
    const id = fc.oneof(fc.nat(5), fc.constantFrom(4095, 4096, 70_000, 0xfffffffe));
    const step = fc.record({ id, how: fc.constantFrom("set", "get", "delete") });
    fc.assert(fc.property(fc.array(step), (steps) => {
      const table = new Table<number>(), map = new Map<number, number>();
      for (const [k, { id, how }] of steps.entries()) {
        if (how === "set") {
          table.set(id, k);
          map.set(id, k);
        } else if (how === "delete") expect(table.delete(id)).toBe(map.delete(id));
        expect(table.get(id)).toBe(map.get(id));
        expect(table.size).toBe(map.size);
      }
    }));
  });
});
