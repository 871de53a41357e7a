/**
 * What of a server differs from its accepted baseline, and how it is accepted.
 *
 * @module
 */
import { BASELINE_LISTS, type BaselineServer, compareLists, type Drift } from "../baseline/mod.ts";
import type { FieldChange } from "../baseline/text_diff.ts";
import type { DriftRow } from "./feed.ts";

const WHAT = { tools: "tool", prompts: "prompt", instructions: "instructions" } as const;
/** Lines of one difference. */
const LINES = 200;

/** The differences between what is accepted and what was seen since. */
export function driftRows({ accepted, seen }: Pick<BaselineServer, "accepted" | "seen">): DriftRow[] {
  return BASELINE_LISTS.flatMap((list) => {
    const before = accepted[list], after = seen[list];
    const drift = before === undefined || after === undefined ? undefined : compareLists(before, after);
    return drift === undefined ? [] : rowsOf(WHAT[list], drift);
  });
}

function rowsOf(what: DriftRow["what"], { added, removed, changed, renamed }: Drift): DriftRow[] {
  return [
    ...changed.map(({ name, fields }): DriftRow => ({ kind: "changed", what, name, diff: lines(fields) })),
    ...renamed.map(({ from, to, fields }): DriftRow => {
      return { kind: "changed", what, name: to, diff: [" name", `-${from}`, `+${to}`, ...lines(fields)] };
    }),
    ...added.map((name): DriftRow => ({ kind: "added", what, name })),
    ...removed.map((name): DriftRow => ({ kind: "removed", what, name })),
  ];
}

function lines(fields: readonly FieldChange[]): string[] {
  return fields.flatMap(({ path, before, after }) => [` ${path}`, ...marked("-", before), ...marked("+", after)])
    .slice(0, LINES);
}

function marked(mark: string, text: string | undefined): string[] {
  return text === undefined ? [] : text.split("\n").map((line) => `${mark}${line}`);
}
