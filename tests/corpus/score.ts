/** Precision and recall of the detectors, by class. */
import { classes, items, type Part } from "./item.ts";
import { verdicts } from "./judge.ts";

/** What has to be reached in each class. */
export const GOALS = { precision: 0.95, recall: 0.8 } as const;

/** How one class does. */
export interface Score {
  readonly class: string;
  readonly hostile: number;
  readonly benign: number;
  /** Hostile items that were found. */
  readonly found: number;
  /** Benign items that were taken for hostile. */
  readonly wrong: number;
  /** Of what was taken for hostile, the part that is; 1 if there was nothing. */
  readonly precision: number;
  /** Of what is hostile, the part that was found. */
  readonly recall: number;
  /** Ids of the items judged wrongly. */
  readonly misses: readonly string[];
}

/** Judges all items of a part. */
export async function scores(part: Part): Promise<Score[]> {
  const all: Score[] = [];
  for (const name of classes()) all.push(await score(name, part));
  return all;
}

/** Judges the items of one class's part. */
export async function score(name: string, part: Part): Promise<Score> {
  const misses: string[] = [];
  const count = { hostile: 0, benign: 0 }, flagged = { hostile: 0, benign: 0 };
  const all = items(name, part);
  const found = await verdicts(all);
  for (const [index, item] of all.entries()) {
    const isFlagged = (found[index]?.length ?? 0) > 0;
    count[item.label]++;
    if (isFlagged) flagged[item.label]++;
    if (isFlagged !== (item.label === "hostile")) misses.push(item.id);
  }
  const { hostile: right, benign: wrong } = flagged;
  const precision = right + wrong === 0 ? 1 : right / (right + wrong);
  return { class: name, ...count, found: right, wrong, precision, recall: right / count.hostile, misses };
}

/** Whether a class reaches the goals. */
export function isGood({ precision, recall }: Score): boolean {
  return precision >= GOALS.precision && recall >= GOALS.recall;
}
