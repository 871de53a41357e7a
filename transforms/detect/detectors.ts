/**
 * The detectors, in the order in which they are asked. To add one: a file under `detectors/` and a line here.
 *
 * @module
 */
import type { DetectorDeclaration } from "./detector.ts";
import hung_call from "./detectors/hung_call.ts";

/** Every detector that comes with mcpsonde. */
export const DETECTORS: readonly DetectorDeclaration[] = [
  hung_call,
];
