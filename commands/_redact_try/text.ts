/**
 * What `mcpsonde redact --try` says.
 *
 * @module
 */
import type { Palette } from "../../sinks/console/palette.ts";
import { visible } from "../../sinks/console/visible.ts";
import { table } from "../_table.ts";
import type { Done, Example, Trial } from "./trial.ts";

/** Characters of a value that are shown, at most, and of how many. */
const SHOWN = 3, OF = 8;

/** How it is shown. */
export interface Look {
  readonly paint: Palette;
  readonly columns: number;
  /** Show values whole. */
  readonly reveal: boolean;
}

/** The report. */
export function report(trial: Trial, rules: readonly string[], look: Look): string {
  const { paint } = look;
  const done = [...trial.done.values()].filter(({ deed }) => deed.count > 0)
    .sort((a, b) => a.deed.order - b.deed.order || b.deed.count - a.deed.count);
  const values = done.reduce((sum, { deed }) => sum + deed.count, 0);
  const lines: string[] = [
    `${count(trial.messages, "message")} and ${count(trial.others, "other event")}: ` +
    `${count(values, "value")} hidden in ${trial.changed}${trial.dropped > 0 ? `, ${trial.dropped} left out` : ""}`,
  ];
  if (done.length > 0) {
    const rows = done.map((
      { deed, events },
    ) => [deed.rule, deed.kind, deed.action, String(deed.count), String(events)]);
    lines.push("", table([["rule", "kind", "action", "values", "events"], ...rows], look.columns).trimEnd());
  }
  const idle = rules.filter((rule) => !done.some(({ deed }) => deed.rule === rule));
  if (idle.length > 0) lines.push("", paint.warn(`nothing fits ${idle.join(", ")}`));
  for (const one of done) if (one.examples.length > 0) lines.push("", ...examples(one, look));
  if (done.some(({ examples }) => examples.length > 0) && !look.reveal) {
    lines.push("", paint.dim("Of each value only the beginning is shown; --reveal shows all of it."));
  }
  return `${lines.join("\n")}\n`;
}

function examples({ deed, examples }: Done, look: Look): string[] {
  const { paint } = look;
  return [
    paint.strong(`${deed.kind}  ${paint.dim(`${deed.rule}, ${deed.action}`)}`),
    ...examples.flatMap((example) => exampleLines(example, look)),
  ];
}

function exampleLines({ where, left, right, value, by }: Example, { paint, columns, reveal }: Look): string[] {
  const shown = visible(reveal ? value : veiled(value));
  const room = Math.max(20, columns - 6 - Math.max(shown.length, by.length));
  const before = visible(left).slice(-Math.floor(room / 2)), after = visible(right).slice(0, Math.floor(room / 2));
  const line = (mark: string, middle: string) => `  ${mark} ${paint.dim(before)}${middle}${paint.dim(after)}`;
  return [
    `  ${paint.dim(visible(where))}`,
    line(paint.bad("-"), paint.bad(shown)),
    line(paint.good("+"), by === "" ? "" : paint.good(visible(by))),
  ];
}

/** The beginning of a value, and how long it is: `ghp… (40 characters)`. */
function veiled(value: string): string {
  const beginning = value.slice(0, Math.min(SHOWN, Math.floor(value.length / (OF / SHOWN))));
  return `${beginning}… (${count(value.length, "character")})`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
