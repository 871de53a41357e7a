/**
 * What a filter expression means, as data.
 *
 * @module
 */

/** In a pattern: any text, also none. Written `*`. */
export const MANY = 0;
/** In a pattern: one character. Written `?`. */
export const ONE = 1;

/** A text to be matched, in pieces: literal text, 0 for any text (`*`), 1 for any character (`?`). Empty for the empty text. */
export type Pattern = readonly (string | 0 | 1)[];

/** What a field is held against. Numbers are in the unit of the field's type: see `fields.ts`. */
export type Value =
  | { readonly type: "pattern"; readonly pattern: Pattern }
  /** One of the names that the field knows. */
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "number"; readonly number: number }
  /** Both ends belong to it. */
  | { readonly type: "range"; readonly from: number; readonly to: number };

/** How a field may be compared. */
export type Operator = ">" | ">=" | "<" | "<=";

/** A filter expression. */
export type Query =
  /** Two or more. */
  | { readonly type: "and"; readonly of: readonly Query[] }
  /** Two or more. */
  | { readonly type: "or"; readonly of: readonly Query[] }
  | { readonly type: "not"; readonly of: Query }
  /** The field has one of the values. */
  | { readonly type: "is"; readonly field: string; readonly values: readonly Value[] }
  | { readonly type: "compare"; readonly field: string; readonly operator: Operator; readonly value: Value };

/** The names of the fields that the expression asks for. */
export function fieldsOf(query: Query, into: Set<string> = new Set()): Set<string> {
  if (query.type === "and" || query.type === "or") { for (const part of query.of) fieldsOf(part, into); }
  else if (query.type === "not") fieldsOf(query.of, into);
  else into.add(query.field);
  return into;
}
