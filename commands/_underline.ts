/**
 * Shows a line of text with its mistakes underlined.
 *
 * @module
 */
import { visible } from "../sinks/console/visible.ts";
import { width } from "../sinks/console/width.ts";

/** A mistake in a text; offsets in UTF-16 units. */
interface Mistake {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Longest part of the text that is shown, in UTF-16 units. */
const LONGEST = 1000;

/** The text, carets under its mistakes, and a line for each of them; all indented. */
export function underlined(text: string, mistakes: readonly Mistake[]): string {
  let carets = "";
  for (const { start, end } of mistakes) {
    if (start >= LONGEST) break;
    const from = width(visible(text.slice(0, start)));
    const to = Math.max(from + 1, width(visible(text.slice(0, Math.min(end, LONGEST)))));
    carets = carets.padEnd(from).padEnd(to, "^");
  }
  const messages = mistakes.map(({ start, message }) => `column ${start + 1}: ${visible(message)}`);
  return [visible(text.slice(0, LONGEST)), carets, ...messages].map((line) => `  ${line}`).join("\n");
}
