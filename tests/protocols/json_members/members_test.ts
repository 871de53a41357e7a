import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forgetMembers, Members, MembersFound } from "../../../protocols/json_members/mod.ts";

const PATHS = [["a"], ["a", "b"], ["a", "b", "c"], ["b"], ["a", "c"], ["ключ"]];
const members = new Members(PATHS);
const encoder = new TextEncoder(), decoder = new TextDecoder();

function find(text: string): unknown[] {
  forgetMembers();
  const bytes = encoder.encode(text);
  expect(members.find(bytes, 0, bytes.length, 64)).toBe(MembersFound.object);
  return PATHS.map((_, path) => {
    const from = members.from(path);
    return from < 0 ? undefined : JSON.parse(decoder.decode(bytes.subarray(from, members.to(path))));
  });
}

function plainly(text: string): unknown[] {
  const value = JSON.parse(text);
  return PATHS.map((path) =>
    path.reduce<unknown>((at, name) => isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined, value)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

describe("members by their paths", () => {
  it("are found as JSON.parse finds them", () => {
    const name = fc.constantFrom("a", "b", "c", "ключ", "", "ab", "x");
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: "grapheme" }),
        fc.double(),
        fc.constant(null),
        fc.boolean(),
        tie("object"),
        fc.array(tie("value"), { maxLength: 3 }),
      ),
      object: fc.dictionary(name, tie("value"), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.nat(3), (object, indent) => {
        const text = JSON.stringify(object, undefined, indent);
        expect(find(text)).toEqual(plainly(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("of a name that comes twice are those of the last", () => {
    const text = '{"a":{"b":1,"c":{"x":[]}},"b":1,"a":{"c":2}}';
    expect(find(text)).toEqual(plainly(text));
  });

  it("are not found in strings or in other objects", () => {
    expect(find('{"x":"\\"a\\":1","y":{"a":1},"z":[{"a":2}]}')).toEqual(PATHS.map(() => undefined));
  });

  it("are found behind text that is longer than what is copied at once", () => {
    const text = JSON.stringify({ x: "y".repeat(200_000), a: { b: "z".repeat(70_000) } });
    expect(find(text)).toEqual(plainly(text));
  });

  it("are found in lines of one large buffer", () => {
    const lines = Array.from({ length: 500 }, (_, k) => JSON.stringify({ b: k, a: { c: "x".repeat(k) } }));
    const bytes = encoder.encode(lines.join("\n"));
    forgetMembers();
    for (let k = 0, at = 0; k < lines.length; k++) {
      const end = at + lines[k]!.length;
      members.find(bytes, at, end, 64);
      expect(decoder.decode(bytes.subarray(members.from(3), members.to(3)))).toBe(String(k));
      at = end + 1;
    }
  });

  it("that are numbered are the same texts, however many there are", () => {
    const numbered = new Members([["a"], ["b"]], [0]);
    const decode = (buffer: Uint8Array, start: number, end: number) => decoder.decode(buffer.subarray(start, end));
    for (let k = 0; k < 20_000; k++) {
      const text = k % 3 === 0 ? "the same" : `n${k % 7000}`,
        bytes = encoder.encode(JSON.stringify({ a: text, b: text }));
      forgetMembers();
      numbered.find(bytes, 0, bytes.length, 8);
      if (numbered.from(0) < 0) throw new Error("not found");
      const found = numbered.text(0, bytes, decode);
      if (found !== undefined) expect(found).toBe(text);
      expect(numbered.text(1, bytes, decode)).toBeUndefined();
    }
  });

  it("are told what is no JSON, as JSON.parse does", () => {
    const json = fc.oneof(
      fc.json(),
      fc.dictionary(fc.constantFrom("a", "b"), fc.json()).map((object) => JSON.stringify(object)),
    );
    fc.assert(
      fc.property(json, fc.nat(), fc.nat(255), fc.boolean(), (text, at, byte, isChanged) => {
        const bytes = encoder.encode(text);
        if (isChanged && bytes.length > 0) bytes[at % bytes.length] = byte;
        forgetMembers();
        const found = members.find(bytes, 0, bytes.length, 64);
        let value: unknown;
        try {
          value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
        } catch {
          expect(found === MembersFound.object || found === MembersFound.array).toBe(false);
          return;
        }
        if (typeof value === "object" && value !== null) {
          expect(found).toBe(Array.isArray(value) ? MembersFound.array : MembersFound.object);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("cannot be asked for without bound", () => {
    expect(() => new Members([Array.from({ length: 17 }, () => "a")])).toThrow("A path has 1 to 16 names");
    expect(() => new Members([[]])).toThrow(RangeError);
    expect(() => new Members(Array.from({ length: 2000 }, (_, k) => [`m${k}`]))).toThrow("More than 1024 members");
  });
});
