import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteSearch, forgetSearched, type Needle } from "../../../protocols/byte_search/mod.ts";
import { sortNeedles } from "../../../protocols/byte_search/needle.ts";
import { PlainSearch } from "./_plain.ts";

/** Few different characters, so that much is found, and much nearly. */
const unit = fc.constantFrom(...'abAB12- _\\u"/:@', "\u00e9");
const text = fc.string({ unit: fc.constantFrom(...'abAB12- _\\u"/:@'), minLength: 1, maxLength: 9 });
const needle: fc.Arbitrary<Needle> = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.record({ text, notAfter: fc.array(text, { maxLength: 3 }) }),
  fc.record({ digits: fc.integer({ min: 8, max: 12 }) }),
  fc.record({ groups: fc.constantFrom<[number, number, number]>([3, 2, 4], [2, 3, 3], [4, 4, 4]) }),
  fc.constantFrom<Needle>({ iban: true }, { userInfo: true }, { nonAscii: true }, { escape: true }),
);
/** Pieces that the classes are about, among other text. */
const piece = fc.oneof(
  fc.string({ unit, maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(..."1234567890 -"), minLength: 6, maxLength: 30 }),
  fc.constantFrom(
    "123-45-6789",
    "12 345 678",
    "1234 5678 9012",
    "\\u00e9",
    "\\u00g9",
    "://",
    ":\\/\\/",
    "u:p@h",
    "AB12CDEF34567890",
  ),
  fc.string({ unit: fc.constantFrom(..."AB12 "), minLength: 10, maxLength: 30 }),
);
const texts = fc.array(piece, { maxLength: 25 }).map((pieces) => new TextEncoder().encode(pieces.join("")));
const groups = fc.array(fc.array(needle, { maxLength: 12 }), { maxLength: 31 });

/** What both find in the same range. */
function both(
  groups: readonly (readonly Needle[])[],
  buffer: Uint8Array,
  start: number,
  end: number,
): [number, number] {
  return [
    new ByteSearch(groups).search(buffer, start, end),
    new PlainSearch(sortNeedles(groups)).search(buffer, start, end),
  ];
}

describe("the search in WebAssembly", () => {
  it("finds what the plain one finds", () => {
    fc.assert(
      fc.property(groups, texts, fc.nat(20), fc.nat(20), (groups, buffer, from, cut) => {
        const start = Math.min(from, buffer.length), end = Math.max(start, buffer.length - cut);
        const [fast, plain] = both(groups, buffer, start, end);
        expect(fast).toBe(plain);
      }),
      { numRuns: 1500 },
    );
  });

  it("finds any bytes among any bytes", () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const letters = fc.string({
      unit: fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    });
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 60 }),
        bytes,
        fc.nat(400),
        fc.nat(59),
        (needles, buffer, at, k) => {
          const planted = new TextEncoder().encode(needles[k % needles.length]);
          const room = new Uint8Array(Math.max(buffer.length, at + planted.length));
          room.set(buffer);
          room.set(planted, at);
          const groups = needles.slice(0, 31).map((needle) => [needle]);
          const [fast, plain] = both(groups, room, 0, room.length);
          expect(fast).toBe(plain);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("finds what lies over the border of two windows, and no more", () => {
    const groups: Needle[][] = [
      ["needle"],
      [{ text: "token", notAfter: ["progress"] }],
      [{ digits: 12 }],
      [{ groups: [3, 2, 4] }],
      [{ iban: true }],
      [{ userInfo: true }],
      [{ escape: true }],
    ];
    const search = new ByteSearch(groups), plain = new PlainSearch(sortNeedles(groups));
    const pieces = [
      "needle",
      "progresstoken",
      "token",
      "123456789012",
      "1234567 89012 4",
      "123-45-6789",
      "0123-45-67890",
      "GB82WEST12345698765432",
      "a://user:password@host",
      `a://user:${"p".repeat(2000)}@host`,
      "\\u00e9",
    ];
    const size = 64 * 1024, step = size - 4096;
    for (const piece of pieces) {
      const bytes = new TextEncoder().encode(piece);
      for (let shift = -40; shift < 600; shift += 7) {
        const buffer = new Uint8Array(size + 2 * step).fill(0x2e);
        for (const border of [step, size]) buffer.set(bytes, border - 20 + shift);
        const [fast, slow] = [search.search(buffer, 0, buffer.length), plain.search(buffer, step - 700, size + 3000)];
        if (fast !== slow) expect([piece, shift, fast]).toEqual([piece, shift, slow]);
      }
    }
  });

  it("finds the same in one text after the other of a buffer, until it is told that the buffer has changed", () => {
    const search = new ByteSearch([["apple"], ["pear"], [{ digits: 8 }]]);
    const pieces = ["apple", "pear ", "12345678", "nothing at all", "appl", "e 1234", "5678"];
    const ends: number[] = [];
    let text = "";
    for (let k = 0; k < 20_000; k++) ends.push((text += pieces[(k * 5 + (k >> 3)) % pieces.length]).length);
    const buffer = new TextEncoder().encode(text);
    for (let k = 1; k < ends.length; k++) {
      const from = ends[k - 1]!, to = ends[k]!;
      if (search.searchNext(buffer, from, to) !== search.search(buffer, from, to)) expect([from, to]).toEqual([]);
    }
    expect(search.searchNext(buffer, 0, buffer.length)).toBe(7);
    buffer.fill(0x20);
    forgetSearched();
    expect(search.searchNext(buffer, buffer.length - 100, buffer.length)).toBe(0);
  });

  it("keeps searches apart", () => {
    const buffer = new TextEncoder().encode("an apple, a pear");
    const searches = ["apple", "pear", "plum", "fig"].map((fruit) => new ByteSearch([[fruit]]));
    expect(searches.map((search) => search.search(buffer, 0, buffer.length))).toEqual([1, 1, 0, 0]);
  });
});
