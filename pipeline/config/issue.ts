/**
 * What a schema found wrong, in words that say what was expected.
 *
 * @module
 */
import { z } from "zod";
import { nearest } from "./nearest.ts";

/** An issue as zod reports it; `input` is there because we ask for it. */
export type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  tuple: "an array",
  object: "an object",
  record: "an object",
  null: "null",
};

const UNITS: Readonly<Record<string, string>> = { string: "characters", array: "items", set: "items", file: "bytes" };

const english = z.locales.en().localeError;

/**
 * What was expected. `written` is the value as it stands in the file, undefined where it is missing: the value itself
 * may hold a secret that was filled in.
 */
export function describeIssue(issue: Issue, written: string | undefined): string {
  if (issue.code === "invalid_key") return describeKey(issue);
  if (isCustom(issue)) return issue.message;
  const got = written === undefined ? "" : `, got ${written}`;
  const expected = expectation(issue);
  return written === undefined ? `missing; expected ${expected}` : `expected ${expected}${got}${hint(issue, written)}`;
}

/** A name that an object's members may not have: `"a b" is no name of a header`. */
function describeKey(issue: z.core.$ZodIssueInvalidKey): string {
  const name = JSON.stringify(String(issue.path.at(-1)));
  const [inner] = issue.issues as Issue[];
  if (inner === undefined) return `${name} is no name for this`;
  return isCustom(inner) ? `${name} ${inner.message}` : `expected ${expectation(inner)}, got ${name}`;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? `a ${issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values.map(quote));
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_format":
      return issue.pattern === undefined || issue.format !== "regex"
        ? `a valid ${issue.format.replaceAll("_", " ")}`
        : `a string that matches ${issue.pattern}`;
    case "invalid_union":
      return alternatives(issue);
    default:
      return `something else (${issue.message})`;
  }
}

function alternatives(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.errors.length === 0 && "options" in issue && Array.isArray(issue.options)) {
    return oneOf(issue.options.map(quote));
  }
  const each = issue.errors.flatMap((errors) =>
    errors.slice(0, 1).map((error) => {
      const where = error.path.length === 0 ? "" : ` as "${error.path.join(".")}"`;
      return expectation(error as Issue) + where;
    })
  );
  return [...new Set(each)].join(", or ") || "something else";
}

function bound(origin: string, words: string, limit: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined ? `${words} ${limit}` : `${words} ${limit} ${limit === 1 ? unit.replace(/s$/, "") : unit}`;
}

/** The nearest allowed value for one that is misspelt. */
function hint(issue: Issue, written: string): string {
  const values = issue.code === "invalid_value"
    ? issue.values
    : "options" in issue && Array.isArray(issue.options)
    ? issue.options
    : [];
  const near = nearest(written.replaceAll('"', ""), values.filter((value) => typeof value === "string"));
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `one of ${values.join(", ")}`;
}

function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** True if the component's author wrote the message. */
function isCustom(issue: Issue): boolean {
  if (issue.code === "custom") return true;
  const usual = english(issue as Parameters<typeof english>[0]);
  return issue.message !== (typeof usual === "object" ? usual?.message : usual);
}
