import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteSearch } from "../../../protocols/byte_search/mod.ts";
import { mayChain, NAMES } from "./_chained.ts";
import { isForeign } from "./_foreign.ts";

const encoder = new TextEncoder();

describe("foreign characters", () => {
  const search = new ByteSearch([[{ foreign: true }]]);
  const has = (text: string) => {
    const bytes = encoder.encode(text);
    return search.search(bytes, 0, bytes.length) === 1;
  };

  it("are those of other scripts and invisible ones, escaped or not", () => {
    for (
      const text of [
        "\u0430bc",
        "\u200b",
        "\u202e",
        "\u4e2d",
        "\u{1d5ba}",
        "\u{e0041}",
        "\u00ad",
        "\\u0430",
        "\\u200B",
        "\\u001b",
      ]
    ) {
      expect([text, has(text)]).toEqual([text, true]);
    }
  });

  it("are not accents, dashes, quotation marks, arrows, boxes and emoji", () => {
    for (
      const text of [
        "caf\u00e9 \u0142",
        "\u2013 \u201cx\u201d \u2192 \u2500 \u2713 \u20ac",
        "\u{1f600}",
        "\ud83d\ude00",
        "\\u00e9 \\ud83d\\ude00",
        "",
      ]
    ) {
      expect([text, has(text)]).toEqual([text, false]);
    }
  });

  it("are found as they are in plain TypeScript", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom("abc ", "\u00e9\u2013", "\u{1f600}"),
      fc.integer({ min: 0, max: 0xffff }).map((code) => `\\u${code.toString(16).padStart(4, "0")}`),
    );
    const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = encoder.encode(text);
        expect(has(text)).toBe(isForeign(bytes, 0, bytes.length));
      }),
      { numRuns: 3000 },
    );
  });

  it("are found over the border of two windows", () => {
    for (let before = 65_536 - 8; before < 65_536 + 2; before++) {
      expect(has("x".repeat(before) + "\u4e2d" + "y".repeat(9000))).toBe(true);
      expect(has("x".repeat(before) + "\u2713" + "y".repeat(9000))).toBe(false);
    }
  });
});

describe("chained commands", () => {
  const search = new ByteSearch([[{ chained: [...NAMES] }]]);
  const has = (text: string) => {
    const bytes = encoder.encode(text);
    return search.search(bytes, 0, bytes.length) === 1;
  };

  it("are a separator and a program, or a shell's own signs", () => {
    for (
      const text of [
        "x; cat y",
        "x|RM",
        'a\\n \\"ls',
        "`base64`",
        "a & ( rm -r",
        "x;/bin/y",
        "$(id)",
        "x > /etc/y",
        ">>~",
        "<(x",
        "\\\\\\nrm",
        "f;g()",
      ]
    ) {
      expect([text, has(text)]).toEqual([text, true]);
    }
  });

  it("are not separators and other words, nor comparisons", () => {
    for (
      const text of [
        "x; category",
        "TODO|FIXME",
        "a\\nand",
        "score > 0.75",
        "a => b",
        "x < y",
        "C:\\\\new",
        "C:\\\\nrm",
      ]
    ) {
      expect([text, has(text)]).toEqual([text, false]);
    }
  });

  it("are found as they are in plain TypeScript", () => {
    const piece = fc.oneof(
      fc.string({ unit: fc.constantFrom(...";|&`$<>\\ncatrm '(\"/.7z:~{"), maxLength: 8 }),
      fc.constantFrom(...NAMES, "shutdown12345", "\\n", "\\\\", "plain text ", "> ", "; ", "Cat"),
    );
    const texts = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = encoder.encode(text);
        expect(has(text)).toBe(mayChain(bytes, 0, bytes.length));
      }),
      { numRuns: 5000 },
    );
  });

  it("take one list of names", () => {
    expect(() => new ByteSearch([[{ chained: ["a"] }], [{ chained: ["b"] }]])).toThrow(RangeError);
    expect(() => new ByteSearch([[{ chained: Array.from({ length: 769 }, (_, k) => `n${k}`) }]])).toThrow(RangeError);
  });
});
