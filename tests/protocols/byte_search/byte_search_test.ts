import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteSearch, type Needle } from "../../../protocols/byte_search/mod.ts";

function search(groups: readonly (readonly Needle[])[], text: string): number {
  const bytes = new TextEncoder().encode(`**${text}**`);
  return new ByteSearch(groups).search(bytes, 2, bytes.length - 2);
}

describe("ByteSearch", () => {
  it("sets a bit for each group that occurs", () => {
    const groups = [["sk-live", "AKIA"], ["password"], ["never"]];
    expect(search(groups, "an akia and a PassWord")).toBe(0b011);
    expect(search(groups, "nothing here")).toBe(0);
    expect(search(groups, "")).toBe(0);
  });

  it("does not look beyond the range", () => {
    const bytes = new TextEncoder().encode("a secret 12345678 \\u00e9 \u00e9");
    const finder = new ByteSearch([["secret"], [{ digits: 8 }], [{ escape: true }], [{ nonAscii: true }]]);
    expect(finder.search(bytes, 0, bytes.length)).toBe(0b1111);
    expect(finder.search(bytes, 0, bytes.length - 2)).toBe(0b0111);
    expect(finder.search(bytes, 0, bytes.length - 4)).toBe(0b0011);
    expect(finder.search(bytes, 0, 16)).toBe(0b0001);
    expect(finder.search(bytes, 0, 7)).toBe(0);
    expect(finder.search(bytes, 3, 10)).toBe(0);
    expect(finder.search(bytes, 10, bytes.length)).toBe(0b1100);
  });

  it("counts digits with one space or hyphen between two of them", () => {
    const groups = [[{ digits: 12 }], [{ digits: 16 }]];
    expect(search(groups, "4111 1111 1111 1111")).toBe(0b11);
    expect(search(groups, "4111-1111-1111 ")).toBe(0b01);
    expect(search(groups, "4111--1111-1111 1111")).toBe(0b01);
    expect(search(groups, "4111--1111--1111 1111")).toBe(0);
    expect(search(groups, "1-2-3-4-5-6-7-8-9-0-1 2")).toBe(0b01);
    expect(search(groups, "12345678901 23")).toBe(0b01);
    expect(search(groups, "12345678901,23")).toBe(0);
  });

  it("counts digits by groups", () => {
    const groups = [[{ groups: [3, 2, 4] as const }]];
    expect(search(groups, "id 078-05-1120.")).toBe(1);
    expect(search(groups, "078 05 1120")).toBe(1);
    expect(search(groups, "1 078-05-1120 2")).toBe(1);
    expect(search(groups, "0078-05-1120, 078-05-11200, 078-051120, 078--05-1120, 2026-11-21 19:53")).toBe(0);
  });

  it("sees what may be an account number", () => {
    const groups = [[{ iban: true } as const]];
    expect(search(groups, "GB82WEST12345698765432")).toBe(1);
    expect(search(groups, "GB82 WEST 1234 5698 7654 32")).toBe(1);
    expect(search(groups, "NO9386011117947")).toBe(1);
    expect(search(groups, "NO93 8601 1117 94")).toBe(0);
    expect(search(groups, "nO9386011117947 NO938601111  7947 NO9-386011117947")).toBe(0);
  });

  it("leaves out a text after another", () => {
    const groups = [[{ text: "Token", notAfter: ["progress", "MAX_"] }]];
    expect(search(groups, '{"progressToken":1,"max_tokens":5}')).toBe(0);
    expect(search(groups, '{"progressToken":1,"token":5}')).toBe(1);
    expect(search(groups, "token progress_token")).toBe(1);
  });

  it("knows JSON's escapes from other backslashes", () => {
    const groups = [[{ escape: true } as const]];
    expect(search(groups, "\\u00E9")).toBe(1);
    expect(search(groups, "C:\\users\\U00e9\\n\\u00e")).toBe(0);
  });

  it("sees a user in a URL", () => {
    const groups = [[{ userInfo: true } as const]];
    expect(search(groups, "postgres://u:p@host/db")).toBe(1);
    expect(search(groups, "https:\\/\\/u:p@host")).toBe(1);
    expect(search(groups, 'https://host/@scope https://host?a@b "https://host" a@b https://')).toBe(0);
  });

  it("refuses what it cannot look for", () => {
    expect(() => new ByteSearch([[""]])).toThrow(RangeError);
    expect(() => new ByteSearch([["é"]])).toThrow(RangeError);
    expect(() => new ByteSearch([[{ text: "token", notAfter: [""] }]])).toThrow(RangeError);
    expect(() => new ByteSearch([[{ groups: [1, 2, 4] }]])).toThrow(RangeError);
    expect(() => new ByteSearch([[{ groups: [15, 2, 4] }]])).toThrow(RangeError);
    expect(() => new ByteSearch([[{ digits: 7 }]])).toThrow(RangeError);
    expect(() => new ByteSearch(new Array(32).fill(["abc"]))).toThrow(RangeError);
  });

  it("finds what includes() finds", () => {
    const letter = fc.constantFrom(..."aAbBcC-_10 ");
    const text = fc.string({ unit: letter, minLength: 1, maxLength: 6 });
    const groups = fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 8 });
    fc.assert(fc.property(groups, fc.string({ unit: letter, maxLength: 120 }), (groups, hay) => {
      const expected = groups.reduce(
        (mask, group, k) =>
          group.some((needle) => hay.toLowerCase().includes(needle.toLowerCase())) ? mask | 1 << k : mask,
        0,
      );
      expect(search(groups, hay)).toBe(expected);
    }));
  });
});
