/**
 * From a pipeline file, its text, or a value to a checked plan. Nothing here throws for what the input holds.
 *
 * @module
 */
import type { PipelineConfig, PlanOptions, PlanResult } from "./plan.ts";

/** Options of {@linkcode parsePipeline}. */
export interface ParseOptions extends PlanOptions {
  /** The file's name in problems. @default {"pipeline.jsonc"} */
  readonly file?: string | undefined;
  /** What relative paths start from. @default {process.cwd()} */
  readonly directory?: string | undefined;
}

/** Options of {@linkcode planPipeline}. */
export interface ValueOptions extends PlanOptions {
  /** What relative paths start from. @default {process.cwd()} */
  readonly directory?: string | undefined;
}

/** Reads and checks a pipeline file. Every mistake is reported at once. */
export function loadPipeline(path: string, _options: PlanOptions): Promise<PlanResult> {
  return Promise.resolve({ problems: [{ file: path, path: "", message: "not implemented yet" }] });
}

/** Checks the text of a pipeline file. */
export function parsePipeline(_text: string, _options: ParseOptions): Promise<PlanResult> {
  return Promise.resolve({ problems: [{ path: "", message: "not implemented yet" }] });
}

/**
 * Checks a pipeline that a program put together, by the same rules. Its strings are taken as they are: `${…}` and `~`
 * mean nothing here, as what comes from a command line has been through a shell.
 */
export function planPipeline(_config: PipelineConfig, _options: ValueOptions): Promise<PlanResult> {
  return Promise.resolve({ problems: [{ path: "", message: "not implemented yet" }] });
}
