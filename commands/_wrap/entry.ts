/**
 * A server's entry in a client's configuration, and the edits that put a proxy before it and take it away again.
 *
 * @module
 */

/** Replaces `text[start, end)`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A string in the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** An entry of a server over stdio. What differs between formats is in its functions. */
export interface Entry {
  /** What the server is called. */
  readonly name: string;
  /** Where it stands, for messages and for finding it again. */
  readonly place: string;
  readonly command: Span;
  /** Undefined if it has none. */
  readonly args: readonly Span[] | undefined;
  /** A string as the format writes it. */
  quote(value: string): string;
  /** Puts items, as they are written, before all others. */
  prepend(items: readonly string[]): Edit;
  /** Adds a list of arguments where there is none. */
  add(items: readonly string[]): Edit;
  /** Takes the first so many items away. */
  cut(count: number): Edit;
  /** Takes the list away. */
  drop(): Edit;
}

/** What is put in place of a server's command, for how many first arguments. */
const WORD = "proxy";

/** How many arguments are the proxy's; undefined if the entry is not wrapped. */
export function wrappedBy({ command, args }: Entry): number | undefined {
  if (args === undefined || !/(^|[\\/])mcpsonde(\.\w+)?$/.test(command.value) || args[0]?.value !== WORD) {
    return undefined;
  }
  const end = args.findIndex(({ value }) => value === "--");
  return end < 0 || end + 1 >= args.length ? undefined : end + 1;
}

/** The edits that put `program`, mcpsonde's own, before the server. */
export function wrapEdits(entry: Entry, text: string, program: string): Edit[] {
  const own = [WORD, "--name", entry.name, "--"].map((word) => entry.quote(word));
  const items = [...own, text.slice(entry.command.start, entry.command.end)];
  return [
    { start: entry.command.start, end: entry.command.end, text: entry.quote(program) },
    entry.args === undefined ? entry.add(items) : entry.prepend(items),
  ];
}

/** The edits that undo that. `added`: the list of arguments is ours. */
export function unwrapEdits(entry: Entry, text: string, added: boolean): Edit[] {
  const own = wrappedBy(entry);
  const command = own === undefined ? undefined : entry.args?.[own];
  if (own === undefined || command === undefined) return [];
  const nothingLeft = entry.args?.length === own + 1;
  return [
    { start: entry.command.start, end: entry.command.end, text: text.slice(command.start, command.end) },
    added && nothingLeft ? entry.drop() : entry.cut(own + 1),
  ];
}

/** The text with the edits made; they must not overlap. */
export function applied(text: string, edits: readonly Edit[]): string {
  let out = text;
  for (const { start, end, text: put } of edits.toSorted((a, b) => b.start - a.start)) {
    out = out.slice(0, start) + put + out.slice(end);
  }
  return out;
}

/** What begins a new line at the place of `at`: a line break as the text has them and the same space; undefined if something else stands before it. */
export function freshLine(text: string, at: number): string | undefined {
  const line = text.lastIndexOf("\n", at - 1) + 1;
  const before = text.slice(line, at);
  if (line === 0 || before.trim() !== "") return undefined;
  return `${text[line - 2] === "\r" ? "\r\n" : "\n"}${before}`;
}
