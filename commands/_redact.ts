/**
 * `--no-redact`: shows secrets and personal data as they are.
 *
 * @module
 */
import type { FlagParametersForType } from "@stricli/core";
import type { PipelineConfig } from "../pipeline/config/plan.ts";
import type { CliContext } from "./_context.ts";

/** Whether to hide what may not be seen. */
export interface RedactFlags {
  readonly redact: boolean;
}

/** Flags of {@linkcode RedactFlags}. */
export const redactFlags: FlagParametersForType<RedactFlags, CliContext> = {
  redact: { kind: "boolean", default: true, brief: "Hide secrets and personal data" },
};

/** The transform that the flag stands for. It belongs behind `detect`, which has to see what leaks. */
export function redactTransforms({ redact }: RedactFlags): NonNullable<PipelineConfig["transforms"]> {
  return redact ? [{ type: "redact" }] : [];
}
