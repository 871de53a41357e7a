import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../pipeline/event.ts";
import { Field, peek, peekedFrom, peekedTo, printOf } from "../../../protocols/mcp/mod.ts";

const encoder = new TextEncoder();

/** That of params, as `mcp` finds their `_meta`. */
function print(params: { readonly [member: string]: Json }): number {
  const bytes = encoder.encode(JSON.stringify(params)), to = bytes.length;
  const hasMeta = (peek(bytes, 0, to) & 1 << Field.meta) !== 0;
  return printOf(bytes, 0, to, hasMeta ? peekedFrom(Field.meta) : 0, hasMeta ? peekedTo(Field.meta) : 0);
}

describe("printOf", () => {
  it("leaves out the progress token, wherever _meta stands", () => {
    const args = { name: "x", arguments: { a: [1, '"'] } };
    expect(print({ ...args, _meta: { progressToken: 1 } })).toBe(print({ ...args, _meta: { progressToken: 12345 } }));
    expect(print({ _meta: { progressToken: 1 }, ...args })).toBe(
      print({ _meta: { progressToken: "a,b}", more: {} }, ...args }),
    );
    expect(print({ name: "x", _meta: 1, arguments: {} })).toBe(print({ name: "x", _meta: [[2]], arguments: {} }));
  });

  it("counts a _meta that is a value or stands deeper", () => {
    expect(print({ name: "_meta", arguments: 1 })).not.toBe(print({ name: "_meta", arguments: 2 }));
    expect(print({ name: "x", arguments: { _meta: 1 } })).not.toBe(print({ name: "x", arguments: { _meta: 2 } }));
  });

  it("tells different arguments apart", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(fc.property(value, value, (a, b) => {
      const [x, y] = [a, b].map((value) => print({ name: "x", arguments: value as Json }));
      expect(x === y).toBe(JSON.stringify(a) === JSON.stringify(b));
    }));
  });

  it("takes long params by their ends and length", () => {
    const long = (length: number, end: string) => print({ name: "x", arguments: { text: "a".repeat(length) + end } });
    expect(long(100_000, "x")).toBe(long(100_000, "x"));
    expect(long(100_000, "x")).not.toBe(long(100_000, "y"));
    expect(long(100_000, "x")).not.toBe(long(100_001, "x"));
  });
});
