import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Packer, unpack } from "../../../pipeline/store/pack.ts";
import { type StatementName, STATEMENTS, type Value } from "../../../pipeline/store/statements.ts";

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true }).map((number) => number === 0 ? 0 : number),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.uint8Array({ maxLength: 300 }),
);
const row = fc.nat(STATEMENTS.length - 1).chain((number) => {
  const { name, width } = STATEMENTS[number]!;
  return fc.tuple(fc.constant(name), fc.array(value, { minLength: width, maxLength: width }));
});

describe("Packer", () => {
  it("hands on what was packed, whatever it is", () => {
    fc.assert(fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const packer = new Packer();
      for (const [name, values] of rows) packer.write(name, values);
      expect(packer.rows).toBe(rows.length);
      const found: [StatementName, Value[]][] = [];
      unpack(packer.take(), { write: (name, values) => found.push([name, values]) });
      expect(found.length).toBe(rows.length);
      found.forEach(([name, values], k) => {
        expect(name).toBe(rows[k]![0]);
        expect(values.map(plain)).toEqual(rows[k]![1].map(plain));
      });
      expect(packer.length).toBe(0);
    }));
  });
});

/** Bytes as an array; text as it is in UTF-8, where a lone surrogate has no place. */
function plain(value: Value): unknown {
  if (value instanceof Uint8Array) return [...value];
  return typeof value === "string" ? value.replace(/\p{Cs}/gu, "\ufffd") : value;
}
