/**
 * From text to a filter expression.
 *
 * @module
 */
import { expectedOneOf, nearest } from "../config/nearest.ts";
import type { Operator, Query, Value } from "./ast.ts";
import { QueryError, type QueryProblem } from "./error.ts";
import type { Field } from "./field.ts";
import { FIELD_NAMES, fieldNamed } from "./fields.ts";
import { literal } from "./_literal.ts";
import { isOpen, type Raw, type Sign, Source } from "./_source.ts";

/** Longest expression, in UTF-16 units. */
export const MAX_LENGTH = 16_384;
/** How deep parentheses and negations may nest. */
export const MAX_DEPTH = 64;
/** Mistakes that are told of one expression. */
const MAX_PROBLEMS = 16;

/** The field that bare words ask for. */
const TEXT = "text";
const EXAMPLE = "such as tool:search* or status:error";

/**
 * Reads a filter expression.
 *
 * @example Usage
 * ```ts
 * import { parseQuery } from "./parse.ts";
 *
 * const query = parseQuery('tool:search* latency>500ms -text:"foo bar"');
 * ```
 *
 * @throws {QueryError} that names every mistake.
 */
export function parseQuery(text: string): Query {
  const problems: QueryProblem[] = [];
  if (text.length > MAX_LENGTH) {
    problems.push({ start: MAX_LENGTH, end: text.length, message: `expected at most ${MAX_LENGTH} characters` });
    throw new QueryError(text.slice(0, MAX_LENGTH), problems);
  }
  const query = new Parser(text, problems).whole();
  if (query === undefined || problems.length > 0) {
    throw new QueryError(text, problems.sort((a, b) => a.start - b.start).slice(0, MAX_PROBLEMS));
  }
  return query;
}

/**
 * Recursive descent. A part with a mistake is undefined, and its problem is noted; what follows it is still read, to
 * name all mistakes at once.
 */
class Parser {
  readonly #source: Source;
  readonly #problems: QueryProblem[];
  #depth = 0;

  constructor(text: string, problems: QueryProblem[]) {
    this.#source = new Source(text);
    this.#problems = problems;
  }

  whole(): Query | undefined {
    const source = this.#source;
    source.space();
    if (source.ended) {
      this.#wrong(0, source.text.length, `expected a condition, ${EXAMPLE}`);
      return undefined;
    }
    let query = this.#or();
    while (!source.ended) { // at a parenthesis that nothing opened
      this.#wrong(source.at, source.at + 1, 'no "(" is open here');
      source.at++;
      source.space();
      if (!source.ended) this.#or();
      query = undefined;
    }
    return query;
  }

  #or(): Query | undefined {
    const parts = [this.#and()];
    while (this.#source.keyword() === "or") {
      this.#source.at += 2;
      parts.push(this.#and());
    }
    return joined("or", parts);
  }

  #and(): Query | undefined {
    const source = this.#source, start = source.at;
    const parts: (Query | undefined)[] = [];
    for (;;) {
      source.space();
      const keyword = source.keyword();
      if (source.ended || source.peek() === ")" || keyword === "or") break;
      if (keyword === "and") {
        const and = source.at;
        source.at += 3;
        source.space();
        if (parts.length === 0) {
          this.#wrong(and, and + 3, 'expected a condition before "and"');
          parts.push(undefined);
        } else if (source.ended || source.peek() === ")" || ["and", "or"].includes(source.keyword() ?? "")) {
          this.#wrong(and, and + 3, 'expected a condition after "and"');
        }
        continue;
      }
      parts.push(this.#not());
    }
    if (parts.length === 0) {
      const before = source.text.slice(0, start).trimEnd().toLowerCase();
      if (before.endsWith("or")) this.#wrong(start, source.at, 'expected a condition after "or"');
      else if (source.keyword() === "or") this.#wrong(start, source.at, 'expected a condition before "or"');
      else if (before.endsWith("(") && source.peek() === ")") {
        this.#wrong(start, source.at, "expected a condition in the parentheses");
      }
      return undefined; // else the parenthesis is what is told of
    }
    return joined("and", parts);
  }

  #not(): Query | undefined {
    const source = this.#source, start = source.at;
    const word = source.keyword() === "not";
    if (!word && source.peek() !== "-" && source.peek() !== "!") return this.#primary();
    source.at += word ? 3 : 1;
    const spaced = source.space();
    if ((spaced && !word) || source.ended || source.peek() === ")" || ["and", "or"].includes(source.keyword() ?? "")) {
      const sign = word ? '"not"' : `"${source.text.charAt(start)}"`;
      this.#wrong(start, start + (word ? 3 : 1), `expected a condition ${word ? "" : "directly "}after ${sign}`);
      return undefined;
    }
    const of = this.#deeper(start, () => this.#not());
    return of && { type: "not", of };
  }

