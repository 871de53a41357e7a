import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../pipeline/event.ts";
import { canonical } from "../../../protocols/canonical_json/mod.ts";

describe("canonical", () => {
  it("writes the examples of RFC 8785 as it says", () => {
    // Section 3.2.2 and 3.2.3
    const numbers = '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]}';
    expect(canonical(JSON.parse(numbers))).toBe('{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}');
    const sorted = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "😀": "Emoji: Grinning Face",
      "\u0080": "Control",
      "ö": "Latin Small Letter O With Diaeresis",
    };
    const order = Object.values(JSON.parse(`[${canonical(sorted).slice(1, -1).replace(/":"/g, '","')}]`) as string[])
      .filter((_, i) => i % 2 === 1);
    expect(order).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  it("is JSON of the same value, and the same for members in any order", () => {
    const shuffled = (value: Json): Json =>
      Array.isArray(value)
        ? value.map(shuffled)
        : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, shuffled(inner)]))
        : value;
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const json = JSON.parse(JSON.stringify(value)) as Json;
      expect(JSON.parse(canonical(json))).toEqual(json);
      expect(canonical(shuffled(json))).toBe(canonical(json));
    }));
  });
});
