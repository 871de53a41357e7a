/**
 * Filter expressions and fields as options of components.
 *
 * @module
 */
import { z } from "zod";
import type { Query } from "./ast.ts";
import { QueryError } from "./error.ts";
import { KEY_FIELDS, type KeyField } from "./key.ts";
import { parseQuery } from "./parse.ts";

/** An option that takes an expression, or several of which any has to match. Each mistake is told with its column. */
export type ExpressionOption = z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>;

/** The option. */
export function expression(): ExpressionOption {
  return z.union([z.string(), z.array(z.string()).min(1)]).superRefine((value, context) => {
    for (const [i, text] of [value].flat().entries()) {
      for (const message of mistakes(text)) {
        context.addIssue({ code: "custom", message, path: Array.isArray(value) ? [i] : [] });
      }
    }
  });
}

/** What the option asks for. */
export function queryOf(value: string | readonly string[]): Query {
  const queries = [value].flat().map((text) => parseQuery(text));
  return queries.length === 1 ? queries[0]! : { type: "or", of: queries };
}

/** An option that takes the fields that make a key. */
export function keyFields(): z.ZodArray<z.ZodEnum<{ [Name in KeyField]: Name }>> {
  return z.array(z.enum(KEY_FIELDS));
}

function mistakes(text: string): string[] {
  try {
    parseQuery(text);
    return [];
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return error.problems.map(({ start, message }) => `column ${start + 1} of the expression: ${message}`);
  }
}
