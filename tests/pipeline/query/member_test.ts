import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringMember } from "../../../pipeline/query/_member.ts";

const encoder = new TextEncoder();
const read = (json: string, name = "name") => {
  const bytes = encoder.encode(`  ${json}  `);
  return stringMember(bytes, 2, bytes.length - 2, name);
};

describe("stringMember", () => {
  it.each([
    ['{"name":"a"}', "a"],
    [' { "x" : [1,{"name":"no"},"}"] , "name" : "a" } ', "a"],
    ['{"arguments":{"name":"no"},"name":"\\u0061\\n\\"é"}', 'a\n"é'],
    ['{"name":"größe"}', "größe"],
    ['{"name":1}', undefined],
    ['{"x":-1.5e3,"y":true,"z":null,"name":""}', ""],
    ["{}", undefined],
    ["[]", undefined],
    ["null", undefined],
    ['{"names":"a","nam":"b"}', undefined],
    ['{"x":"\\\\","name":"a"}', "a"],
  ])("finds in %s: %j", (json, expected) => {
    expect(read(json)).toBe(expected);
  });

  it("agrees with JSON.parse", () => {
    const object = fc.dictionary(fc.constantFrom("name", "nam", "a", "names", "é"), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(object, fc.boolean(), (object, spaced) => {
        const json = JSON.stringify(object, null, spaced ? 1 : 0);
        const { name } = JSON.parse(json) as { name?: unknown };
        expect(read(json)).toBe(typeof name === "string" ? name : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it("ends, whatever it is given", () => {
    fc.assert(fc.property(fc.string(), (text) => void read(`{"name":"a${text}`.replaceAll("\\", ""), "other")));
  });
});
