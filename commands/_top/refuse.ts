/**
 * Where a screen cannot be shown.
 *
 * @module
 */
import process from "node:process";
import { EXIT, Failure } from "../_exit.ts";

/** What is known of the terminal. */
export interface Streams {
  readonly isInput: boolean;
  readonly isOutput: boolean;
  readonly term: string | undefined;
}

/**
 * Says what is missing, and what to use instead.
 *
 * @throws {Failure} if there is no terminal that a screen can be drawn on.
 */
export function mustBeScreen(source: string | undefined, streams: Streams = current()): void {
  const { isInput, isOutput, term } = streams;
  const missing = !isOutput
    ? "its output is no terminal"
    : !isInput
    ? "its input is no terminal, so that no keys can be read"
    : term === undefined || term === "" || term === "dumb"
    ? `the terminal (TERM=${term ?? ""}) cannot place text on the screen`
    : undefined;
  if (missing === undefined) return;
  throw new Failure(`top: ${missing}; use ${instead(source)}`, EXIT.usage);
}

function instead(source: string | undefined): string {
  if (source === undefined) return "mcpsonde, or mcpsonde --verbose, which write line by line";
  if (/^https?:/i.test(source)) return `the page at ${source.replace(/#.*$/s, "")} in a browser`;
  return `mcpsonde replay ${source} --verbose, which writes line by line`;
}

function current(): Streams {
  return {
    isInput: process.stdin.isTTY === true,
    isOutput: process.stdout.isTTY === true,
    term: process.env["TERM"],
  };
}
