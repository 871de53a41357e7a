import { describe, expect, it } from "vitest";
import { Counts, OTHER } from "../../../sinks/serve/tally.ts";

describe("Counts", () => {
  it("counts each name", () => {
    const counts = new Counts();
    for (const names of ["a\0x", "b\0x", "a\0x"]) counts.add(names);
    expect([...counts]).toEqual([[["a", "x"], 2], [["b", "x"], 1]]);
  });

  it("counts names beyond the bound, and long ones, together: a peer may choose them", () => {
    const counts = new Counts();
    for (let k = 0; k < 1000; k++) counts.add(`method ${k}\0ok`);
    counts.add(`${"m".repeat(10_000)}\0ok`);
    const all = [...counts];
    expect(all.length).toBe(201);
    expect(all.at(-1)).toEqual([[OTHER, OTHER], 801]);
  });
});
