/**
 * A JSONC text with the position of everything in it.
 *
 * @module
 */
import { createScanner, type Node, type ParseError, parseTree, type SyntaxKind } from "jsonc-parser";
import type { Position, Problem } from "./problem.ts";
import { isUnclosed, syntaxMessage } from "./_syntax.ts";

/** A key or index on the way to a value. */
export type Key = string | number;

/** Deeper than any pipeline needs, and far from where a recursive parser runs out of stack. */
const MAX_DEPTH = 64;

/** A parsed text. Malformed text has a tree as well, as far as it could be recovered. */
export class Document {
  /** The outermost value. Absent where there is none, or where the text is nested too deep. */
  readonly tree: Node | undefined;
  /** What is wrong with the text as JSONC. */
  readonly problems: readonly Problem[];
  /**
   * Up to where the tree can be trusted: the first syntax error, or 0 if a bracket is left open, as then anything may
   * stand in the wrong place.
   */
  readonly soundUntil: number;
  readonly #text: string;
  readonly #file: string | undefined;
  readonly #positions: boolean;
  #lines: number[] | undefined;

  /** Parses a text. Without `positions`, problems name the config path only: for what did not come from a text. */
  constructor(text: string, file: string | undefined, positions = true) {
    this.#text = text.startsWith("\uFEFF") ? text.slice(1) : text;
    this.#file = file;
    this.#positions = positions;
    const tooDeep = tooDeepAt(this.#text);
    if (tooDeep !== undefined) {
      this.problems = [this.problem(tooDeep, "", `nested deeper than ${MAX_DEPTH} levels`)];
      this.soundUntil = 0;
      return;
    }
    const errors: ParseError[] = [];
    this.tree = parseTree(this.#text, errors, { allowTrailingComma: true });
    this.problems = this.#syntaxProblems(errors);
    this.soundUntil = errors.some((error) => isUnclosed(error.error)) ? 0 : errors[0]?.offset ?? Infinity;
  }

  /** A problem at an offset of the text. */
  problem(offset: number, path: string, message: string, cause?: unknown): Problem {
    const at = this.#positions ? this.position(offset) : undefined;
    return { file: this.#file, at, path, message, ...(cause === undefined ? {} : { cause }) };
  }

  /** Line and column of an offset. */
  position(offset: number): Position {
    this.#lines ??= lineStarts(this.#text);
    let low = 0;
    for (let high = this.#lines.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.#lines[low]! + 1 };
  }

  /** A value as it is written. */
  source(node: Node): string {
    return this.#text.slice(node.offset, node.offset + node.length);
  }

  /** Where a piece of text stands within a value, or where the value starts. */
  offsetIn(node: Node, piece: string): number {
    const at = this.#text.indexOf(piece, node.offset);
    return at >= 0 && at < node.offset + node.length ? at : node.offset;
  }

  #syntaxProblems(errors: readonly ParseError[]): Problem[] {
    const problems = new Map<number, Problem>(); // the first of each line: the rest follow from it
    for (const { error, offset, length } of errors) {
      const problem = this.problem(offset, "", syntaxMessage(error, this.#text.slice(offset, offset + length)));
      const line = this.position(offset).line;
      if (!problems.has(line)) problems.set(line, problem);
    }
    return [...problems.values()];
  }
}

/** The members of an object, as key and value nodes. A key whose value is missing is left out: the parser told of it. */
export function members(object: Node): { readonly key: Node; readonly name: string; readonly value: Node }[] {
  return (object.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key !== undefined && value !== undefined ? [{ key, name: String(key.value), value }] : []
  );
}

/** The value at a path below a node, if there is one. Of duplicate keys, the last counts. */
export function find(node: Node | undefined, path: readonly Key[]): Node | undefined {
  for (const key of path) {
    if (node?.type === "object") node = members(node).findLast((member) => member.name === key)?.value;
    else if (node?.type === "array" && typeof key === "number") node = node.children?.[key];
    else return undefined;
  }
  return node;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function tooDeepAt(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.scan() !== EOF) {
    const token = scanner.getTokenLength() === 1 ? text[scanner.getTokenOffset()] : undefined;
    if (token === "{" || token === "[") depth++;
    if (token === "}" || token === "]") depth--;
    if (depth > MAX_DEPTH) return scanner.getTokenOffset();
  }
  return undefined;
}

/** The library declares its enums in a way that cannot be imported here. */
const EOF: SyntaxKind = 17;
