/**
 * From a pipeline file, its text, or a value to a checked plan. Nothing here throws for what the input holds.
 *
 * @module
 */
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { checkDuplicates, checkPipeline } from "./check.ts";
import { Document } from "./document.ts";
import type { PipelineConfig, PlanOptions, PlanResult } from "./plan.ts";
import type { Problem } from "./problem.ts";
import { ReadError, readText } from "./read.ts";
import { warningsOf } from "./warnings.ts";

/** More than a pipeline file will ever need. */
const MAX_BYTES = 1024 * 1024;

/** Options of {@linkcode planPipeline}. */
export interface ValueOptions extends PlanOptions {
  /** What relative paths start from. @default {process.cwd()} */
  readonly directory?: string | undefined;
}

/** Options of {@linkcode parsePipeline}. */
export interface ParseOptions extends ValueOptions {
  /** The file's name in problems. @default {"pipeline.jsonc"} */
  readonly file?: string | undefined;
}

/** Reads and checks a pipeline file. Every mistake is reported at once. */
export async function loadPipeline(path: string, options: PlanOptions): Promise<PlanResult> {
  try {
    const text = await readText(path, MAX_BYTES);
    return await parsePipeline(text, { ...options, file: path, directory: dirname(resolve(path)) });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { problems: [{ file: path, at: error.at, path: "", message: error.message }] };
  }
}

/** Checks the text of a pipeline file. */
export function parsePipeline(text: string, options: ParseOptions): Promise<PlanResult> {
  const file = options.file ?? "pipeline.jsonc";
  return check(new Document(text, file), options, { literal: false, file });
}

/**
 * Checks a pipeline that a program put together, by the same rules. Its strings are taken as they are: `${…}` and `~`
 * mean nothing here, as what comes from a command line has been through a shell.
 */
export function planPipeline(config: PipelineConfig, options: ValueOptions): Promise<PlanResult> {
  let text: string;
  try {
    text = JSON.stringify(config) ?? "null";
  } catch (error) {
    return Promise.resolve({ problems: [{ path: "", message: `not a JSON value: ${String(error)}` }] });
  }
  return check(new Document(text, undefined, false), options, { literal: true, file: undefined });
}

async function check(
  document: Document,
  options: ValueOptions,
  { literal, file }: { readonly literal: boolean; readonly file: string | undefined },
): Promise<PlanResult> {
  const problems: Problem[] = [];
  const scope = {
    document,
    registry: options.registry,
    env: options.env ?? process.env,
    home: options.home ?? homedir(),
    directory: resolve(options.directory ?? "."),
    literal,
    problems,
  };
  checkDuplicates(scope, document.tree);
  const plan = await checkPipeline(scope);
  const all = [...document.problems, ...problems].sort(byPosition);
  if (all.length > 0 || plan === undefined) return { problems: all };
  return { plan: { ...plan, file, warnings: warningsOf(plan, file) }, problems: [] };
}

function byPosition(a: Problem, b: Problem): number {
  return (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0);
}
