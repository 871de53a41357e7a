/**
 * Calls that took much longer than calls of the same tool do.
 *
 * @module
 */
import { z } from "zod";
import { defineDetector, type DetectorDeclaration } from "../detector.ts";
import { PerTool } from "../per_tool.ts";
import { Quantile } from "../quantile.ts";
import { callName, milliseconds, serverName } from "../wording.ts";

const RULE = "mcp.call.slow";
/** The quantile that stands for "as long as it may take". */
const HIGH = 0.95;

const options = z.strictObject({
  factor: z.number().gt(1).default(5)
    .describe("How many times as long as 95 of 100 calls of the tool a call must take."),
  min_ms: z.number().min(0).default(1000).describe("Milliseconds below which no call is slow."),
  warm_up: z.int().min(5).default(30).describe("Calls of a tool from which on its usual time is known."),
});

/** The detector's declaration. */
const latencyOutlier: DetectorDeclaration<typeof options> = defineDetector({
  name: "latency_outlier",
  summary: "Calls that took much longer than the tool usually takes, without the time that people took",
  state: "Five numbers for each tool of each server, at most 1000 tools a server.",
  options,
  rules: [{
    code: RULE,
    severity: "low",
    summary: "A call took much longer than calls of its tool do",
    category: "availability",
    references: [],
    target: "tool_call",
  }],
  create({ factor, min_ms, warm_up }, { report, tools: table }) {
    const tools = new PerTool(table, () => new Quantile(HIGH));
    return {
      ended(call, event, session) {
        if (event?.type !== "response" || call.outcome === "cancelled") return;
        const usual = tools.of(call, session);
        const took = call.serverTime;
        if (took >= min_ms && usual.count >= warm_up && took > usual.value * factor) {
          report(RULE, {
            message: `${callName(call)} of ${serverName(session.server)} took ${milliseconds(took)}; ` +
              `95 of 100 take ${milliseconds(usual.value)} or less`,
            details: { took_ms: Math.round(took), usual_ms: Math.round(usual.value), calls: usual.count },
            event,
            call,
            session,
          });
        }
        usual.add(took);
      },
    };
  },
});
export default latencyOutlier;
