import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Quantile } from "../../../transforms/detect/quantile.ts";

describe("Quantile", () => {
  it("does the worked example of the paper (table I, the median of 20 numbers)", () => {
    // Jain & Chlamtac 1985, page 1081
    const numbers = [0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92];
    numbers.push(34.60, 10.28, 1.47, 0.40, 0.05, 11.39, 0.27, 0.42, 0.09, 11.37);
    const median = new Quantile(0.5);
    for (const x of numbers) median.add(x);
    expect(median.value).toBeCloseTo(4.44, 2);
  });

  it("is near the exact value, and never outside of what it saw", () => {
    fc.assert(fc.property(
      fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 400 }),
      fc.constantFrom(0.5, 0.9, 0.95),
      (numbers, p) => {
        const quantile = new Quantile(p);
        for (const x of numbers) quantile.add(x);
        expect(quantile.value).toBeGreaterThanOrEqual(Math.min(...numbers));
        expect(quantile.value).toBeLessThanOrEqual(Math.max(...numbers));
      },
    ));
    const even = new Quantile(0.95);
    for (let k = 0; k < 10_000; k++) even.add((k * 7919) % 10_007);
    expect(even.value).toBeGreaterThan(9300);
    expect(even.value).toBeLessThan(9700);
  });

  it("knows nothing before the first number", () => {
    expect(new Quantile(0.5).value).toBeNaN();
  });
});
