/**
 * What a filter expression that is being typed may go on with.
 *
 * @module
 */
import { type Field, fieldNamed, FIELDS } from "../../pipeline/query/mod.ts";

/** One way to go on: `text` in the place of what stands from `from` to the cursor. */
export interface Proposal {
  readonly text: string;
  readonly from: number;
  /** What it means. */
  readonly about: string;
}

/** How the expression may go on. */
export interface Completion {
  readonly proposals: readonly Proposal[];
  /** The field whose value is being typed. */
  readonly field?: Field;
}

/** Proposals of one kind at most. */
const MOST = 50;
/** What ends a word of the language, seen from behind. */
const BREAKS = /[\s()|"]/;
/** Values that need no quotation marks. */
const BARE = /^[\w./:@+%,~-]+$/;

/** Proposals for a cursor at the end of `text`. `seen`: values that a field had so far. */
export function complete(text: string, seen: (field: string) => Iterable<string>): Completion {
  let from = text.length;
  while (from > 0 && !BREAKS.test(text[from - 1]!)) from--;
  const word = text.slice(from);
  const sign = /[:<>=]|!=/.exec(word)?.index;
  if (sign !== undefined) {
    const value = from + sign + (/^(?:!=|:?[<>]=?|==?|:)/.exec(word.slice(sign))?.[0].length ?? 1);
    return valuesOf(word.slice(0, sign).replace(/^[!-]+/, ""), text.slice(value), value, seen);
  }
  const list = listField(text.slice(0, from));
  if (list !== undefined) return valuesOf(list, word, from, seen);
  const negation = /^[!-]+/.exec(word)?.[0].length ?? 0;
  const name = word.slice(negation).toLowerCase();
  const begun = FIELDS.filter((field) => field.name.startsWith(name));
  return {
    proposals: begun.map((field) => ({
      text: field.name + (field.type === "text" || field.type === "name" || field.type === "search" ? ":" : ">"),
      from: from + negation,
      about: field.summary,
    })),
  };
}

/** The field of an open list of values: `status:(error|`. */
function listField(text: string): string | undefined {
  const open = text.lastIndexOf("(");
  if (open < 0 || text.indexOf(")", open) >= 0 || !/[(|]$/.test(text)) return undefined;
  return /(\w+):$/.exec(text.slice(Math.max(0, open - 40), open))?.[1];
}

function valuesOf(name: string, begun: string, from: number, seen: (field: string) => Iterable<string>): Completion {
  const field = fieldNamed(name);
  if (field === undefined) return { proposals: [] };
  const start = begun.toLowerCase();
  const values = new Set<string>();
  for (const value of field.type === "name" ? field.names : seen(field.name)) {
    if (values.size >= MOST) break;
    if (value.toLowerCase().startsWith(start) && value !== begun) values.add(value);
  }
  return { field, proposals: [...values].map((value) => ({ text: quoted(value), from, about: "" })) };
}

function quoted(value: string): string {
  return BARE.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}