  #primary(): Query | undefined {
    const source = this.#source, start = source.at;
    if (source.peek() === "(") {
      source.at++;
      const inner = this.#deeper(start, () => this.#or());
      if (source.peek() === ")") source.at++;
      else this.#wrong(start, start + 1, 'this "(" is never closed');
      return this.#separate() ? inner : undefined;
    }
    const known = this.#problems.length;
    const field = source.field();
    const query = field === undefined ? this.#word() : this.#condition(field.name, field.start, field.end, field.sign);
    if (this.#problems.length > known) {
      source.rest();
      return undefined;
    }
    return this.#separate() ? query : undefined;
  }

  #word(): Query | undefined {
    const source = this.#source, start = source.at;
    const raw = this.#value();
    if (raw === undefined) {
      this.#wrong(start, start + 1, 'write "or"; "|" is for lists, such as method:(tools/call|tools/list)');
      return undefined;
    }
    if (!raw.quoted && /^[&|=<>!]+$/.test(raw.text)) {
      this.#wrong(start, raw.end, `write "and", "or" or "not"; as text it stands in quotes: "${raw.text}"`);
      return undefined;
    }
    return { type: "is", field: TEXT, values: [{ type: "pattern", pattern: raw.pattern }] };
  }

  #condition(name: string, start: number, end: number, sign: Sign): Query | undefined {
    const field = fieldNamed(name);
    if (field === undefined) this.#wrong(start, end, unknownField(name, this.#source.text.slice(start)));
    if (sign === ":" || sign === "!=") {
      const values = this.#values(field, name);
      const is: Query | undefined = field && values && { type: "is", field: field.name, values };
      return is && sign === "!=" ? { type: "not", of: is } : is;
    }
    const raw = this.#value();
    if (raw === undefined) {
      const at = this.#source.at, list = this.#source.peek() === "(";
      if (list) this.#values(undefined, name);
      this.#wrong(at, this.#source.at, `expected ${list ? "one" : "a"} value after ${name}${sign}`);
      return undefined;
    }
    if (field === undefined) return undefined;
    if (!isOrdered(field)) {
      this.#wrong(end, raw.start, `${field.name} is not ordered; expected ":", as in ${field.example}`);
      return undefined;
    }
    const value = this.#literal(field, raw, true);
    if (
      value?.type === "range" || (value?.type === "pattern" && value.pattern.some((piece) => typeof piece !== "string"))
    ) {
      this.#wrong(raw.start, raw.end, `expected one value after "${sign}"`);
      return undefined;
    }
    return value && { type: "compare", field: field.name, operator: sign satisfies Operator, value };
  }

  /** One value, or several in parentheses with `|` between them. */
  #values(field: Field | undefined, name: string): readonly Value[] | undefined {
    const source = this.#source, open = source.at;
    const values: (Value | undefined)[] = [];
    const one = (): boolean => {
      const raw = this.#value();
      if (raw === undefined) this.#wrong(source.at, source.at, missing(field, name));
      else values.push(field && this.#literal(field, raw, false));
      return raw !== undefined;
    };
    if (source.peek() !== "(") {
      if (!one()) return undefined;
      if (source.peek() === "|") {
        this.#wrong(source.at, source.at + 1, `a list stands in parentheses: ${name}:(a|b)`);
        source.at++;
        this.#value();
        return undefined;
      }
    } else {
      let whole = true;
      do {
        source.at++;
        source.space();
        whole = one() && whole;
        source.space();
      } while (source.peek() === "|");
      if (source.peek() === ")") source.at++;
      else {
        if (source.ended) this.#wrong(open, open + 1, 'this "(" is never closed');
        else if (whole) this.#wrong(source.at, source.at + 1, 'expected "|" or ")" in the list');
        source.restOfList();
      }
      if (!whole) return undefined;
    }
    const right = values.filter((value) => value !== undefined);
    return right.length === values.length ? right : undefined;
  }

  #literal(field: Field, raw: Raw, bound: boolean): Value | undefined {
    const value = literal(field, raw, bound);
    if (typeof value !== "string") return value;
    this.#wrong(raw.start, raw.end, value);
    return undefined;
  }

  #value(): Raw | undefined {
    const raw = this.#source.value();
    if (raw !== undefined && isOpen(raw)) {
      const message = raw.quoted ? "these quotes are never closed" : 'nothing follows the last "\\"';
      this.#wrong(raw.start, raw.quoted ? raw.start + 1 : raw.end, message);
    }
    return raw;
  }

  /** Nothing may stand directly behind a condition but a space or a parenthesis. */
  #separate(): boolean {
    const source = this.#source;
    if (source.ended || source.peek() === ")" || source.space()) return true;
    const message = source.peek() === "|"
      ? 'write "or"; "|" is for lists, such as method:(tools/call|tools/list)'
      : `expected a space before ${source.peek()}`;
    this.#wrong(source.at, source.at + 1, message);
    source.rest();
    return false;
  }

  #deeper(start: number, parse: () => Query | undefined): Query | undefined {
    if (this.#depth >= MAX_DEPTH) {
      throw new QueryError(this.#source.text, [{
        start,
        end: start + 1,
        message: `nested more than ${MAX_DEPTH} deep`,
      }]);
    }
    this.#depth++;
    const query = parse();
    this.#depth--;
    return query;
  }

  #wrong(start: number, end: number, message: string): void {
    this.#problems.push({ start, end: Math.max(start, end), message });
  }
}

function joined(type: "and" | "or", parts: readonly (Query | undefined)[]): Query | undefined {
  const right = parts.filter((part) => part !== undefined);
  if (right.length < parts.length) return undefined;
  return right.length === 1 ? right[0] : { type, of: right };
}

function isOrdered(field: Field): boolean {
  return "ordered" in field || ["number", "duration", "size", "time"].includes(field.type);
}

function unknownField(name: string, rest: string): string {
  const quoted = /^\S{1,60}(?=\s|$)/.exec(rest)?.[0];
  const near = nearest(name, FIELD_NAMES);
  if (near !== undefined) return `unknown field "${name}"; did you mean "${near}"?`;
  const text = quoted === undefined || quoted.includes('"') ? "" : `; as text it stands in quotes: "${quoted}"`;
  return `unknown field "${name}"; ${expectedOneOf(name, FIELD_NAMES)}${text}`;
}

function missing(field: Field | undefined, name: string): string {
  return `expected a value directly after ${name}:${field === undefined ? "" : `, as in ${field.example}`}`;
}
