import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { cut, visible } from "../../../sinks/console/visible.ts";

describe("visible", () => {
  it.each([
    ["a line break", "a\nb", "a↵b"],
    ["a tab", "a\tb", "a⇥b"],
    ["a carriage return", "good\rbad!", "good␍bad!"],
    ["an escape sequence", "\x1b[2J\x1b[H", "␛[2J␛[H"],
    ["a window title", "\x1b]0;pwned\x07", "␛]0;pwned␇"],
    ["an 8-bit control sequence", "\x9b2J", "⟨U+009B⟩2J"],
    ["backspaces", "rm\b\bls", "rm␈␈ls"],
    ["a right-to-left override", "\u202egnp.exe", "⟨U+202E⟩gnp.exe"],
    ["an isolate", "\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"],
    ["a zero-width space", "pay\u200bpal", "pay⟨U+200B⟩pal"],
    ["hidden tag characters", "hi\u{e0041}\u{e0042}", "hi⟨U+E0041⟩⟨U+E0042⟩"],
    ["variation selectors that carry data", "x\ufe01\u{e0101}", "x⟨U+FE01⟩⟨U+E0101⟩"],
    ["a line separator", "a\u2028b", "a⟨U+2028⟩b"],
    ["half a surrogate pair", "\ud83d!", "⟨U+D83D⟩!"],
    ["a filler that looks blank", "a\u3164b", "a⟨U+3164⟩b"],
    ["piled-up marks", "e" + "\u0301".repeat(50), "e\u0301\u0301\u0301\u0301…"],
  ])("shows %s", (_, hostile, shown) => {
    expect(visible(hostile)).toBe(shown);
  });

  it.each(["plain", "Grüße, Ελλάδα, Привет", "日本語", "👍🏽 ⚠️ 👩‍💻 1️⃣", "مرحبا"])("leaves %s alone", (text) => {
    expect(visible(text)).toBe(text);
  });

  it("lets nothing through that a terminal acts on", () => {
    const anything = fc.string({ unit: "binary" });
    fc.assert(fc.property(anything, (text) => {
      // deno-lint-ignore no-control-regex
      expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
    }));
  });

  it("bounds what it looks at", () => {
    expect(visible("x".repeat(1_000_000)).length).toBeLessThan(5000);
  });
});

describe("cut", () => {
  it("does not halve a surrogate pair", () => {
    expect(cut("a😀", 2)).toBe("a");
    expect(cut("a😀", 3)).toBe("a😀");
  });
});
