/**
 * `policy`: tells which messages break the rules that a proxy would enforce.
 *
 * @module
 */
import { z } from "zod";
import { defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Event, FindingEvent, McpEvent, Severity } from "../../pipeline/event.ts";
import { SEVERITIES } from "../../pipeline/event.ts";
import { compilePolicy, type Denial, type Policy } from "../../pipeline/policy/mod.ts";
import { policyFields } from "../../pipeline/policy/option.ts";
import { nameOf } from "../../pipeline/query/mod.ts";
import type { Transform } from "../../pipeline/stage.ts";

const options = z.strictObject({
  ...policyFields,
  severity: z.enum(SEVERITIES).default("high").describe("Of the findings."),
  enforced: z.boolean().default(false).describe(
    "A proxy with the same rules stands before the server: what breaks them did not reach it.",
  ),
});

/** The transform's declaration. */
const component: TransformComponent<typeof options> = defineTransform({
  type: "policy",
  summary: "Makes a finding of each message that breaks the rules that a proxy would enforce",
  options,
  create: async (options) => {
    const policy = await compilePolicy(options);
    return findings(policy, options.severity, options.enforced && !options.dry_run);
  },
});
export default component;

function findings(policy: Policy, severity: Severity, enforced: boolean): Transform {
  return async function* (input) {
    for await (const batch of input) {
      let out: Event[] | undefined; // made at the first finding
      for (let i = 0; i < batch.length; i++) {
        const event = batch[i]!;
        out?.push(event);
        if (event.kind !== "mcp" || event.context?.sender === "server") continue;
        const denial = policy.judge(event, namesOf(event));
        if (denial === undefined) continue;
        out ??= batch.slice(0, i + 1);
        out.push(finding(event, denial, severity, enforced));
      }
      yield out ?? batch;
    }
  };
}

/** What the server is called: by itself, by its process, by its address. */
function namesOf({ context, peer, http }: McpEvent): string[] {
  const server = context?.session.server;
  const process = server?.process ?? peer ?? http?.server;
  const names = [server?.name, server?.info?.name, process?.name, process?.comm, http?.request?.authority];
  return [...new Set(names.filter((name) => name !== undefined))];
}

function finding(event: McpEvent, { rule, reason }: Denial, severity: Severity, enforced: boolean): FindingEvent {
  const tool = event.method === "tools/call" ? nameOf(event) : undefined;
  const what = `${event.method ?? "a message"}${tool === undefined ? "" : ` of "${tool.slice(0, 100)}"`}`;
  const why = rule === "default" ? "no rule of the policy allows it" : `the rule "${rule}" denies it`;
  const told = reason === undefined ? "" : ` (${reason})`;
  return {
    kind: "finding",
    time: event.time,
    source: event.source,
    process: event.process,
    peer: event.peer,
    rule: "policy.denied",
    severity,
    message: `${what} ${enforced ? "did not pass" : "breaks the policy"}: ${why}${told}`,
    stream: event.stream,
    detector: "policy",
    category: "policy_violation",
    target: tool === undefined ? "message" : "tool_call",
    details: { policy_rule: rule, enforced },
    event,
    call: event.context?.call,
    session: event.context?.session,
  };
}
