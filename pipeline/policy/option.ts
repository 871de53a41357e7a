/**
 * A policy as an option of a component.
 *
 * @module
 */
import { z } from "zod";
import { expression } from "../query/option.ts";

const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const rule = z.strictObject({
  name: z.string().min(1).max(100).optional().describe(
    "What the rule is called where it is told of. Default: its place.",
  ),
  action: z.enum(["allow", "deny"]).describe("What becomes of the message."),
  server: texts.optional().describe("Names of servers; `*` is any text. An array stands for any of them."),
  tool: texts.optional().describe("Names of tools; `*` is any text."),
  method: texts.optional().describe(
    "Methods; `*` is any text. A rule with neither `method` nor `where` is about `tools/call`.",
  ),
  where: expression().optional().describe("A filter expression (docs/filter.md) that the message has to match."),
  reason: z.string().max(500).optional().describe("What to tell who is denied."),
});

/** The members of a policy. */
export const policyFields = {
  rules: z.array(rule).max(200).default([]).describe("In their order: the first that matches a message decides."),
  default: z.enum(["allow", "deny"]).default("allow").describe(
    "What becomes of a `tools/call` that no rule matches. Other messages pass.",
  ),
  dry_run: z.boolean().default(false).describe("Only tell what would be denied."),
};

/** A policy. */
export type PolicyOption = z.ZodObject<typeof policyFields, z.core.$strict>;

/** The option. */
export function policyOption(): PolicyOption {
  return z.strictObject(policyFields).describe(
    "What clients may ask of the server. A call that is denied is answered with an error and never reaches the server.",
  );
}
