import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planPipeline } from "../../../pipeline/config/load.ts";
import { formatProblem } from "../../../pipeline/config/problem.ts";
import { parse, registry } from "./_check.ts";

const VALID = `// watch
{
  "$schema": "./pipeline.schema.json",
  "sources": { "tape": { "type": "replay", "path": "~/in", "speed": "\${SPEED}", "repeat": 2, }, },
  "transforms": [ { "type": "filter", "methods": ["ping", "tools/call"] } ], /* all */
  "sinks": {
    "file": { "type": "jsonl", "path": "\${DIR}/out", "when_full": "drop", "queue_events": 10, "also": ["a", "b"],
              "labels": { "é": "\\u00e9" }, "rotate": { "every": "day", "size": 10 }, "transforms": [{ "type": "filter" }] }
  }
}
`;

const PIECES = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  "//",
  "/*",
  "*/",
  "${",
  "}",
  "null",
  "1e999",
  "-",
  "\n",
  "\0",
  "\uFEFF",
  "\uD800",
  '"type"',
  '"__proto__"',
  '"sinks": {},',
  "./",
  "${file:",
  "${DIR:-",
  "\u2028",
];

/** Cuts, doubles and inserts until little is left as it was. */
const mutated = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(12),
    insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4, unit: "binary" })),
  }),
  { minLength: 1, maxLength: 6 },
).map((edits) =>
  edits.reduce((text, { at, cut, insert }) => {
    const start = Math.floor(at * text.length);
    return text.slice(0, start) + insert + text.slice(start + cut);
  }, VALID)
);

describe("a check of any text", () => {
  it("takes the text that the others are made of", async () => {
    expect((await parse(VALID)).problems).toEqual([]);
  });

  it("ends in a plan or in problems that have a place, and never throws", async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        const { plan, problems } = await parse(text);
        expect(plan === undefined).toBe(problems.length > 0);
        const lines = text.replace(/^\uFEFF/, "").split("\n");
        for (const problem of problems) {
          expect(problem.message).not.toMatch(/undefined|\[object|Error/);
          const { line, column } = problem.at!;
          expect(lines[line - 1]?.length ?? -1).toBeGreaterThanOrEqual(column - 1);
        }
        const again = await parse(text);
        expect(again.problems.map(formatProblem)).toEqual(problems.map(formatProblem));
      }),
      { numRuns: 1500 },
    );
  });

  it("takes any value for an option", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("path", "raw", "also", "labels", "rotate", "when_full", "type"),
        fc.jsonValue(),
        async (name, value) => {
          const config = {
            sources: { a: { type: "replay", path: "x" } },
            sinks: { b: { type: "jsonl", path: "x", [name]: value } },
          };
          const { plan, problems } = await planPipeline(config as never, { registry });
          expect(plan === undefined).toBe(problems.length > 0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("takes any value for a pipeline", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (sources, sinks) => {
        const { problems } = await planPipeline({ sources, sinks } as never, { registry });
        expect(problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
