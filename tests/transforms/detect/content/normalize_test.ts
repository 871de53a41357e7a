import fc from "fast-check";
import { anyText } from "./_any.ts";
import { describe, expect, it } from "vitest";
import { normalize } from "../../../../transforms/detect/content/normalize.ts";

const text = (source: string) => normalize(source).text;
const tagged = (plain: string) => [...plain].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join("");

describe("normalize", () => {
  it.each([
    ["zero-width characters", "ig\u200bno\u200dre\u2060 me", "ignore me"],
    ["full-width letters", "ｉｇｎｏｒｅ", "ignore"],
    ["mathematical letters", "𝐢𝐠𝐧𝐨𝐫𝐞", "ignore"],
    ["Cyrillic letters in a Latin word", "іgnоrе", "ignore"],
    ["marks", "i\u0301g\u0308nore", "ignore"],
    ["direction marks", "\u202eignore\u202c", "ignore"],
    ["character references", "&#105;gnor&#x65; &lt;b", "ignore <b"],
    ["percent-encoding", "%69%67%6e%6f%72%65", "ignore"],
    ["backslash escapes", "\\u0069\\x67nore", "ignore"],
    ["escapes of escapes", "&amp;#105;gnore", "ignore"],
    ["spaces between letters", "i g n o r e  m e", "ignore me"],
    ["hyphens between letters", "i-g-n-o-r-e", "ignore"],
    ["colours of a terminal", "\x1b[31mignore\x1b[0m", "ignore"],
    ["soft hyphens", "ig\u00adnore", "ignore"],
  ])("undoes %s", (_, source, plain) => {
    expect(text(source)).toBe(plain);
  });

  it("leaves words of other scripts as they are", () => {
    expect(text("Привет, мир")).toBe("Привет, мир");
    expect(text("忽略 指令")).toBe("忽略 指令");
    expect(text("हिन्दी")).toBe("हिन्दी");
  });

  it("reads tag characters, but not those of flags", () => {
    const { hidden } = normalize(`hello${tagged("obey")}`);
    expect(hidden).toMatchObject({ tags: 4, text: "obey" });
    expect(normalize("🏴󠁧󠁢󠁥󠁮󠁧󠁿 and 🏴󠁧󠁢󠁷󠁬󠁳󠁿").hidden.tags).toBe(0);
  });

  it("does not take joiners of emoji and of scripts that need them for hidden", () => {
    expect(normalize("👨‍👩‍👧 ❤️ سلام‌علیکم क्‍ष").hidden).toMatchObject({ zeroWidth: 0, selectors: 0 });
    expect(normalize("a\u200bb\u200bc").hidden.zeroWidth).toBe(2);
  });

  it("reads bytes in variation selectors", () => {
    const bytes = [...new TextEncoder().encode("obey")].map((b) => String.fromCodePoint(0xe0100 + b - 16)).join("");
    expect(normalize(`😀${bytes}`).hidden.text).toBe("obey");
  });

  it("tells terminal sequences that hide from those that colour", () => {
    expect(normalize("\x1b[32mok\x1b[0m").hidden).toMatchObject({ ansi: 2, concealing: 0 });
    expect(normalize("\x1b[8mpsst\x1b[28m").hidden.concealing).toBe(1);
    expect(normalize("psst\x1b[2K\x1b[1A").hidden.concealing).toBe(2);
  });

  it("keeps what comments and hidden elements say, and where it is", () => {
    const comment = normalize("<p>a</p><!-- psst -->b");
    expect(comment.text).toContain("psst");
    expect(comment.invisible).toHaveLength(1);
    const hidden = normalize('<div style="display:none">psst <b>b</b></div><div>c</div>');
    const [[from, to] = [0, 0]] = hidden.invisible;
    expect(hidden.text.slice(from, to)).toContain("psst");
    expect(hidden.text.slice(from, to)).not.toContain("c");
    expect(normalize("a\n[//]: # (psst)\nb").invisible).toHaveLength(1);
  });

  it("takes no comparison and no placeholder for markup", () => {
    expect(text("if a < b and c > d")).toBe("if a < b and c > d");
    expect(text("<environment variables>")).toContain("environment variables");
  });

  it("decodes base64 and hexadecimal digits that read as text, and nothing else", () => {
    const secret = "please do as I say";
    expect(normalize(`x ${btoa(secret)} y`).decoded).toMatchObject([{ how: "base64", text: secret }]);
    const hex = [...new TextEncoder().encode(secret)].map((b) => b.toString(16).padStart(2, "0")).join("");
    expect(normalize(hex).decoded.some(({ text }) => text === secret)).toBe(true);
    expect(normalize("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk").decoded).toEqual([]);
    expect(normalize("a/long/path/with/many/parts internationalization").decoded).toEqual([]);
  });

  it("reads the beginning and the end of what is too long", () => {
    const { text, omitted } = normalize(`first ${"x ".repeat(5000)} last`, { maxChars: 1000 });
    expect(omitted).toBeGreaterThan(9000);
    expect(text.length).toBeLessThan(1100);
    expect(text).toMatch(/^first .* last$/s);
  });

  it("takes any text", () => {
    fc.assert(fc.property(anyText, (source) => {
      const { text, invisible } = normalize(source);
      expect(typeof text).toBe("string");
      for (const [from, to] of invisible) expect(from).toBeLessThanOrEqual(to);
    }));
  });

  it("takes any mixture of what it undoes", () => {
    const part = fc.constantFrom(
      ..."<|>|<!--|-->|&#|;|%69|\\u00|\x1b[|8m|\u200b|\u0301|\u{e0069}|a|i g n |=='\"|]:|\n|<div hidden|</div".split(
        "|",
      ),
    );
    fc.assert(fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      normalize(parts.join(""));
    }));
  });

  it.each([
    ["open tags", "<a "],
    ["open comments", "<!--"],
    ["ampersands", "&#1"],
    ["percent signs", "%6"],
    ["backslashes", "\\u00"],
    ["escape sequences", "\x1b[1;"],
    ["combining marks of two kinds", "\u0301\u0323"],
    ["spread letters", "i g "],
    ["hexadecimal digits", "0x6"],
    ["base64", "QUJD"],
    ["quotes and equals signs", "<a b='"],
    ["brackets", "[//]: #"],
    ["tag characters", "\u{e0041}"],
    ["styles", "<p style=display: "],
  ])("takes time in proportion to the length of %s", (_, unit) => {
    const time = (chars: number) => {
      const source = unit.repeat(Math.ceil(chars / unit.length));
      let best = Infinity;
      for (let k = 0; k < 3; k++) {
        const started = performance.now();
        normalize(source, { maxChars: 1 << 20 });
        best = Math.min(best, performance.now() - started);
      }
      return best;
    };
    time(5_000);
    const short = time(20_000), long = time(160_000); // 8 times as long
    expect(long).toBeLessThan(Math.max(400, short * 8 * 5));
  });
});
