/**
 * Whether this machine can capture at all: asked before anything is loaded.
 *
 * @module
 */
import { EXIT, Failure } from "./_exit.ts";

/** What to do when it cannot. */
export const HINT =
  "mcpsonde doctor shows what this machine lacks; mcpsonde demo shows a recorded session without any rights";

/**
 * Looks at the most basic obstacles; cheap.
 *
 * @throws {Failure} with exit code 3 that says what is missing and what to do.
 */
export async function mustBeAbleToCapture(): Promise<void> {
  const reason = await whyNoCapture();
  if (reason !== undefined) throw new Failure(`${reason}\n${HINT}`, EXIT.machine);
}

/** What stands in the way of capture from the kernel, in one sentence; undefined if nothing obvious does. */
export async function whyNoCapture(): Promise<string | undefined> {
  const { obstacle, readMachine } = await import("../sources/ebpf/explain.ts");
  return obstacle(readMachine());
}
