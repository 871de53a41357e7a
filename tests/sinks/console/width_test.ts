import { describe, expect, it } from "vitest";
import fc from "fast-check";
import stringWidth from "string-width";
import { visible } from "../../../sinks/console/visible.ts";
import { shorten, shortenMiddle, width } from "../../../sinks/console/width.ts";

describe("width", () => {
  it.each([
    ["plain", 5],
    ["日本語", 6],
    ["e\u0301", 1],
    ["👩‍💻", 2],
    ["→ ▸ ✓ ✗ • …", 11],
    ["", 0],
  ])("of %s is %d columns", (text, columns) => {
    expect(width(text)).toBe(columns);
  });

  it("agrees with string-width, the fast path too", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(width(visible(text))).toBe(stringWidth(visible(text)));
    }));
    const units = fc.integer({ min: 0x20, max: 0x2fff }).map((code) => visible(String.fromCharCode(code)));
    fc.assert(
      fc.property(units, (text) => {
        expect(width(text)).toBe(stringWidth(text));
      }),
      { numRuns: 5000 },
    );
  });
});

describe("shorten", () => {
  it("leaves alone what fits", () => {
    expect(shorten("twelve chars", 12)).toBe("twelve chars");
    expect(shorten("日本", 4)).toBe("日本");
  });

  it("ends what does not fit in an ellipsis", () => {
    expect(shorten("twelve chars", 8)).toBe("twelve …");
  });

  it("never halves a wide character or a cluster", () => {
    expect(shorten("日本語", 4)).toBe("日…");
    expect(shorten("a👩‍💻b", 3)).toBe("a…");
  });

  it("never takes more columns than it may", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 0, max: 20 }), (text, columns) => {
      expect(width(shorten(visible(text), columns))).toBeLessThanOrEqual(columns);
    }));
  });
});

describe("shortenMiddle", () => {
  it("keeps both ends", () => {
    expect(shortenMiddle("server-everything", 10)).toBe("serve…hing");
    expect(shortenMiddle("日本語日本語", 7)).toBe("日本…語");
  });
});
