/**
 * Takes values out of what others wrote about a message: they may have cut them, so that no detector knows them any more.
 *
 * @module
 */
import type { Replaced } from "./run.ts";

/** Shortest beginning or end of a cut value that is taken out, in UTF-16 units. */
const SHORTEST = 4;
/** Where text was cut. */
const CUT = /(…|\.\.\.)/;

/** The text without the values, nor what is left of them where it was cut. */
export function scrub(text: string, replaced: readonly Replaced[]): string {
  if (replaced.length === 0) return text;
  let shown = text;
  for (const { value, by } of replaced) {
    const written = JSON.stringify(value).slice(1, -1);
    if (shown.includes(value)) shown = shown.replaceAll(value, () => by);
    if (written !== value && shown.includes(written)) shown = shown.replaceAll(written, () => by);
  }
  const pieces = shown.split(CUT); // text and marks by turns
  if (pieces.length === 1) return shown;
  return pieces.map((piece, k) => {
    if (k % 2 === 1) return piece;
    let rest = piece;
    if (k < pieces.length - 1) rest = withoutBeginning(rest, replaced);
    return k > 0 ? withoutEnd(rest, replaced) : rest;
  }).join("");
}

/** A text that was cut at its end: it may end with the beginning of a value. */
function withoutBeginning(text: string, replaced: readonly Replaced[]): string {
  for (const { value, by } of replaced) {
    for (let length = Math.min(value.length - 1, text.length); length >= SHORTEST; length--) {
      if (text.endsWith(value.slice(0, length))) return text.slice(0, -length) + by;
    }
  }
  return text;
}

/** A text that was cut at its start. */
function withoutEnd(text: string, replaced: readonly Replaced[]): string {
  for (const { value, by } of replaced) {
    for (let length = Math.min(value.length - 1, text.length); length >= SHORTEST; length--) {
      if (text.startsWith(value.slice(-length))) return by + text.slice(length);
    }
  }
  return text;
}
