import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shortened } from "../../pipeline/shortened.ts";

describe("shortened", () => {
  it("leaves what is short enough as it is", () => {
    expect(shortened("", 5)).toBe("");
    expect(shortened("abcde", 5)).toBe("abcde");
  });

  it("ends what is longer with an ellipsis, within the length", () => {
    expect(shortened("abcdef", 5)).toBe("abcd…");
    expect(shortened("abc", 1)).toBe("…");
  });

  it("halves no surrogate pair", () => {
    expect(shortened("abc😀def", 5)).toBe("abc…");
    expect(shortened("abc😀def", 6)).toBe("abc😀…");
    fc.assert(fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 40 }), (text, length) => {
      const short = shortened(text, length);
      expect(short.isWellFormed()).toBe(true);
      expect(short.length).toBeLessThanOrEqual(length);
    }));
  });
});
