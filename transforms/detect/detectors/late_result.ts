/**
 * Servers that carry on with what was cancelled.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall } from "../../../pipeline/context.ts";
import { defineDetector, type DetectorDeclaration } from "../detector.ts";
import { callName, milliseconds } from "../wording.ts";

const RULE = "mcp.call.late_result";

const options = z.strictObject({
  grace_ms: z.number().min(0).default(1000)
    .describe(
      "Milliseconds after a cancellation in which a result is no wonder: it may have been on its way already.",
    ),
});

/** The detector's declaration. */
const lateResult: DetectorDeclaration<typeof options> = defineDetector({
  name: "late_result",
  summary: "Results of calls that were cancelled: the server went on working",
  state: "When calls were cancelled, for as long as their requests are remembered.",
  options,
  rules: [{
    code: RULE,
    severity: "low",
    summary: "A call was cancelled and its result came all the same",
    category: "protocol",
    references: [],
    target: "tool_result",
  }],
  create({ grace_ms }, { report }) {
    const cancelled = new WeakMap<LogicalCall, number>();
    return {
      ended(call, event) {
        if (call.outcome === "cancelled" && event !== undefined) cancelled.set(call, event.time);
      },
      within(call, event) {
        if (event.type !== "response" || call.outcome !== "cancelled") return;
        const late = event.time - (cancelled.get(call) ?? event.time);
        if (late <= grace_ms) return;
        report(RULE, {
          message: `${callName(call)} was cancelled, and answered ${milliseconds(late)} later all the same`,
          details: { late_ms: Math.round(late) },
          event,
          call,
        });
      },
    };
  },
});
export default lateResult;
