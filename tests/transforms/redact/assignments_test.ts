import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findAssignments, type Judge, mayAssign } from "../../../transforms/redact/assignments.ts";
import type { Deed } from "../../../transforms/redact/rule.ts";

const DEED: Deed = { rule: "x", kind: "password", action: "mask", length: 0, order: Infinity, count: 0 };
const judge: Judge = {
  judge: (name) => name === "password" || name === "api.key" ? DEED : undefined,
  knows: (text, start, end) => judge.judge(text.slice(start, end)) !== undefined,
};

function values(text: string): string[] {
  const found: string[] = [];
  findAssignments(text, judge, (start, end) => found.push(text.slice(start, end)));
  return found;
}

describe("findAssignments", () => {
  it.each([
    ["password=a1b2", ["a1b2"]],
    ["x password=a1b2 y", ["a1b2"]],
    ["PASS=1 password = 'a b' z", ["a b"]],
    ['{"password": "a\\"b", "c": 1}', ['a\\"b']],
    ['{\\"password\\":\\"a b\\",\\"c\\":1}', ["a b"]],
    ["password: Bearer abc def", ["abc def"]],
    ["?a=1&password=abc&b=2", ["abc"]],
    ["run --password abc --other d", ["abc"]],
    ["password=${X} password: string password=", []],
    ["so api.key=>abc; password:=y1", ["abc", "y1"]],
    ["no word here: x", []],
  ])("finds the values in %s", (text, expected) => expect(values(text)).toEqual(expected));

  it("is not kept from a value by how JSON writes the text around it", () => {
    const piece = fc.constantFrom(
      "password",
      "api.key",
      "=",
      ":",
      "--",
      " ",
      "\t",
      "\n",
      '"',
      "'",
      "\\",
      "x",
      "ab12",
      "n",
      "t",
      "{",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const raw = JSON.stringify(text).slice(1, -1);
        if (values(text).length > 0) expect(mayAssign(raw, 0, raw.length, judge)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
