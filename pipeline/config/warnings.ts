/**
 * What works in a pipeline and is most likely not meant so.
 *
 * @module
 */
import type { PipelinePlan } from "./plan.ts";
import type { Problem } from "./problem.ts";

/** The transform that takes secrets out. */
const REDACT = "redact";

/** Sinks that send to other machines what nothing has redacted. */
export function warningsOf({ transforms, sinks }: PipelinePlan, file: string | undefined): readonly Problem[] {
  const isRedacted = ({ component }: PipelinePlan["transforms"][number]) => component.type === REDACT;
  if (transforms.some(isRedacted)) return [];
  return sinks.filter(({ component, transforms }) => component.network === true && !transforms.some(isRedacted))
    .map(({ path, at }) => ({
      file,
      at: file === undefined ? undefined : at,
      path,
      message: `secrets leave this machine: no { "type": "${REDACT}" } stands before this sink`,
    }));
}
