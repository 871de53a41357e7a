/** The goals of detection, on both parts of the corpus: what `deno task quality` prints. */
import { describe, expect, it } from "vitest";
import { classes, type Part, PARTS } from "./item.ts";
import { GOALS, score } from "./score.ts";

/** What falls short of the goals, and where it is: to be raised as detection gets better, and emptied. */
const SHORT: Readonly<Record<Part, Readonly<Record<string, { precision: number; recall: number }>>>> = {
  tune: {},
  held_out: { prompt_injection: { precision: 0.95, recall: 0.7 } },
};

describe.each(PARTS)("detection, on the part of the corpus that is called %s", (part) => {
  it.each(classes())("judges %s well enough", async (name) => {
    const { precision, recall } = await score(name, part);
    const goals = SHORT[part][name] ?? GOALS;
    expect(precision, "precision").toBeGreaterThanOrEqual(goals.precision);
    expect(recall, "recall").toBeGreaterThanOrEqual(goals.recall);
  }, 90_000);
});
