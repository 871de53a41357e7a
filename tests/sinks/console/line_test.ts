import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { render, type Span, wrapped } from "../../../sinks/console/line.ts";
import { palette } from "../../../sinks/console/palette.ts";
import { width } from "../../../sinks/console/width.ts";

const INDENT = "  ";
const plain = palette(false);
const shown = (spans: readonly Span[], columns: number, most: number): string[] =>
  wrapped(spans, columns, INDENT, most).map((line) => render(line, columns, plain));

describe("wrapped", () => {
  it("breaks at blanks, over the borders of spans too", () => {
    const spans: Span[] = [["warn", "⚠ "], ["plain", "one two three four"], ["dim", "  (rule)"]];
    expect(shown(spans, 12, 9)).toEqual(["⚠ one two", "  three four", "  (rule)"]);
    expect(shown(spans, 40, 9)).toEqual(["⚠ one two three four  (rule)"]);
  });

  it("cuts what is in the last line", () => {
    expect(shown([["plain", "one two three four five"]], 10, 2)).toEqual(["one two", "  three f…"]);
  });

  it("breaks a word that no line can hold", () => {
    expect(shown([["plain", "a"], ["dim", " bbbbbbbbbbbbbbb c"]], 8, 9)).toEqual([
      "a",
      "  bbbbbb",
      "  bbbbbb",
      "  bbb c",
    ]);
  });

  it("fits, and loses nothing but blanks", () => {
    const text = fc.array(fc.constantFrom("a", "bcd", " ", "  ", "検索", "x".repeat(30))).map((parts) =>
      parts.join("")
    );
    fc.assert(fc.property(fc.array(text), fc.integer({ min: 8, max: 60 }), (texts, columns) => {
      const lines = shown(texts.map((text): Span => ["plain", text]), columns, Infinity);
      for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
      expect(lines.join("").replaceAll(" ", "")).toBe(texts.join("").replaceAll(" ", ""));
    }));
  });
});
