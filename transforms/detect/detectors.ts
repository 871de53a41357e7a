/**
 * The detectors, in the order in which they are asked. To add one: a file under `detectors/` and a line here.
 *
 * @module
 */
import type { DetectorDeclaration } from "./detector.ts";
import error_burst from "./detectors/error_burst.ts";
import hung_call from "./detectors/hung_call.ts";
import large_result from "./detectors/large_result.ts";
import late_result from "./detectors/late_result.ts";
import latency_outlier from "./detectors/latency_outlier.ts";
import runaway_loop from "./detectors/runaway_loop.ts";

/** Every detector that comes with mcpsonde. */
export const DETECTORS: readonly DetectorDeclaration[] = [
  hung_call,
  late_result,
  runaway_loop,
  error_burst,
  latency_outlier,
  large_result,
];
