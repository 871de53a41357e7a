/**
 * `--filter EXPR`: only what matches is shown and written.
 *
 * @module
 */
import type { FlagParametersForType } from "@stricli/core";
import type { PipelineConfig } from "../pipeline/config/plan.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";

/** What to show. */
export interface FilterFlags {
  readonly filter?: string | undefined;
}

/** Flags of {@linkcode FilterFlags}. */
export const filterFlags: FlagParametersForType<FilterFlags, CliContext> = {
  filter: {
    kind: "parsed",
    parse: (text) => checkedExpression(text),
    proposeCompletions: proposals,
    optional: true,
    placeholder: "EXPR",
    brief: "Show only what matches, such as 'tool:search* latency>500ms'; docs/filter.md has all fields",
  },
};

/** The transform that the flag stands for; it belongs behind all others. */
export function filterTransforms({ filter }: FilterFlags): NonNullable<PipelineConfig["transforms"]> {
  return filter === undefined ? [] : [{ type: "filter", where: filter }];
}

/** Fields that the last word of the expression may become. */
async function proposals(partial: string): Promise<string[]> {
  const { FIELD_NAMES } = await import("../pipeline/query/mod.ts");
  const [, before = "", name = ""] = /^((?:[^]*[\s(!-])?)(\w*)$/.exec(partial) ?? [];
  return FIELD_NAMES.filter((field) => field.startsWith(name)).map((field) => `${before}${field}:`);
}

/** The expression as it is, if it is one; else a failure that shows its mistakes. */
export async function checkedExpression(text: string, flag = "--filter"): Promise<string> {
  const { parseQuery, QueryError } = await import("../pipeline/query/mod.ts");
  try {
    parseQuery(text);
    return text;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { underlined } = await import("./_underline.ts");
    const count = error.problems.length;
    const what = count === 1 ? "a mistake" : `${count} mistakes`;
    throw new Failure(`${flag}: ${what} in the expression\n${underlined(error.text, error.problems)}`, EXIT.usage);
  }
}
