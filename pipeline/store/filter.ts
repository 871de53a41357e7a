/**
 * From a filter expression to a condition in SQL.
 *
 * @module
 */
import { fieldNamed, MANY, type Pattern, type Query, type Value as QueryValue } from "../query/mod.ts";
import { type Place, PLACES, type RowKind } from "./filter_fields.ts";

/** A condition and its parameters, in their order. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

type Leaf = Extract<Query, { type: "is" | "compare" }>;

/** Below this a time is one of day: milliseconds. */
const DAY = 86_400_000;
/** Greater than whatever follows a beginning. */
const LAST = "\u{10ffff}";
const ASCII = /^[\x20-\x7e]*$/;

/** Makes the condition. What a row does not have does not hold, and its negation does, as in the language. */
export function conditionOf(query: Query, kind: RowKind, words?: Words): Condition {
  const values: (string | number)[] = [];
  const sql = new Compiler(kind, values, words).of(query);
  return { sql, values };
}

/** From how many milliseconds on the calls are that fit, if the expression says so of all of them and they have an index. */
export function leastDuration(query: Query): number | undefined {
  if (query.type === "and") {
    const all = query.of.map(leastDuration).filter((ms) => ms !== undefined);
    return all.length === 0 ? undefined : Math.max(...all);
  }
  if (query.type !== "is" && query.type !== "compare") return undefined;
  const place = PLACES.calls[query.field];
  if (place === undefined || !("indexedFrom" in place) || place.indexedFrom === undefined) return undefined;
  const least = smallest(query);
  return least >= place.indexedFrom ? least : undefined;
}

/** The condition for calls, to be found by another index than that of what they are about. */
export function notBySubject({ sql, values }: Condition): Condition {
  return { sql: sql.replaceAll("c.subject IN (", "+c.subject IN ("), values };
}

/** The index of words. */
export interface Words {
  /** Rows up to this id are in it. */
  readonly to: number;
  /** What to MATCH for rows that may have one of the patterns; undefined where the index cannot tell. */
  match(patterns: readonly Pattern[]): string | undefined;
}

class Compiler {
  readonly #kind: RowKind;
  readonly #values: (string | number)[];
  readonly #words: Words | undefined;

  constructor(kind: RowKind, values: (string | number)[], words: Words | undefined) {
    this.#kind = kind;
    this.#values = values;
    this.#words = words;
  }

