import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countRedactions, segments, visible } from "../../../../sinks/serve/web/model/segments.ts";

describe("segments", () => {
  it("leave ordinary text in one piece", () => {
    expect(segments("Zürich, 24 °C 👩‍🚀")).toEqual([{ kind: "plain", text: "Zürich, 24 °C 👩‍🚀" }]);
    expect(segments("")).toEqual([]);
  });

  it("name what cannot be seen and what reorders a line", () => {
    expect(segments("a\u202Eb\u0000\n")).toEqual([
      { kind: "plain", text: "a" },
      { kind: "hidden", text: "U+202E", code: "U+202E" },
      { kind: "plain", text: "b" },
      { kind: "hidden", text: "␀", code: "U+0000" },
      { kind: "hidden", text: "↵", code: "U+000A" },
    ]);
    expect(segments("a\nb", true)).toEqual([{ kind: "plain", text: "a\nb" }]);
    expect(visible("a\u200bb")).toBe("a⟨U+200B⟩b");
  });

  it("mark what was redacted", () => {
    expect(segments("key=<api_key:hash:1807317074e3>, <password>")).toEqual([
      { kind: "plain", text: "key=" },
      { kind: "redacted", text: "<api_key:hash:1807317074e3>", of: "api_key", hash: "1807317074e3" },
      { kind: "plain", text: ", " },
      { kind: "redacted", text: "<password>", of: "password", hash: undefined },
    ]);
    expect(segments("Bearer sha256:9f86d081")[1]).toEqual({
      kind: "redacted",
      text: "sha256:9f86d081",
      of: "credential",
      hash: "9f86d081",
    });
    expect(countRedactions("<b>bold</b> <div> <password>")).toBe(1);
  });

  it("lose no character, and let none through that is dangerous", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        const shown = segments(text).map((part) => part.text).join("");
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b]/u);
      }),
      { numRuns: 30 },
    ); // making such texts is slow
  });
});
