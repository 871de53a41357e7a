/**
 * The filter language, for who types in it.
 *
 * @module
 */
import { describeQuery, FIELD_GROUPS, parseQuery, QueryError } from "../../pipeline/query/mod.ts";

/** Whether a filter can be read: the schema `Query`. */
export function checkFilter(filter: string | undefined): Record<string, unknown> {
  if (filter === undefined) return { ok: true };
  try {
    return { ok: true, words: describeQuery(parseQuery(filter)) };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { ok: false, message: error.message, problems: error.problems };
  }
}

/** All fields: the schema `Fields`. */
export function fieldList(): { readonly rows: readonly Record<string, unknown>[] } {
  return {
    rows: FIELD_GROUPS.flatMap(({ title, fields }) =>
      fields.map((field) => ({
        name: field.name,
        group: title,
        type: field.type,
        summary: field.summary,
        example: field.example,
        ordered: field.type !== "search" &&
          (field.type === "text" || field.type === "name" ? field.ordered === true : true),
        ...(field.type === "name" ? { names: field.names } : {}),
      }))
    ),
  };
}
