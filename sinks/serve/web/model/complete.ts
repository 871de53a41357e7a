/**
 * What could be written next in a filter.
 *
 * @module
 */
import type { FieldInfo } from "../api.ts";

/** A suggestion: `text` takes the place of `[from, to)`. */
export interface Suggestion {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly about: string;
}

/** Suggestions at most. */
export const MOST_SUGGESTIONS = 12;
/** A field's name and what comes behind it, up to the caret. */
const TAIL = /(?:^|[\s(-])([A-Za-z_.]*)(?:(:|!=|=)("?)([^\s()"|]*))?$/;

/** Suggestions at the caret. `values` has what is known of fields of text: names of servers and tools. */
export function complete(
  text: string,
  caret: number,
  fields: readonly FieldInfo[],
  values: Readonly<Record<string, readonly string[]>> = {},
): readonly Suggestion[] {
  const before = text.slice(0, caret);
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1 && !/[:=]"[^"]*$/.test(before)) return [];
  const found = TAIL.exec(before);
  if (found === null) return [];
  const [, word = "", operator, quote = "", value = ""] = found;
  if (operator === undefined) {
    const typed = word.toLowerCase();
    if (typed === "" && before.trim() !== "" && !/\s$/.test(before)) return [];
    return ranked(fields.map(({ name }) => name), typed).map((name) => {
      const field = fields.find((field) => field.name === name);
      return { text: `${name}:`, from: caret - word.length, to: caret, about: field?.summary ?? "" };
    });
  }
  const field = fields.find(({ name }) => name === word.toLowerCase());
  if (field === undefined) return [];
  const names = field.names ?? values[field.name] ?? [];
  const from = caret - value.length - quote.length;
  return ranked(names, value.toLowerCase())
    .filter((name) => name !== value)
    .map((name) => ({ text: `${quoted(name)} `, from, to: caret, about: field.summary }));
}

/** Those that begin with it, then those that have it in them. */
function ranked(names: readonly string[], typed: string): readonly string[] {
  const begin = names.filter((name) => name.toLowerCase().startsWith(typed));
  const hold = names.filter((name) => !begin.includes(name) && typed !== "" && name.toLowerCase().includes(typed));
  return [...begin, ...hold].slice(0, MOST_SUGGESTIONS);
}

function quoted(name: string): string {
  return /^[\w.@/-]+$/.test(name) ? name : `"${name.replace(/["\\]/g, "\\$&")}"`;
}
