/**
 * The law: no fault of the sensor's reaches the program.
 *
 * @module
 */

/** Told of the sensor's own faults. */
export type FaultListener = (where: string, type: string) => void;

/** Faults told at most: a fault that happens at each message would bury the rest. */
const MOST = 20;

let listener: FaultListener | undefined;
let faults = 0;
let isTelling = false;

/** Sets who is told. */
export function onFault(told: FaultListener): void {
  listener = told;
}

/** Tells of a fault. Never throws. */
export function fault(where: string, error: unknown): void {
  if (listener === undefined || isTelling || ++faults > MOST) return;
  isTelling = true;
  try {
    listener(where, typeName(error));
  } catch {
    // nobody is left to be told
  } finally {
    isTelling = false;
  }
}

/** What the work gives; undefined if it throws. */
export function guarded<Result>(where: string, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    fault(where, error);
    return undefined;
  }
}

/** `TypeError`, or the name of what was thrown. With an error's code, where it has one: `Error ENOSPC`. */
export function typeName(error: unknown): string {
  try {
    if (!(error instanceof Error)) {
      return error === null ? "null" : typeof error;
    }
    const name = error.constructor?.name || error.name || "Error";
    const { code } = error as { code?: unknown };
    return typeof code === "string" && /^[A-Z0-9_]{1,64}$/.test(code) ? `${name} ${code}` : name;
  } catch {
    return "unknown";
  }
}
