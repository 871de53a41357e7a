/**
 * Lists in brackets: JSON's, TOML's, and those of YAML that are written so.
 *
 * @module
 */
import { type Edit, freshLine, type Span } from "./entry.ts";

/** Puts items before the others of a list whose `[` stands at `open`. */
export function prependTo(text: string, open: number, items: readonly Span[], put: readonly string[]): Edit {
  const [first] = items;
  if (first === undefined) return { start: open + 1, end: open + 1, text: put.join(", ") };
  const separator = `,${freshLine(text, first.start) ?? " "}`;
  return { start: first.start, end: first.start, text: put.map((item) => item + separator).join("") };
}

/** Takes the first `count` items of a list away, with what stands between them. */
export function cutFrom(items: readonly Span[], count: number): Edit {
  const start = items[0]?.start ?? 0;
  return { start, end: items[count]?.start ?? items[count - 1]?.end ?? start, text: "" };
}
