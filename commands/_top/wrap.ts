/**
 * Long text in lines.
 *
 * @module
 */
import { cut, visible } from "../../pipeline/visible.ts";
import { leading, width } from "../../sinks/console/width.ts";

/** Lines that are made of one text at most; the rest is said to be left out. */
const MOST_LINES = 2000;
/** Longest line of the text that is looked at in one go, in UTF-16 units; `visible` takes no more. */
const STRETCH = 4000;

/** The text in lines of at most `columns`, harmless, broken at blanks where that can be. */
export function wrapText(text: string, columns: number): string[] {
  const room = Math.max(8, columns);
  const lines: string[] = [];
  for (let from = 0; from <= text.length;) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end).replace(/\r$/, "");
    if (!wrapLine(line, room, lines)) return [...lines, "… and more, left out here"];
    from = end < 0 ? text.length + 1 : end + 1;
  }
  return lines;
}

/** Adds a line, wrapped; false if there are too many. */
function wrapLine(line: string, room: number, lines: string[]): boolean {
  let rest = line;
  do {
    const stretch = cut(rest, STRETCH);
    rest = rest.slice(stretch.length);
    for (let left = visible(stretch);; left = left.slice(lines.at(-1)!.length).trimStart()) {
      if (lines.length >= MOST_LINES) return false;
      if (width(left) <= room) {
        lines.push(left);
        break;
      }
      lines.push(upToBlank(left, room));
    }
  } while (rest !== "");
  return true;
}

function upToBlank(text: string, room: number): string {
  const piece = leading(text, room) || text.slice(0, 2);
  const blank = piece.lastIndexOf(" ");
  return text[piece.length] === " " || blank <= room / 3 ? piece : piece.slice(0, blank);
}
