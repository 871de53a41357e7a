/**
 * From a filter expression to a function.
 *
 * @module
 */
import type { Event } from "../event.ts";
import type { Operator, Query } from "./ast.ts";
import type { Field, NameField, NumberField, TextField } from "./field.ts";
import { DAY, timeOfDay } from "./field.ts";
import { fieldNamed } from "./fields.ts";
import { matcher } from "./glob.ts";

/** Whether an event is what was asked for. Never throws. */
export type Test = (event: Event) => boolean;

/** How to take what an event does not have. */
export interface CompileOptions {
  /**
   * Findings and gaps match as well if nothing that is known of them speaks against it: a gap in which anything may have
   * been lost is of every tool. For filters, which should not hide them.
   */
  readonly lenient?: boolean | undefined;
}

/**
 * Makes the function. A condition on something that the event does not have does not hold, and its negation does.
 *
 * @throws {RangeError} if the expression was not made by `parseQuery` and names what does not exist.
 */
export function compileQuery(query: Query, { lenient = false }: CompileOptions = {}): Test {
  const strict = compile(query, "no");
  if (!lenient) return strict;
  const possible = compile(query, "maybe");
  return (event) => event.kind === "finding" || event.kind === "gap" ? possible(event) : strict(event);
}

/**
 * What becomes of a condition on something that the event does not have: it does not hold; or, where not knowing counts
 * as yes, it may hold and may not, so that both it and its negation match.
 */
type Missing = "no" | "maybe" | "certain";

function compile(query: Query, missing: Missing): Test {
  switch (query.type) {
    case "and":
      return all(byCost(query.of).map((part) => compile(part, missing)));
    case "or":
      return some(byCost(query.of).map((part) => compile(part, missing)));
    case "not": {
      const of = compile(query.of, missing === "no" ? "no" : missing === "maybe" ? "certain" : "maybe");
      return (event) => !of(event);
    }
    default: {
      const read = condition(query);
      if (missing === "maybe") return (event) => read(event) !== false;
      return (event) => read(event) === true;
    }
  }
}

function all(tests: readonly Test[]): Test {
  const [first, second, ...rest] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  const then = rest.length === 0 ? second : all([second, ...rest]);
  return (event) => first(event) && then(event);
}

function some(tests: readonly Test[]): Test {
  const [first, second, ...rest] = tests;
  if (first === undefined) return () => false;
  if (second === undefined) return first;
  const then = rest.length === 0 ? second : some([second, ...rest]);
  return (event) => first(event) || then(event);
}

/** Cheap ones first: the order makes no difference otherwise. */
function byCost(parts: readonly Query[]): readonly Query[] {
  return parts.toSorted((a, b) => cost(a) - cost(b));
}

function cost(query: Query): number {
  if (query.type === "and" || query.type === "or") return Math.max(...query.of.map(cost));
  return query.type === "not" ? cost(query.of) : fieldNamed(query.field)?.cost ?? 0;
}

type Condition = Extract<Query, { type: "is" | "compare" }>;

function condition(query: Condition): (event: Event) => boolean | undefined {
  const field = fieldNamed(query.field);
  if (field === undefined) throw new RangeError(`No field "${query.field}"`);
  switch (field.type) {
    case "search":
      return field.search(patterns(field, query));
    case "text":
    case "name": {
      const test = textTest(field, query);
      return (event) => field.read(event, test);
    }
    default: {
      const test = numberTest(field, query);
      return (event) => field.read(event, test);
    }
  }
}

function patterns(field: Field, query: Condition) {
  const values = query.type === "is" ? query.values : [query.value];
  return values.map((value) => value.type === "pattern" ? value.pattern : wrong(field));
}

function textTest(field: TextField | NameField, query: Condition): (value: string) => boolean {
  if (query.type === "is") {
    if (field.type === "text") return either(patterns(field, query).map(matcher));
    const names = query.values.map((value) => value.type === "name" ? value.name : wrong(field));
    const [only] = names;
    return names.length === 1 ? (value) => value === only : (value) => names.includes(value);
  }
  const { operator, value } = query;
  if (field.type === "name") {
    const ranks = new Map(field.names.map((name, rank) => [name, rank]));
    const limit = value.type === "name" ? ranks.get(value.name) ?? wrong(field) : wrong(field);
    const holds = comparison(operator, limit);
    return (value) => holds(ranks.get(value) ?? NaN);
  }
  const limit = value.type === "pattern" ? value.pattern.join("").toLowerCase() : wrong(field);
  const holds = comparison(operator, 0);
  return (value) => holds(compareTexts(value.toLowerCase(), limit));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberTest(field: NumberField, query: Condition): (value: number) => boolean {
  if (query.type === "compare") {
    const limit = query.value.type === "number" ? query.value.number : wrong(field);
    const holds = comparison(query.operator, limit);
    return field.type === "time" ? (time) => holds(momentLike(time, limit)) : holds;
  }
  return either(query.values.map((value) => {
    const { from, to } = value.type === "number"
      ? { from: value.number, to: value.number }
      : value.type === "range"
      ? value
      : wrong(field);
    if (field.type !== "time") return (number) => number >= from && number <= to;
    return (time) => {
      const moment = momentLike(time, to);
      return from <= to ? moment >= from && moment <= to : moment >= from || moment <= to; // over midnight
    };
  }));
}

/** Whole milliseconds since midnight, or since the epoch, as the value that it is compared with. */
function momentLike(time: number, value: number): number {
  return Math.floor(value < DAY ? timeOfDay(time) : time);
}

function comparison(operator: Operator, limit: number): (value: number) => boolean {
  switch (operator) {
    case ">":
      return (value) => value > limit;
    case ">=":
      return (value) => value >= limit;
    case "<":
      return (value) => value < limit;
    case "<=":
      return (value) => value <= limit;
  }
}

function either<T>(tests: readonly ((value: T) => boolean)[]): (value: T) => boolean {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (value) => tests.some((test) => test(value));
}

function wrong(field: Field): never {
  throw new RangeError(`Not a value of "${field.name}"`);
}
