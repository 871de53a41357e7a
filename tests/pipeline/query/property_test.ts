import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compileQuery,
  FIELDS,
  MANY,
  ONE,
  parseQuery,
  type Pattern,
  printQuery,
  type Query,
  QueryError,
  type Value,
} from "../../../pipeline/query/mod.ts";
import { finding, gap, toolCall } from "./_messages.ts";

const piece = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 4 }),
  fc.constantFrom("and", "or", "-", '"', "\\", "a b", "<x", "..", "|", ")", "\n", "\t\r"),
);
/** Pieces as the parser makes them: no two texts side by side, no two stars. */
const pattern: fc.Arbitrary<Pattern> = fc.array(fc.oneof(piece, fc.constantFrom(MANY, ONE)), { maxLength: 5 }).map(
  (pieces) => {
    const out: (string | typeof MANY | typeof ONE)[] = [];
    for (const piece of pieces) {
      const last = out.at(-1);
      if (typeof piece === "string" && typeof last === "string") out[out.length - 1] = last + piece;
      else if (piece !== MANY || last !== MANY) out.push(piece);
    }
    return out;
  },
);
const clock = fc.integer({ min: 0, max: 86_399_999 });
const date = fc.integer({ min: 1_000_000_000_000, max: 2_000_000_000_000 });
const range = (numbers: fc.Arbitrary<number>): fc.Arbitrary<Value> =>
  fc.tuple(numbers, numbers).map(([a, b]) => ({ type: "range", from: Math.min(a, b), to: Math.max(a, b) }));

function values(type: string, names: readonly string[]): { is: fc.Arbitrary<Value>; bound: fc.Arbitrary<Value> } {
  const number = (numbers: fc.Arbitrary<number>) => ({
    is: fc.oneof(numbers.map((number): Value => ({ type: "number", number })), range(numbers)),
    bound: numbers.map((number): Value => ({ type: "number", number })),
  });
  switch (type) {
    case "name": {
      const name = fc.constantFrom(...names).map((name): Value => ({ type: "name", name }));
      return { is: name, bound: name };
    }
    case "number":
      return number(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0)));
    case "duration":
    case "size":
      return number(fc.oneof(fc.nat(), fc.nat().map((n) => n * 1000), fc.double({ min: 0, max: 1e15, noNaN: true })));
    case "time":
      return {
        is: fc.oneof(range(clock), range(date)),
        bound: fc.oneof(clock, date).map((number) => ({ type: "number", number })),
      };
    default:
      return {
        is: pattern.map((pattern): Value => ({ type: "pattern", pattern })),
        bound: piece.map((text): Value => ({ type: "pattern", pattern: [text] })),
      };
  }
}

const conditions = FIELDS.flatMap((field): fc.Arbitrary<Query>[] => {
  const { is, bound } = values(field.type, field.type === "name" ? field.names : []);
  const several = fc.array(is, { minLength: 1, maxLength: 3 }).map((values): Query => ({
    type: "is",
    field: field.name,
    values,
  }));
  const ordered = "ordered" in field || !["text", "name", "search"].includes(field.type);
  if (!ordered) return [several];
  return [
    several,
    fc.tuple(fc.constantFrom(">", ">=", "<", "<="), bound).map(([operator, value]): Query => ({
      type: "compare",
      field: field.name,
      operator,
      value,
    })),
  ];
});

const { query } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(...conditions),
    fc.tuple(fc.constantFrom("and", "or"), fc.array(tie("query"), { minLength: 2, maxLength: 4 }))
      .map(([type, of]): Query => ({ type, of })),
    tie("query").map((of): Query => ({ type: "not", of })),
  ),
}));

describe("the filter language", () => {
  it("reads what it prints", () => {
    fc.assert(
      fc.property(query, (query) => {
        expect(parseQuery(printQuery(query))).toEqual(query);
      }),
      { numRuns: 2000 },
    );
  });

  it("judges every event by every expression, and its negation otherwise", async () => {
    const events = [...await toolCall("search"), finding(), gap()];
    fc.assert(
      fc.property(query, (query) => {
        const test = compileQuery(query), not = compileQuery({ type: "not", of: query });
        const lenient = compileQuery(query, { lenient: true });
        for (const event of events) {
          expect(not(event)).toBe(!test(event));
          if (event.kind === "mcp") expect(lenient(event)).toBe(test(event));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses garbage by a QueryError with places in it, and by nothing else", () => {
    const token = fc.constantFrom(
      "tool",
      ":",
      "(",
      ")",
      "|",
      "and",
      "or",
      "not",
      "-",
      " ",
      '"',
      "\\",
      ">",
      "=",
      "..",
      "*",
      "é",
    );
    const garbage = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.array(fc.oneof(token, fc.string({ maxLength: 3 })), { maxLength: 25 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(garbage, (text) => {
        try {
          const query = parseQuery(text);
          expect(parseQuery(printQuery(query))).toEqual(query);
        } catch (error) {
          if (!(error instanceof QueryError)) throw error;
          expect(error.problems.length).toBeGreaterThan(0);
          for (const { start, end } of error.problems) {
            expect(start >= 0 && start <= end && end <= text.length).toBe(true);
          }
        }
      }),
      { numRuns: 5000 },
    );
  });
});
