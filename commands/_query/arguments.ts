/**
 * What `query` and `export` are asked for in the same way.
 *
 * @module
 */
import type { CliContext } from "../_context.ts";
import type { AnyKind } from "./columns.ts";
import type { TypedPositionalParameters } from "@stricli/core";

/** What may be shown. */
export const KINDS = [
  "calls",
  "messages",
  "findings",
  "events",
  "http",
  "servers",
  "tools",
] as const satisfies readonly AnyKind[];

/** FILE and EXPR; `brief` says what the expression chooses. */
export function captureAndExpression(brief: string): TypedPositionalParameters<[string, string?], CliContext> {
  return {
    kind: "tuple",
    parameters: [
      { parse: String, placeholder: "FILE", brief: "The capture" },
      {
        parse: async (text) => await (await import("../_filter.ts")).checkedExpression(text, "EXPR"),
        optional: true,
        placeholder: "EXPR",
        brief,
      },
    ],
  };
}
