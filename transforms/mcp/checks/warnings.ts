/**
 * What `jsonrpc` warned of.
 *
 * @module
 */
import type { McpEvent } from "../../../pipeline/event.ts";
import type { CheckCode, Report } from "./rules.ts";
import type { SessionState } from "./session_state.ts";

/** Warnings that are told as they are. */
const TOLD: Readonly<Record<string, CheckCode>> = {
  duplicate_response: "duplicate_response",
  duplicate_id: "duplicate_id",
  null_id: "null_id",
  id_type_mismatch: "id_type_mismatch",
  result_and_error: "result_and_error",
  duplicate_key: "duplicate_key",
  bad_params: "bad_params",
  unknown_method: "unknown_method",
};
/** The one revision with batches. */
const BATCHING = "2025-03-26";
/** Longest method name that is quoted. */
const NAME = 100;

/** Tells of a message's warnings. */
export function checkWarnings(event: McpEvent, era: string | undefined, state: SessionState, report: Report): void {
  for (const warning of event.warnings) {
    const code = TOLD[warning];
    if (code === "unknown_method") {
      report(code, { evidence: event.method?.slice(0, NAME) ?? "", subject: event.method ?? "" });
    } else if (code !== undefined) report(code);
    else if (warning === "batch" && era !== undefined && era !== BATCHING) report("batch");
    // an answer to what was asked before capture began is none
    else if (warning === "orphan" && state.sawStart) report("orphan_response");
  }
}
