import { describe, expect, it } from "vitest";
import { countTokens, loadTokenizer } from "../../pipeline/tokens.ts";

describe("countTokens", () => {
  it("is NaN until the vocabulary is loaded", async () => {
    expect(countTokens("hello")).toBeNaN();
    await loadTokenizer();
    expect(countTokens("hello world")).toBe(2);
    expect(countTokens("")).toBe(0);
  });

  it("takes special tokens for text", async () => {
    await loadTokenizer();
    expect(countTokens("<|endoftext|>")).toBeGreaterThan(3);
  });

  it("counts long prose in slices as it would whole, but for a percent", async () => {
    await loadTokenizer();
    const sentence = "The quick brown fox jumps over the lazy dog. ";
    const one = countTokens(sentence.repeat(10)) / 10;
    const many = countTokens(sentence.repeat(1000)) / 1000;
    expect(Math.abs(many - one) / one).toBeLessThan(0.01);
  });

  it("takes bounded time for hostile text", async () => {
    await loadTokenizer();
    for (const unit of ["a", " ", "😀", "漢", "\n", "\ud800"]) {
      const begun = performance.now();
      const tokens = countTokens(unit.repeat(2_000_000 / unit.length));
      expect(performance.now() - begun).toBeLessThan(2000);
      expect(Number.isInteger(tokens) && tokens > 0).toBe(true);
    }
  });
});
