import { describe, expect, it } from "vitest";
import {
  describeQuery,
  fieldsOf,
  MANY,
  MAX_DEPTH,
  MAX_LENGTH,
  ONE,
  parseQuery,
  printQuery,
  QueryError,
  type QueryProblem,
} from "../../../pipeline/query/mod.ts";

function problems(text: string): readonly QueryProblem[] {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof QueryError) return error.problems;
    throw error;
  }
  return [];
}

/** The mistakes as `column: message`. */
function said(text: string): string[] {
  return problems(text).map(({ start, message }) => `${start + 1}: ${message}`);
}

describe("parseQuery", () => {
  it("reads conditions side by side as and", () => {
    expect(parseQuery("tool:search* status:error")).toEqual({
      type: "and",
      of: [
        { type: "is", field: "tool", values: [{ type: "pattern", pattern: ["search", MANY] }] },
        { type: "is", field: "status", values: [{ type: "name", name: "error" }] },
      ],
    });
  });

  it("binds not before and before or", () => {
    expect(printQuery(parseQuery("a or -b c or not (d or e)"))).toBe(
      "text:a or not text:b text:c or not (text:d or text:e)",
    );
    expect(parseQuery("a and b")).toEqual(parseQuery("a b"));
    expect(parseQuery("A AND B OR C")).toEqual(parseQuery("A B or C"));
  });

  it("reads numbers with their units", () => {
    const number = (text: string) => {
      const query = parseQuery(text);
      return query.type === "compare" && query.value.type === "number" ? query.value.number : undefined;
    };
    expect(number("latency>500")).toBe(500);
    expect(number("latency>500ms")).toBe(500);
    expect(number("latency > 1.5s")).toBe(1500);
    expect(number("latency:>=2m")).toBe(120_000);
    expect(number("latency<30us")).toBe(0.03);
    expect(number("duration>1h")).toBe(3_600_000);
    expect(number("size>64KiB")).toBe(65_536);
    expect(number("size>64kib")).toBe(65_536);
    expect(number("size<=1.5MB")).toBe(1_500_000);
    expect(number("error>-32000")).toBe(-32_000);
  });

  it("reads ranges, lists and quoted values", () => {
    expect(parseQuery("http:(404|500..599)")).toEqual({
      type: "is",
      field: "http",
      values: [{ type: "number", number: 404 }, { type: "range", from: 500, to: 599 }],
    });
    expect(parseQuery("method:( tools/call | tools/list )")).toEqual(parseQuery("method:(tools/call|tools/list)"));
    expect(parseQuery('text:"foo \\"bar\\" \\\\ *"')).toEqual({
      type: "is",
      field: "text",
      values: [{ type: "pattern", pattern: ['foo "bar" \\ *'] }],
    });
    expect(parseQuery('"foo bar"')).toEqual(parseQuery('text:"foo bar"'));
    expect(parseQuery("tool:a\\*?\\ b")).toEqual({
      type: "is",
      field: "tool",
      values: [{ type: "pattern", pattern: ["a*", ONE, " b"] }],
    });
  });

  it("takes a time for as long as it is written for", () => {
    expect(printQuery(parseQuery("time:18:08"))).toBe("time:18:08..18:08:59.999");
    expect(printQuery(parseQuery("time:18:08:15"))).toBe("time:18:08:15..18:08:15.999");
    expect(printQuery(parseQuery("time:2026-11-21T18:08Z"))).toBe("time:2026-11-21T18:08Z..2026-11-21T18:08:59.999Z");
    expect(printQuery(parseQuery("time:2026-11-21T18:08+01:00"))).toBe(
      "time:2026-11-21T17:08Z..2026-11-21T17:08:59.999Z",
    );
    expect(printQuery(parseQuery("time>18:08:15.5"))).toBe("time>18:08:15.500");
  });

  it("takes = for : and != for its negation", () => {
    expect(parseQuery("tool=x")).toEqual(parseQuery("tool:x"));
    expect(parseQuery("tool == x")).toEqual(parseQuery("tool:x"));
    expect(parseQuery("tool!=x")).toEqual(parseQuery("not tool:x"));
  });

  it("knows fields and names without regard to case", () => {
    expect(parseQuery("Tool:x Status:ERROR")).toEqual(parseQuery("tool:x status:error"));
  });

  it("names the fields that are asked for", () => {
    expect([...fieldsOf(parseQuery("tool:a or not (b and size>1) tool:c"))]).toEqual(["tool", "text", "size"]);
  });

  it("says an expression in words", () => {
    expect(describeQuery(parseQuery('tool:(a|b) latency>=1s -"x y" or pid:1'))).toBe(
      '(tool is a or b and latency is at least 1s and not text contains "x y") or pid is 1',
    );
  });

  it.each([
    ["tol:x", ['1: unknown field "tol"; did you mean "tool"?']],
    ["status:eror", [
      '8: expected one of ok, error, tool_error, cancelled, hung, pending; did you mean "error"?',
    ]],
    ["latency>5q", ["9: expected a duration such as 500ms, 1.5s, 2m or 30us, got 5q"]],
    ["tool:a|b", ["7: a list stands in parentheses: tool:(a|b)"]],
    ["a|b", ['2: write "or"; "|" is for lists, such as method:(tools/call|tools/list)']],
    ["a && b", ['3: write "and", "or" or "not"; as text it stands in quotes: "&&"']],
    ["tool>x", ['5: tool is not ordered; expected ":", as in tool:search*']],
    ["tool:", ["6: expected a value directly after tool:, as in tool:search*"]],
    ["tool: x", ["6: expected a value directly after tool:, as in tool:search*"]],
    ["tool:(a b) c", ['9: expected "|" or ")" in the list']],
    ["severity>=(low|high)", ["11: expected one value after severity>="]],
    ["latency>1s..2s", ['9: expected one value after ">"']],
    ["size:2KB..1KB", ["6: expected the smaller value before the larger one"]],
    ["time:18:08..2026-11-21", ['6: expected a date on both sides of "..", or on neither']],
    ["pid:1..", ['5: expected a number on both sides of "..", got 1..']],
    ["(a", ['1: this "(" is never closed']],
    ["a)", ['2: no "(" is open here']],
    ["()", ["2: expected a condition in the parentheses"]],
    ['"a', ["1: these quotes are never closed"]],
    ["a\\", ['1: nothing follows the last "\\"']],
    ["a or", ['5: expected a condition after "or"']],
    ["or a", ['1: expected a condition before "or"']],
    ["and a", ['1: expected a condition before "and"']],
    ["a and", ['3: expected a condition after "and"']],
    ["not", ['1: expected a condition after "not"']],
    ["a - b", ['3: expected a condition directly after "-"']],
    ['a"b"', ['2: expected a space before "']],
    ["", ["1: expected a condition, such as tool:search* or status:error"]],
    [" \n ", ["1: expected a condition, such as tool:search* or status:error"]],
  ])("points at the mistake in %j", (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  it("names all mistakes at once", () => {
    expect(said("tol:x latency>5q (a")).toHaveLength(3);
    expect(() => parseQuery("tol:x latency>5q")).toThrow(/^column 1: unknown field "tol".*; column 7|; column 15: /);
    expect(problems("tol:x")[0]).toMatchObject({ start: 0, end: 3 });
  });

  it("proposes quotes for what looks like a field and is none", () => {
    expect(said("foo:bar")[0]).toMatch(/^1: unknown field "foo"; expected one of .*in quotes: "foo:bar"$/);
  });

  it("bounds length and depth", () => {
    expect(said("x".repeat(MAX_LENGTH + 1))).toEqual([`${MAX_LENGTH + 1}: expected at most ${MAX_LENGTH} characters`]);
    expect(said("(".repeat(8000))).toEqual([`${MAX_DEPTH + 1}: nested more than ${MAX_DEPTH} deep`]);
    expect(said("-".repeat(8000) + "a")).toHaveLength(1);
    expect(said("not ".repeat(4000) + "a")).toHaveLength(1);
    expect(problems(`${"(".repeat(MAX_DEPTH)}a${")".repeat(MAX_DEPTH)}`)).toEqual([]);
    expect(problems("\\a".repeat(8000))).toEqual([]);
    expect(problems("nosuch:x ".repeat(1000)).length).toBeLessThan(20);
  });
});
