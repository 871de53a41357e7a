/**
 * Heads and trailers, line by line.
 *
 * @module
 */
import { lowerName } from "./_names.ts";
import { type Http1Kind, readStartLine, type StartLine } from "./_start_line.ts";
import type { Http1Fields } from "./types.ts";

/** Fields that say where a body ends. Some of them are kept even beyond the limit. */
const FRAMING = new Set(["content-length", "transfer-encoding"]);
const SPARE = 16;
/** So many names of one head are remembered. */
const EXPECTED = 32;

/** Reads the lines of a head, or of trailers. One object reads many. */
export class HeadReader {
  /** The start line, once it was read. */
  start: StartLine | undefined;
  /** The fields so far. */
  fields: Http1Fields = [];
  /** There were more fields than allowed, and they were left out. */
  tooMany = false;
  /** The empty line has come. */
  done = false;
  /** Why the line at the returned offset cannot be read. */
  problem: "not_http" | "bad_head" | undefined;
  /** Names as they were sent, with their colon, and in lower case: the next head likely has the same. */
  readonly #expected: [sent: string, name: string][] = [];
  /** Expects fields: the start line has come, or trailers have none. */
  #inFields = false;
  readonly #kind: Http1Kind;
  readonly #maxFields: number;

  /** Keeps at most `maxFields` fields. */
  constructor(kind: Http1Kind, maxFields: number) {
    this.#kind = kind;
    this.#maxFields = maxFields;
  }

  /** Begins anew: a head, or `trailers`. */
  reset(trailers: boolean): void {
    this.start = undefined;
    this.fields = [];
    this.tooMany = this.done = false;
    this.problem = undefined;
    this.#inFields = trailers;
  }

  /** Reads whole lines of `text`. Returns how far it came: to a line without end, to a bad one, or past the head. */
  lines(text: string): number {
    for (let at = 0;;) {
      const lf = text.indexOf("\n", at);
      if (lf < 0) return at;
      const end = lf > at && text.charCodeAt(lf - 1) === 13 ? lf - 1 : lf;
      if (this.#inFields) {
        if (end === at) {
          this.done = true;
          return lf + 1;
        }
        if (!this.#field(text, at, end)) {
          this.problem = "bad_head";
          return at;
        }
      } else if (end > at) { // empty lines before it are allowed: RFC 9112, section 2.2
        this.start = readStartLine(this.#kind, text, at, end);
        if (this.start === undefined) {
          this.problem = "not_http";
          return at;
        }
        this.#inFields = true;
      }
      at = lf + 1;
    }
  }

  #field(text: string, at: number, end: number): boolean {
    const first = text.charCodeAt(at);
    if (first === 0x20 || first === 9) return this.#fold(trimmed(text, at, end));
    const expected = this.#expected[this.fields.length];
    let name: string | undefined, colon: number;
    if (expected !== undefined && text.startsWith(expected[0], at)) {
      name = expected[1];
      colon = at + expected[0].length - 1;
    } else {
      colon = text.indexOf(":", at);
      if (colon < 0 || colon >= end) return false;
      const sent = text.slice(at, colon);
      name = lowerName(sent) ?? this.#spaced(sent);
      if (name === undefined) return false;
      if (this.fields.length < EXPECTED && colon - at < 64) this.#expected[this.fields.length] = [`${sent}:`, name];
    }
    if (this.fields.length >= this.#maxFields) {
      this.tooMany = true;
      if (!FRAMING.has(name) || this.fields.length >= this.#maxFields + SPARE) return true;
    }
    this.fields.push([name, trimmed(text, colon + 1, end)]);
    return true;
  }

  /** Space before the colon: of a response it is removed, a request with it is bad (RFC 9112, section 5.1). */
  #spaced(name: string): string | undefined {
    return this.#kind === "response" ? lowerName(name.trimEnd()) : undefined;
  }

  /** A line that goes on with the value before (RFC 9112, section 5.2). */
  #fold(more: string): boolean {
    const last = this.fields.at(-1);
    if (last === undefined) return false;
    if (!this.tooMany && more !== "") last[1] = last[1] === "" ? more : `${last[1]} ${more}`;
    return true;
  }
}

/** Without spaces and tabs around it. */
function trimmed(text: string, from: number, to: number): string {
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 9;
}
