/**
 * What the look at executables takes and gives.
 *
 * @module
 */
import type { Process } from "../../../../pipeline/event.ts";

/** A server whose executable is looked at. */
export interface Subject {
  readonly process: Process | undefined;
  readonly remote: boolean;
  package: string | undefined;
  executableHash: string | undefined;
  version: number;
}

/** What was found. */
export interface Examined {
  /** SHA-256 in hex. */
  readonly hash: string | undefined;
  /** `npm:name@version` or `pypi:name@version`. */
  readonly package: string | undefined;
}
