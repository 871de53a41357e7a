/**
 * A document as it is shown: a cursor on one of its lines, and what is looked for in it.
 *
 * @module
 */
import { Document, type DocumentLine, type DocumentSource, type Node } from "./document.ts";
import type { Line, Piece } from "./line.ts";
import { List } from "./list.ts";

/** Lines that are searched. */
const MOST_SEARCHED = 50_000;
/** Deepest level that is indented. */
const DEEPEST = 24;

/** The document that is shown, if there is one. */
export class DocumentView {
  readonly list: List<DocumentLine> = new List(({ node }) => node.key, false);
  /** What was looked for last. */
  needle = "";
  #document: Document | undefined;
  #columns = 80;

  get document(): Document | undefined {
    return this.#document;
  }

  /** Shows a document: another one from its beginning, a newer state of the same where it is. */
  show(source: DocumentSource): void {
    const isSame = this.#document?.source.key === source.key;
    this.#document = new Document(source, this.#document);
    this.#update();
    if (!isSame) this.list.go(0);
  }

  /** The line under the cursor. */
  get chosen(): Node | undefined {
    return this.list.chosen?.node;
  }

  /** Folds or unfolds what is under the cursor; false if there is nothing to. */
  fold(open?: boolean): boolean {
    const { chosen } = this;
    const isDone = chosen !== undefined && (this.#document?.fold(chosen, open) ?? false);
    this.#update();
    return isDone;
  }

  /** Unfolds all. */
  unfoldAll(): void {
    this.#document?.unfoldAll(this.#document.source.build(this.#columns));
    this.#update();
  }

  /** Moves the cursor to what the line is part of. */
  toParent(): void {
    const depth = this.list.chosen?.depth ?? 0;
    const rows = this.list.rows.slice(0, this.list.index);
    const parent = rows.findLastIndex((line) => line.depth < depth);
    if (parent >= 0) this.list.go(parent);
  }

  /** Moves the cursor to the next line that has the text, or the one before, and unfolds what hides it; false if none has. */
  find(needle: string, forward: boolean): boolean {
    this.needle = needle;
    const document = this.#document;
    if (document === undefined || needle === "") return false;
    const all: { readonly node: Node; readonly above: readonly Node[] }[] = [];
    const collect = (nodes: readonly Node[], above: readonly Node[]) => {
      for (const node of nodes) {
        if (all.length >= MOST_SEARCHED) return;
        all.push({ node, above });
        if (node.children !== undefined) collect(node.children(), [...above, node]);
      }
    };
    collect(document.source.build(this.#columns), []);
    const wanted = needle.toLowerCase();
    const here = all.findIndex(({ node }) => node.key === this.chosen?.key);
    for (let step = 1; step <= all.length; step++) {
      const at = all[(here + (forward ? step : -step) + 2 * all.length) % all.length];
      if (at === undefined || !textOf(at.node.pieces).toLowerCase().includes(wanted)) continue;
      for (const node of at.above) document.fold(node, true);
      this.#update();
      this.list.goTo(at.node.key);
      return true;
    }
    return false;
  }

  /** What fits into so many lines. */
  lines(columns: number, height: number): Line[] {
    if (this.#columns !== columns) {
      this.#columns = columns;
      this.#update();
    }
    const { rows, from } = this.list.window(height);
    return rows.map((line, i) => drawn(line, from + i === this.list.index));
  }

  #update(): void {
    this.list.set(this.#document?.lines(this.#columns) ?? []);
  }
}

/** The text of some pieces. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(([, text]) => text).join("");
}

function drawn({ node, depth, isOpen }: DocumentLine, chosen: boolean): Line {
  const indent = " ".repeat(2 * Math.min(depth, DEEPEST));
  const fold = isOpen === undefined ? "  " : isOpen ? "▾ " : "▸ ";
  return { pieces: [["mark", chosen ? "›" : " "], ["dim", indent + fold], ...node.pieces], chosen };
}
