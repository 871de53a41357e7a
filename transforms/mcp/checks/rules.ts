/**
 * What the checks find.
 *
 * @module
 */
import type { Severity } from "../../../pipeline/event.ts";

/** One kind of finding. */
export interface CheckRule {
  /** How bad it is. */
  readonly severity: Severity;
  /** What is done, as the end of a sentence that names who: `… sent a batch`. */
  readonly does: string;
}

/** By the last part of the finding's name: `batch` of `mcp.protocol.batch`. */
export const CHECK_RULES = {
  batch: { severity: "low", does: "sent a batch, which only revision 2025-03-26 has" },
  orphan_response: { severity: "low", does: "answered a request that nobody sent" },
  duplicate_response: { severity: "low", does: "answered a request twice" },
  duplicate_id: { severity: "low", does: "used the id of a request that has no answer yet" },
  null_id: { severity: "low", does: "sent a request whose id is null" },
  id_type_mismatch: {
    severity: "low",
    does: "answered with an id that is a number in one place and a string in the other",
  },
  result_and_error: { severity: "low", does: "sent a response with both a result and an error" },
  duplicate_key: { severity: "low", does: "sent a message that has a member twice: peers may read it differently" },
  bad_params: { severity: "low", does: "sent params that are neither object nor array" },
  unknown_method: { severity: "info", does: "sent a method that no revision of MCP has" },
  wrong_era: { severity: "low", does: "sent a method that the revision in force does not have" },
  wrong_side: { severity: "low", does: "sent a method that only the other side may send" },
  before_initialized: { severity: "low", does: "sent a request before the session was initialized" },
  unknown_version: { severity: "info", does: "speaks a revision that is not published" },
  unlisted_tool: { severity: "low", does: "called a tool that the server has not listed" },
  bad_arguments: { severity: "low", does: "called a tool with arguments that do not fit its schema" },
  duplicate_name: { severity: "low", does: "listed two entries of the same name" },
} as const satisfies Record<string, CheckRule>;

/** The name of a rule. */
export type CheckCode = keyof typeof CHECK_RULES;

/** Tells of something. `subject`: of what it is told separately, a tool's name for example. */
export type Report = (
  code: CheckCode,
  more?: { readonly what?: string; readonly evidence?: string; readonly subject?: string },
) => void;
