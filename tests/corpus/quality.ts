/**
 * `deno task quality [--tune] [--misses] [CLASS...]`: precision and recall of the detectors on the corpus, by class.
 * Ends with 1 if a class misses the goals.
 *
 * @module
 */
import { parseArgs } from "node:util";
import process from "node:process";
import Table from "cli-table3";
import { classes, items, type Part } from "./item.ts";
import { GOALS, isGood, type Score, score } from "./score.ts";

const USAGE = `usage: deno task quality [--tune] [--misses] [CLASS...]; classes: ${classes().join(", ")}`;

async function main(): Promise<number> {
  const { values: { tune = false, misses = false }, positionals } = parseArgs({
    allowPositionals: true,
    options: { tune: { type: "boolean" }, misses: { type: "boolean" } },
  });
  const unknown = positionals.filter((name) => !classes().includes(name));
  if (unknown.length > 0) throw new TypeError(`no such class: ${unknown.join(", ")}`);
  if (misses && !tune) throw new TypeError("--misses is for --tune: what is held out is not looked at");
  const part: Part = tune ? "tune" : "held_out";
  const all: Score[] = [];
  for (const name of positionals.length > 0 ? positionals : classes()) all.push(await score(name, part));
  say(`${tune ? "The part for tuning" : "The held-out part"}; the goals are ${goals()}.`);
  say(table(all));
  if (misses) all.forEach(tellMisses);
  const bad = all.filter((score) => !isGood(score)).map(({ class: name }) => name);
  if (bad.length > 0) say(`below the goals: ${bad.join(", ")}`);
  return bad.length > 0 ? 1 : 0;
}

const goals = (): string => `precision ${GOALS.precision.toFixed(2)} and recall ${GOALS.recall.toFixed(2)}`;

function table(all: readonly Score[]): string {
  const right = Array.from({ length: 6 }, () => "right" as const);
  const table = new Table({
    head: ["class", "hostile", "benign", "found", "wrong", "precision", "recall", ""],
    colAligns: ["left", ...right, "left"],
    style: { head: [], border: [] },
  });
  for (const score of all) {
    const { class: name, hostile, benign, found, wrong, precision, recall } = score;
    table.push([
      name,
      hostile,
      benign,
      found,
      wrong,
      precision.toFixed(3),
      recall.toFixed(3),
      isGood(score) ? "✓" : "✗",
    ]);
  }
  return table.toString();
}

function tellMisses({ class: name, misses }: Score): void {
  const notes = new Map(items(name, "tune").map(({ id, note }) => [id, note]));
  for (const id of misses) say(`${id}: ${notes.get(id)}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 2;
}
