import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorRate } from "../../../transforms/detect/error_rate.ts";

const options = { within_s: 60, errors: 5, share: 0.5, factor: 3 };

describe("ErrorRate", () => {
  it("counts what was in the window, by sixths of it", () => {
    fc.assert(fc.property(
      fc.array(fc.record({ after: fc.integer({ min: 0, max: 30_000 }), failed: fc.boolean() }), { maxLength: 100 }),
      (calls) => {
        const rate = new ErrorRate(options);
        let time = 1e12;
        const seen = calls.map(({ after, failed }) => {
          rate.add(time += after, failed);
          return { slice: Math.floor(time / 10_000), failed };
        });
        const inWindow = seen.filter(({ slice }) => slice > Math.floor(time / 10_000) - 6);
        expect([rate.calls, rate.errors]).toEqual([inWindow.length, inWindow.filter(({ failed }) => failed).length]);
      },
    ));
  });

  it("forgets half of what is usual in an hour", () => {
    const rate = new ErrorRate(options);
    for (let k = 0; k < 100; k++) rate.add(1e12 + k, k % 10 === 0);
    rate.add(1e12 + 3_600_000, false);
    expect(rate.usual).toBeCloseTo(0.1, 5);
    for (let hours = 2; hours < 7; hours++) rate.add(1e12 + hours * 3_600_000, false);
    expect(rate.usual).toBeNaN(); // too little is left to know
  });
});
