import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_TEXT, ONE_IN, Prints, STRETCH } from "../../../protocols/text_prints/mod.ts";

const prints = new Prints();
const encoder = new TextEncoder();

/** The fingerprints of a text, and how many characters counted. */
function taken(text: string): { hashes: number[]; length: number } {
  const bytes = encoder.encode(`..${text}..`);
  prints.take(bytes, 2, bytes.length - 2);
  return { hashes: [...prints.hashes.subarray(0, prints.count)], length: prints.length };
}

const words = fc.array(
  fc.string({ unit: fc.constantFrom(..."abcdefghijklmnop0123456789é"), minLength: 1, maxLength: 9 }),
  {
    minLength: 40,
    maxLength: 200,
  },
).map((list) => list.join(" "));

describe("Prints", () => {
  it("are the same however a text is quoted, indented and spelt", () => {
    fc.assert(fc.property(words, (text) => {
      const plain = taken(text);
      expect(taken(text.toUpperCase().replaceAll("É", "é"))).toEqual(plain);
      expect(taken(text.replaceAll(" ", "\n\t  "))).toEqual(plain);
      expect(taken(JSON.stringify(text.replaceAll(" ", '"\n')))).toEqual(plain);
      expect(taken(JSON.stringify(JSON.stringify(text.replaceAll(" ", '"\r\n'))))).toEqual(plain);
    }));
  });

  it("of a part are among those of the whole", () => {
    fc.assert(fc.property(words, words, words, (before, part, after) => {
      const whole = new Set(taken(`${before} ${part} ${after}`).hashes);
      for (const hash of taken(part).hashes) expect(whole.has(hash)).toBe(true);
    }));
  });

  it("are about one in eight stretches", () => {
    let text = "", state = 1;
    while (text.length < 50_000) text += (state = Math.imul(state, 48271) >>> 1).toString(36);
    const { hashes, length } = taken(text);
    expect(length).toBe(text.length);
    expect(hashes.length / (length - STRETCH) * ONE_IN).toBeCloseTo(1, 0);
    expect(new Set(hashes).size).toBeGreaterThan(hashes.length * 0.99);
  });

  it("tell where they are", () => {
    const text = "The quick brown fox jumps over the lazy dog, and then some more of it, until there is enough.".repeat(
      3,
    );
    taken(text);
    for (let k = 0; k < prints.count; k++) {
      const upTo = text.slice(0, prints.offsets[k]);
      expect(upTo.replace(/[^A-Za-z]/g, "").length).toBe(prints.places[k]);
    }
  });

  it("are none of a short text, or of one character over and over", () => {
    expect(taken("a b c")).toEqual({ hashes: [], length: 3 });
    expect(taken("").length).toBe(0);
    expect(taken("a".repeat(5000)).hashes.length).toBeLessThan(2);
    expect(taken("-=".repeat(5000))).toEqual({ hashes: [], length: 0 });
  });

  it("are bounded, and any bytes will do", () => {
    const bytes = new Uint8Array(MAX_TEXT * 2);
    for (let k = 0, state = 7; k < bytes.length; k++) bytes[k] = (state = Math.imul(state, 48271) >>> 1) >>> 8;
    prints.take(bytes, 1, bytes.length);
    expect(prints.length).toBeLessThanOrEqual(MAX_TEXT);
    prints.take(bytes.fill(0x5c), 0, bytes.length);
    expect(prints.length).toBe(0);
    prints.take(encoder.encode("\\u00"), 0, 4);
    expect(prints.count).toBe(0);
  });
});
