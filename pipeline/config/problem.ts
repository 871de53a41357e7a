/**
 * A mistake or failure that an operator can act on, and how it is written out.
 *
 * @module
 */

/** Where something stands in a file. Both count from 1; a column counts UTF-16 units, as editors do. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** One thing that is wrong, with its place in the pipeline file where there is one. */
export interface Problem {
  /** The file as the user named it. Absent for a pipeline that was built by a program. */
  readonly file?: string | undefined;
  /** Where in the file. Absent where the file as a whole is meant, e.g. when it is missing. */
  readonly at?: Position | undefined;
  /** The config path, e.g. `sinks.file.path`. Empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what was expected, without a full stop. Never a stack trace. */
  readonly message: string;
  /** What was thrown, where something was. For a log at debug level; not for people. */
  readonly cause?: unknown;
}

/**
 * Writes a problem on one line.
 *
 * @example Usage
 * ```ts
 * import { formatProblem } from "./problem.ts";
 *
 * const line = formatProblem({
 *   file: "mon.jsonc",
 *   at: { line: 12, column: 9 },
 *   path: "sinks.file.pth",
 *   message: 'unknown option; did you mean "path"?',
 * });
 * // mon.jsonc:12:9: sinks.file.pth: unknown option; did you mean "path"?
 * ```
 */
export function formatProblem(problem: Problem): string {
  const { file, at, path, message } = problem;
  const where = file === undefined ? "" : at === undefined ? `${file}: ` : `${file}:${at.line}:${at.column}: `;
  return `${where}${path === "" ? "" : `${path}: `}${message}`;
}
