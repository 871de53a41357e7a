/**
 * Whether this machine can capture at all: asked before anything is loaded.
 *
 * @module
 */
import { EXIT, Failure } from "./_exit.ts";

/** What to do when it cannot. */
export const HINT =
  "mcpsonde doctor shows what this machine lacks; without rights: mcpsonde run -- CMD, mcpsonde proxy -- CMD, mcpsonde demo";

/**
 * Looks at the most common obstacles; cheap.
 *
 * @throws {Failure} with exit code 3 that says what is missing and what to do.
 */
export async function mustBeAbleToCapture(libbpf?: string): Promise<void> {
  const reason = await whyNoCapture(libbpf);
  if (reason !== undefined) throw new Failure(`${reason}\n${HINT}`, EXIT.machine);
}

/** What stands in the way of capture from the kernel, in one sentence; undefined if nothing obvious does. */
export async function whyNoCapture(libbpf?: string): Promise<string | undefined> {
  const { explain, obstacle, readMachine } = await import("../sources/ebpf/explain.ts");
  const { openLibbpf } = await import("../bpf/libbpf.ts");
  const machine = readMachine();
  const known = obstacle(machine);
  if (known !== undefined) return known;
  try {
    openLibbpf(libbpf);
    return undefined;
  } catch (error) {
    return explain(error, machine);
  }
}
