/**
 * The detectors, in the order in which they are asked. To add one: a file under `detectors/` and a line here.
 *
 * @module
 */
import type { DetectorDeclaration } from "./detector.ts";
import destructive_tool from "./detectors/destructive_tool.ts";
import error_burst from "./detectors/error_burst.ts";
import first_use from "./detectors/first_use.ts";
import hung_call from "./detectors/hung_call.ts";
import large_result from "./detectors/large_result.ts";
import late_result from "./detectors/late_result.ts";
import latency_outlier from "./detectors/latency_outlier.ts";
import path_traversal from "./detectors/path_traversal.ts";
import poisoned_description from "./detectors/poisoned_description.ts";
import prompt_injection from "./detectors/prompt_injection.ts";
import runaway_loop from "./detectors/runaway_loop.ts";
import secret_leaving from "./detectors/secret_leaving.ts";
import shell_metacharacters from "./detectors/shell_metacharacters.ts";
import ssrf_target from "./detectors/ssrf_target.ts";
import tool_drift from "./detectors/tool_drift.ts";
import tool_shadowing from "./detectors/tool_shadowing.ts";
import toxic_flow from "./detectors/toxic_flow.ts";
import unknown_server from "./detectors/unknown_server.ts";

/** Every detector that comes with mcpsonde. */
export const DETECTORS: readonly DetectorDeclaration[] = [
  hung_call,
  late_result,
  runaway_loop,
  error_burst,
  latency_outlier,
  large_result,
  poisoned_description,
  prompt_injection,
  path_traversal,
  ssrf_target,
  shell_metacharacters,
  destructive_tool,
  secret_leaving,
  toxic_flow,
  first_use,
  tool_drift,
  tool_shadowing,
  unknown_server,
];