  of(query: Query): string {
    switch (query.type) {
      case "and":
      case "or":
        return `(${query.of.map((part) => this.of(part)).join(query.type === "and" ? " AND " : " OR ")})`;
      case "not":
        return `((${this.of(query.of)}) IS NOT TRUE)`;
      default: {
        const place = PLACES[this.#kind][query.field];
        if (place === undefined) return "0";
        const make = () => this.#leaf(query, place);
        return place.within === undefined ? make() : place.within(make);
      }
    }
  }

  #leaf(query: Leaf, place: Place): string {
    if ("named" in place) return or(namesOf(query).map(place.named));
    if ("ranked" in place) {
      const rank = (name: string) => place.names.indexOf(name);
      if (query.type === "compare") return `${place.ranked} ${query.operator} ${rank(nameOf(query.value))}`;
      return or(namesOf(query).map((name) => `${place.ranked} = ${rank(name)}`));
    }
    if ("search" in place) {
      const patterns = query.type === "is" ? query.values.map(patternOf) : [];
      const json = JSON.stringify(patterns);
      const found = () => or(place.search.map((text) => this.#call("has_text", json, text)));
      const words = place.indexed === undefined ? undefined : this.#words;
      const match = words?.match(patterns);
      if (words === undefined || match === undefined) return found();
      this.#values.push(match, words.to);
      const known = "SELECT t.rowid FROM text_index t WHERE t.text_index MATCH ? " +
        "UNION ALL SELECT n.id FROM long_texts n UNION ALL SELECT x.id FROM message_rows x WHERE x.id > ?"; // not indexed
      return `(${place.indexed} IN (${known}) AND ${found()})`;
    }
    const type = fieldNamed(query.field)?.type;
    return or(place.any.map((expression) => {
      if (type === "text") return this.#text(query, expression);
      if (type === "time") return this.#time(query, expression);
      const condition = this.#number(query, expression);
      return place.indexedFrom !== undefined && smallest(query) >= place.indexedFrom
        ? `(${expression} >= ${place.indexedFrom} AND ${condition})`
        : condition;
    }));
  }

  #text(query: Leaf, expression: string): string {
    if (query.type === "compare") {
      this.#values.push(patternOf(query.value).join("").toLowerCase());
      return `lower(${expression}) ${query.operator} ?`;
    }
    return or(query.values.map((value) => this.#fits(patternOf(value), expression)));
  }

  #fits(pattern: Pattern, expression: string): string {
    const [first, second] = pattern;
    if (pattern.length === 0) return this.#binary(expression, "=", "");
    if (pattern.length === 1 && first === MANY) return `${expression} IS NOT NULL`;
    if (typeof first === "string" && ASCII.test(first)) {
      if (pattern.length === 1) return `${this.#binary(expression, "=", first)} COLLATE NOCASE`;
      if (pattern.length === 2 && second === MANY) {
        return `(${this.#binary(expression, ">=", first)} COLLATE NOCASE AND ${
          this.#binary(expression, "<", first + LAST)
        } COLLATE NOCASE)`;
      }
    }
    return this.#call("fits", JSON.stringify(pattern), expression);
  }

  #number(query: Leaf, expression: string): string {
    if (query.type === "compare") return this.#binary(expression, query.operator, numberOf(query.value));
    return or(query.values.map((value) => {
      if (value.type === "number") return this.#binary(expression, "=", value.number);
      const { from, to } = rangeOf(value);
      this.#values.push(from, to);
      return `${expression} BETWEEN ? AND ?`;
    }));
  }

  /** Times are held against whole milliseconds: of the day, or since the epoch. */
  #time(query: Leaf, expression: string): string {
    if (query.type === "compare") {
      const limit = numberOf(query.value);
      if (limit < DAY) return this.#binary(`time_of_day(${expression})`, query.operator, limit);
      // floor(time) > limit is time >= limit + 1, and so on
      const { operator } = query;
      if (operator === ">") return this.#binary(expression, ">=", Math.floor(limit) + 1);
      if (operator === ">=") return this.#binary(expression, ">=", Math.ceil(limit));
      if (operator === "<") return this.#binary(expression, "<", Math.ceil(limit));
      return this.#binary(expression, "<", Math.floor(limit) + 1);
    }
    return or(query.values.map((value) => {
      const { from, to } = rangeOf(value);
      if (to >= DAY) {
        this.#values.push(Math.ceil(from), Math.floor(to) + 1);
        return `(${expression} >= ? AND ${expression} < ?)`;
      }
      this.#values.push(from, to);
      const joint = from <= to ? "AND" : "OR"; // over midnight
      return `(time_of_day(${expression}) >= ? ${joint} time_of_day(${expression}) <= ?)`;
    }));
  }

  #binary(expression: string, operator: string, value: string | number): string {
    this.#values.push(value);
    return `${expression} ${operator} ?`;
  }

  #call(name: string, first: string, expression: string): string {
    this.#values.push(first);
    return `${name}(?, ${expression})`;
  }
}

/** The smallest number that fits; -Infinity if there is none. */
function smallest(query: Leaf): number {
  if (query.type === "compare") return query.operator.startsWith(">") ? numberOf(query.value) : -Infinity;
  return Math.min(...query.values.map((value) => rangeOf(value).from));
}

function or(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(" OR ") || "0"})`;
}

function namesOf(query: Leaf): readonly string[] {
  return query.type === "is" ? query.values.map(nameOf) : [nameOf(query.value)];
}

function nameOf(value: QueryValue): string {
  return value.type === "name" ? value.name : "";
}

function patternOf(value: QueryValue): Pattern {
  return value.type === "pattern" ? value.pattern : [];
}

function numberOf(value: QueryValue): number {
  return value.type === "number" ? value.number : NaN;
}

function rangeOf(value: QueryValue): { readonly from: number; readonly to: number } {
  return value.type === "range" ? value : { from: numberOf(value), to: numberOf(value) };
}
