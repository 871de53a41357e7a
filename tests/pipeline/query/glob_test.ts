import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MANY, ONE, type Pattern } from "../../../pipeline/query/ast.ts";
import { finder, matcher } from "../../../pipeline/query/glob.ts";

/** `a*b?` as a pattern. */
function pattern(glob: string): Pattern {
  return glob.split(/([*?])/).filter((piece) => piece !== "").map((piece) =>
    piece === "*" ? MANY : piece === "?" ? ONE : piece
  );
}

describe("matcher", () => {
  it.each([
    ["search", "Search", true],
    ["search", "search2", false],
    ["search*", "search", true],
    ["search*", "research", false],
    ["*search", "research", true],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["?", "😀", true],
    ["*?", "", false],
    ["?*?", "ab", true],
    ["?*?", "a", false],
    ["*😀", "x😀", true],
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["ZÜRICH", "zürich", true],
    ["*ab*ab", "abab", true],
    ["*ab*ab", "xab", false],
  ])("says of %j and %j: %j", (glob, text, expected) => {
    expect(matcher(pattern(glob))(text)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    const glob = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 8 }).map((parts) =>
      parts.join("").replaceAll(/\*+/g, "*")
    );
    const text = fc.array(fc.constantFrom("a", "b", "B"), { maxLength: 10 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(glob, text, (glob, text) => {
        const source = glob.replaceAll("*", "[^]*").replaceAll("?", "[^]");
        expect(matcher(pattern(glob))(text)).toBe(new RegExp(`^${source}$`, "iu").test(text));
        expect(finder(pattern(glob))(text.toLowerCase())).toBe(new RegExp(source, "iu").test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it("takes no long time for hostile patterns and texts", () => {
    const matches = matcher(pattern("*a".repeat(50) + "*b")), text = "a".repeat(200_000);
    const start = performance.now();
    expect(matches(text)).toBe(false);
    expect(finder(pattern("?a?a?a?b"))(text)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
