/**
 * Where stages say what an operator should know: standard error.
 *
 * @module
 */
import picocolors from "picocolors";
import type { Log } from "../pipeline/component.ts";
import type { Output } from "./_context.ts";

/** Writes `mcpsonde: sources.kernel: …`, coloured by severity on a terminal. */
export function stderrLog(stderr: Output, noColor: boolean): Log {
  const paint = picocolors.createColors(stderr.isTTY && !noColor);
  const line = (colour: (text: string) => string) => (message: string) =>
    stderr.write(colour(`mcpsonde: ${message}`) + "\n");
  return { info: line(paint.dim), warn: line(paint.yellow), error: line(paint.red) };
}
