import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteSearch, type Needle, StringSearch } from "../../../protocols/byte_search/mod.ts";

const encoder = new TextEncoder();
const GROUPS: readonly (readonly Needle[])[] = [
  ["password", "key", '"pin"'],
  [{ text: "token", notAfter: ["next_"] }],
  [{ digits: 14 }, { groups: [3, 2, 4] }],
  [{ iban: true }],
  [{ userInfo: true }],
  ["q~"],
];

/** What is told of a text: each string as written, its groups, and the beginning of its value. */
function listed(search: StringSearch, text: string): [string, number, string][] | undefined {
  const bytes = encoder.encode(`x${text}`);
  search.search(bytes, 1, bytes.length);
  const count = search.strings();
  if (count < 0) return undefined;
  const decode = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(1 + from, 1 + to));
  return Array.from({ length: count }, (_, k) => {
    const value = search.value(k);
    return [decode(search.start(k), search.end(k)), search.groups(k), value === 0 ? "" : decode(value, value + 1)];
  });
}

const PIECE = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("password", "PassWord", "a key", "token", "next_token", "q~", "pin", "a\\b", 'a"b', "é\u{1f511}"),
  fc.constantFrom("4111 1111 1111 1111", "078-05-1120", "12345678901234", "DE89370400440532013000"),
  fc.constantFrom("https://a:b@c/", "https://a/b@c", "\n"),
);
const STRING = fc.array(PIECE, { maxLength: 4 }).map((pieces) => pieces.join(""));
const VALUE = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, STRING, fc.integer(), fc.constant(null), tie("list"), tie("object")),
  list: fc.array(tie("any"), { maxLength: 4 }),
  object: fc.dictionary(STRING, tie("any"), { maxKeys: 4 }),
})).any;

describe("StringSearch", () => {
  it("finds what ByteSearch finds, string by string", () => {
    const search = new StringSearch(GROUPS), plain = new ByteSearch(GROUPS);
    fc.assert(
      fc.property(VALUE, fc.constantFrom(0, 1), (value, space) => {
        const text = JSON.stringify(value, null, space), bytes = encoder.encode(text);
        expect(search.search(bytes, 0, bytes.length)).toBe(plain.search(bytes, 0, bytes.length));
        const expected: [string, number, string][] = [];
        let isWanted = false;
        for (const { 0: string, index } of text.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
          const own = encoder.encode(string), groups = plain.search(own, 0, own.length);
          const after = text.slice(index + string.length).trimStart();
          const first = groups !== 0 && after.startsWith(":") ? after.slice(1).trimStart()[0] ?? "" : "";
          if (groups !== 0 || isWanted) expected.push([string, groups, first]);
          isWanted = first === '"';
        }
        expect(listed(search, text)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });
  it("tells of what stands outside of strings", () => {
    const search = new StringSearch(GROUPS);
    expect(listed(search, '{"a":12345678901234,"b":"q~"}')).toEqual([['"q~"', 32, ""]]);
    expect([search.inStrings, search.outside]).toEqual([32, 4]);
  });
  it("says so if it cannot tell", () => {
    const search = new StringSearch(GROUPS);
    expect(listed(search, '["password"')).toBeDefined();
    expect(listed(search, '["password')).toBeUndefined();
    expect(listed(search, JSON.stringify(["key", "x".repeat(40_000)]))).toBeUndefined();
    expect(listed(search, JSON.stringify(["key", ...new Array(2048).fill("")]))).toBeUndefined();
    expect(listed(search, JSON.stringify(["key", ...new Array(2047).fill("")]))).toEqual([['"key"', 1, ""]]);
  });
  it("looks through long texts, too", () => {
    const search = new StringSearch(GROUPS), bytes = encoder.encode(`${"x".repeat(100_000)}password`);
    expect(search.search(bytes, 0, bytes.length)).toBe(1);
    expect(search.search(bytes, 0, 100_000)).toBe(0);
  });
});
