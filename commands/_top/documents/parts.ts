/**
 * What documents are made of.
 *
 * @module
 */
import type { Node } from "../document.ts";
import type { Piece } from "../line.ts";
import { wrapText } from "../wrap.ts";

const LABEL = 10;

/** `status    ✓ ok`. */
export function fact(label: string, pieces: readonly Piece[]): Node {
  return { key: `fact ${label}`, pieces: [["dim", label.padEnd(LABEL)], ...pieces] };
}

/** A heading and what stands below it; nothing if there is nothing. */
export function section(
  key: string,
  title: string,
  children: readonly Node[],
  open: boolean,
  more?: Piece,
  text?: () => string,
): Node[] {
  if (children.length === 0) return [];
  const pieces: Piece[] = [["strong", title], more ?? ["dim", children.length > 1 ? `  ${children.length}` : ""]];
  const blank: Node = { key: `before ${key}`, pieces: [] };
  return [blank, { key, pieces, open, children: () => children, ...(text === undefined ? {} : { text }) }];
}

/** Text in as many lines as it takes. */
export function paragraph(key: string, look: Piece[0], text: string, columns: number): Node[] {
  return wrapText(text, columns).map((line, i) => ({ key: `${key} ${i}`, pieces: [[look, line]], text: () => text }));
}
