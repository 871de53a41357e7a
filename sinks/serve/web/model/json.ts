/**
 * JSON as it was written: numbers keep their digits and members their order and their doubles, which `JSON.parse` loses.
 *
 * @module
 */

/** A value. */
export type Node =
  | { readonly type: "object"; readonly members: readonly Member[] }
  | { readonly type: "array"; readonly items: readonly Node[] }
  | { readonly type: "string"; readonly value: string }
  /** As written: `1e400`, `true`, `null`. */
  | { readonly type: "number" | "literal"; readonly text: string };

/** A member of an object. */
export interface Member {
  readonly name: string;
  readonly value: Node;
}

/** What was read. `end`: the offset where it stopped making sense, if it did; what stands before it is in `node`. */
export interface Parsed {
  readonly node: Node | undefined;
  readonly end?: number;
}

/** Deeper values, and more of them, are not read. */
export const MOST_DEPTH = 200, MOST_NODES = 200_000;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/** Reads a text. */
export function parseJson(text: string): Parsed {
  const reader = new Reader(text);
  const node = reader.value(0);
  reader.space();
  const end = reader.failed ?? (reader.at < text.length ? reader.at : undefined);
  return end === undefined ? { node } : { node, end };
}

class Reader {
  at = 0;
  /** Where it went wrong. */
  failed: number | undefined;
  #nodes = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  space(): void {
    this.#take(SPACE);
  }

  value(depth: number): Node | undefined {
    this.space();
    if (depth > MOST_DEPTH || ++this.#nodes > MOST_NODES) return this.#fail();
    switch (this.#text[this.at]) {
      case "{":
        return { type: "object", members: this.#members(depth) };
      case "[":
        return { type: "array", items: this.#items(depth) };
      case '"': {
        const value = this.#string();
        return value === undefined ? undefined : { type: "string", value };
      }
    }
    const literal = this.#take(LITERAL);
    if (literal !== undefined) return { type: "literal", text: literal };
    const number = this.#take(NUMBER);
    return number === undefined ? this.#fail() : { type: "number", text: number };
  }

  #members(depth: number): readonly Member[] {
    const members: Member[] = [];
    this.at++;
    this.space();
    if (this.#is("}")) return members;
    while (this.failed === undefined) {
      this.space();
      const name = this.#text[this.at] === '"' ? this.#string() : this.#fail();
      this.space();
      if (name === undefined || !this.#is(":")) break;
      const value = this.value(depth + 1);
      if (value !== undefined) members.push({ name, value });
      if (this.failed !== undefined) return members;
      this.space();
      if (this.#is("}")) return members;
      if (!this.#is(",")) break;
    }
    this.#fail();
    return members;
  }

  #items(depth: number): readonly Node[] {
    const items: Node[] = [];
    this.at++;
    this.space();
    if (this.#is("]")) return items;
    while (this.failed === undefined) {
      const value = this.value(depth + 1);
      if (value !== undefined) items.push(value);
      if (this.failed !== undefined) return items;
      this.space();
      if (this.#is("]")) return items;
      if (!this.#is(",")) break;
    }
    this.#fail();
    return items;
  }

  #string(): string | undefined {
    const from = this.at;
    const text = this.#take(STRING);
    if (text === undefined) return this.#fail();
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "string" ? value : this.#fail();
    } catch {
      this.at = from;
      return this.#fail();
    }
  }

  #is(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.#text)?.[0];
    if (text !== undefined) this.at += text.length;
    return text;
  }

  #fail(): undefined {
    this.failed ??= this.at;
    return undefined;
  }
}
