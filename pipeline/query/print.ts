/**
 * From a filter expression to text: {@linkcode parseQuery} of it gives the same expression.
 *
 * @module
 */
import { MANY, type Pattern, type Query, type Value } from "./ast.ts";
import { DAY } from "./field.ts";
import { fieldNamed } from "./fields.ts";
import { UNITS } from "./_literal.ts";

/** The expression in its canonical form. */
export function printQuery(query: Query): string {
  switch (query.type) {
    case "and":
      return query.of.map((part) => inner(part, part.type === "and" || part.type === "or")).join(" ");
    case "or":
      return query.of.map((part) => inner(part, part.type === "or")).join(" or ");
    case "not":
      return `not ${inner(query.of, query.of.type === "and" || query.of.type === "or")}`;
    case "compare":
      return `${query.field}${query.operator}${printValue(query.field, query.value)}`;
    case "is": {
      const values = query.values.map((value) => printValue(query.field, value));
      return `${query.field}:${values.length === 1 ? values[0] : `(${values.join("|")})`}`;
    }
  }
}

function inner(query: Query, parentheses: boolean): string {
  return parentheses ? `(${printQuery(query)})` : printQuery(query);
}

/** A value as it may stand in a condition on the field. */
export function printValue(field: string, value: Value): string {
  switch (value.type) {
    case "pattern":
      return printPattern(value.pattern);
    case "name":
      return value.name;
    case "number":
      return printNumber(field, value.number);
    case "range":
      return `${printNumber(field, value.from)}..${printNumber(field, value.to)}`;
  }
}

const PLAIN = /^[^\s"()|\\*?<>=\p{C}][^\s"()|\\*?\p{C}]*$/u;

function printPattern(pattern: Pattern): string {
  if (pattern.some((piece) => typeof piece !== "string")) {
    const pieces = pattern.map((piece) =>
      typeof piece === "string" ? piece.replaceAll(/[\s"()|\\*?]/g, "\\$&") : piece === MANY ? "*" : "?"
    );
    return pieces.join("").replace(/^[<>=]/, "\\$&");
  }
  const text = pattern.join("");
  if (PLAIN.test(text)) return text;
  const quoted = text.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll(
    "\r",
    "\\r",
  );
  return `"${quoted}"`;
}

function printNumber(field: string, number: number): string {
  const type = fieldNamed(field)?.type;
  if (type === "time") return printTime(number);
  if (type !== "duration" && type !== "size") return String(number);
  let best = `${number}${type === "size" ? "B" : "ms"}`;
  for (const [unit, factor] of UNITS[type]) {
    const text = `${number / factor}${unit}`;
    if (text.length < best.length && Number.isInteger(number / factor) && (number / factor) * factor === number) {
      best = text;
    }
  }
  return best;
}

function printTime(time: number): string {
  const text = new Date(time).toISOString().slice(time < DAY ? 11 : 0, time < DAY ? 23 : 24);
  return text.replace(/(?::00)?\.000(?=Z?$)/, "");
}
