/**
 * A document that unfolds: a call with all that belongs to it, a server, a finding.
 *
 * @module
 */
import type { Piece } from "./line.ts";

/** Lines that are shown of a document at most. */
const MOST_LINES = 50_000;

/** A line of a document and what stands below it. */
export interface Node {
  /** Unique in the document, and the same when it is made anew. */
  readonly key: string;
  readonly pieces: readonly Piece[];
  /** Whether it is unfolded as long as nobody says otherwise. */
  readonly open?: boolean;
  /** What it unfolds to. */
  readonly children?: () => readonly Node[];
  /** What is copied of it; absent: what can be seen. */
  readonly text?: () => string;
}

/** A line of the document as it is unfolded. */
export interface DocumentLine {
  readonly node: Node;
  readonly depth: number;
  /** Undefined if there is nothing to unfold. */
  readonly isOpen: boolean | undefined;
}

/** Where a document comes from, and how it is written. */
export interface DocumentSource {
  /** Tells documents apart: `call 12`. */
  readonly key: string;
  /** For people: `call 12 get-sum`. */
  readonly title: string;
  /** What is exported of it. */
  readonly value: unknown;
  /** Its lines, for a screen of this width. */
  build(columns: number): readonly Node[];
}

/** A document with what is unfolded in it. */
export class Document {
  readonly source: DocumentSource;
  /** Keys of nodes that are not as they were at first. */
  readonly #toggled: Set<string>;
  #columns = 0;
  #lines: DocumentLine[] | undefined;

  /** `before`: an older state of the same, whose folds are kept. */
  constructor(source: DocumentSource, before?: Document) {
    this.source = source;
    this.#toggled = before?.source.key === source.key ? before.#toggled : new Set();
  }

  /** What is unfolded, line by line. */
  lines(columns: number): readonly DocumentLine[] {
    if (this.#lines !== undefined && this.#columns === columns) return this.#lines;
    this.#columns = columns;
    const lines: DocumentLine[] = [];
    const add = (nodes: readonly Node[], depth: number) => {
      for (const node of nodes) {
        if (lines.length >= MOST_LINES) return;
        const isOpen = node.children === undefined ? undefined : this.#isOpen(node);
        lines.push({ node, depth, isOpen });
        if (isOpen) add(node.children!(), depth + 1);
      }
    };
    add(this.source.build(columns), 0);
    return this.#lines = lines;
  }

  /** Folds or unfolds a node; true if that changed anything. */
  fold(node: Node, open?: boolean): boolean {
    if (node.children === undefined || this.#isOpen(node) === open) return false;
    if (!this.#toggled.delete(node.key)) this.#toggled.add(node.key);
    this.#lines = undefined;
    return true;
  }

  /** Unfolds a node and all below it, as far as the document's bound goes. */
  unfoldAll(nodes: readonly Node[]): void {
    let left = MOST_LINES;
    const queue = [...nodes];
    for (let node = queue.shift(); node !== undefined && left > 0; node = queue.shift(), left--) {
      if (node.children === undefined) continue;
      this.fold(node, true);
      queue.push(...node.children());
    }
    this.#lines = undefined;
  }

  #isOpen({ key, open = false }: Node): boolean {
    return open !== this.#toggled.has(key);
  }
}
