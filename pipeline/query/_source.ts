/**
 * Reads names, values and words off a filter expression.
 *
 * @module
 */
import { MANY, ONE, type Pattern } from "./ast.ts";

/** A value or word as it stands in the expression. */
export interface Raw {
  /** With its wildcards, unless it is in quotes. */
  readonly pattern: Pattern;
  /** Whether it is in quotes: then it is text and nothing else. */
  readonly quoted: boolean;
  /** As it was written. */
  readonly text: string;
  /** Offset of its first character. */
  readonly start: number;
  /** Offset just past its last. */
  readonly end: number;
}

/** What stands behind a field's name. */
export type Sign = ":" | "!=" | ">" | ">=" | "<" | "<=";

const NAME = /[A-Za-z_][\w.-]*/y;
const SIGN = /:(?:[<>]=?)?|\s*(?:!=|[<>]=?|==?)\s*/y;
const SPACE = /\s+/y;
const BARE = /(?:\\[^]|[^\s"()|\\])*\\?/y;
const QUOTED = /"(?:\\[^]|[^"\\])*"/y;
const REST = /[^\s()]*\s*/y;
const REST_OF_LIST = /[^()]*\)?/y;
const KEYWORD = /(?:and|or|not)(?![^\s()])/iy;

/** Where the reader is. */
export class Source {
  /** Offset of the next character. */
  at = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character; empty at the end. */
  peek(): string {
    return this.text.charAt(this.at);
  }

  /** Passes over white space; true if there was some. */
  space(): boolean {
    return this.#read(SPACE) !== undefined;
  }

  /** Passes over what is left of a condition with a mistake: up to a space or parenthesis. */
  rest(): void {
    this.#read(REST);
  }

  /** Passes over what is left of a list with a mistake. */
  restOfList(): void {
    this.#read(REST_OF_LIST);
  }

  /** The keyword that comes next, in lower case; it is not passed over. */
  keyword(): string | undefined {
    return this.#match(KEYWORD)?.toLowerCase();
  }

  /** A field's name and the sign behind it. Passes over nothing if it is not that. */
  field(): { readonly name: string; readonly start: number; readonly end: number; readonly sign: Sign } | undefined {
    const start = this.at;
    const name = this.#read(NAME);
    const end = this.at;
    const sign = name === undefined ? undefined : this.#read(SIGN)?.trim();
    if (name === undefined || sign === undefined) {
      this.at = start;
      return undefined;
    }
    return {
      name,
      start,
      end,
      sign: sign === ":" || sign === "=" || sign === "==" ? ":" : sign.replace(/^:/, "") as Sign,
    };
  }

  /** A value or word; undefined if none begins here. A text whose quotes are left open goes to the end. */
  value(): Raw | undefined {
    const start = this.at;
    const quoted = this.peek() === '"';
    let text = this.#read(quoted ? QUOTED : BARE);
    if (text === undefined) { // quotes that are left open
      text = this.text.slice(start);
      this.at = this.text.length;
    }
    if (text === "") return undefined;
    return { pattern: quoted ? unquote(text) : unescape(text), quoted, text, start, end: this.at };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  #read(pattern: RegExp): string | undefined {
    const text = this.#match(pattern);
    if (text !== undefined) this.at += text.length;
    return text;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** True if the quotes of a value are left open, or a backslash at its end escapes nothing. */
export function isOpen({ quoted, text }: Raw): boolean {
  if (quoted) return !/^"(?:\\[^]|[^"\\])*"$/.test(text);
  return !/^(?:\\[^]|[^\\])*$/.test(text);
}

function unquote(text: string): Pattern {
  const inner = text.slice(1, -1).replaceAll(/\\([^])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
  return inner === "" ? [] : [inner];
}

function unescape(text: string): Pattern {
  const pieces: (string | typeof MANY | typeof ONE)[] = [];
  let literal = "";
  const flush = () => {
    if (literal !== "") pieces.push(literal);
    literal = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "*" || char === "?") {
      flush();
      if (char === "?" || pieces.at(-1) !== MANY) pieces.push(char === "*" ? MANY : ONE);
    } else literal += char === "\\" ? text.charAt(++at) : char;
  }
  flush();
  return pieces;
}
