/**
 * A filter expression in words.
 *
 * @module
 */
import type { Query } from "./ast.ts";
import { fieldNamed } from "./fields.ts";
import { printValue } from "./print.ts";

const WORDS = { ">": "above", ">=": "at least", "<": "below", "<=": "at most" } as const;

/** What it asks for: `tool is search* and latency is above 500ms`. */
export function describeQuery(query: Query): string {
  switch (query.type) {
    case "and":
    case "or":
      return query.of.map((part) => {
        const text = describeQuery(part);
        return part.type === "and" || part.type === "or" ? `(${text})` : text;
      }).join(` ${query.type} `);
    case "not": {
      const text = describeQuery(query.of);
      return query.of.type === "and" || query.of.type === "or" ? `not (${text})` : `not ${text}`;
    }
    case "compare":
      return `${query.field} is ${WORDS[query.operator]} ${printValue(query.field, query.value)}`;
    case "is": {
      const values = query.values.map((value) => printValue(query.field, value)).join(" or ");
      return `${query.field} ${fieldNamed(query.field)?.type === "search" ? "contains" : "is"} ${values}`;
    }
  }
}
