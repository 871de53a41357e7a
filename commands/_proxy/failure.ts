/**
 * Why a program cannot be started.
 *
 * @module
 */
import { EXIT, Failure } from "../_exit.ts";

/** As shells have it: there is no such program; it may not be run. */
const NOT_FOUND = 127, NOT_EXECUTABLE = 126;

/** The failure to end with. */
export function cannotStart([program = ""]: readonly string[], error: unknown): Failure {
  if (error instanceof Deno.errors.NotFound) return new Failure(`${program}: there is no such program`, NOT_FOUND);
  const why = error instanceof Error ? error.message : String(error);
  const code = error instanceof Deno.errors.PermissionDenied ? NOT_EXECUTABLE : EXIT.failed;
  return new Failure(`${program} cannot be run: ${why}`, code);
}
