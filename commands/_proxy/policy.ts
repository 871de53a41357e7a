/**
 * `--policy FILE`, `--allow` and `--deny` as one policy.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import type { PolicyConfig, PolicyRule } from "../../pipeline/policy/config.ts";
import { EXIT, Failure } from "../_exit.ts";
import { checkedExpression } from "../_filter.ts";
import type { ProxyFlags } from "./flags.ts";

/** The policy that the flags make; undefined if there is none. */
export async function policyOf(flags: ProxyFlags): Promise<PolicyConfig | undefined> {
  const { policy, allow = [], deny = [], dryRun } = flags;
  if (policy === undefined && allow.length === 0 && deny.length === 0) {
    if (dryRun) throw new Failure("--dry-run needs a policy: --policy FILE, --deny EXPR or --allow EXPR", EXIT.usage);
    return undefined;
  }
  for (const text of deny) await checkedExpression(text, "--deny");
  for (const text of allow) await checkedExpression(text, "--allow");
  const file: PolicyConfig = policy === undefined ? NONE : await readPolicy(policy);
  const rule = (action: PolicyRule["action"]) => (where: string): PolicyRule => ({ name: where, action, where });
  return {
    rules: [...deny.map(rule("deny")), ...allow.map(rule("allow")), ...file.rules],
    default: allow.length > 0 ? "deny" : file.default,
    dry_run: dryRun || file.dry_run,
  };
}

const NONE: PolicyConfig = { rules: [], default: "allow", dry_run: false };

/** Reads and checks a policy file. */
async function readPolicy(path: string): Promise<PolicyConfig> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Failure(`--policy: ${path} cannot be read: ${error.message}`, EXIT.usage);
  });
  const { parse, printParseErrorCode } = await import("jsonc-parser");
  const { policyOption } = await import("../../pipeline/policy/option.ts");
  const errors: { error: number; offset: number; length: number }[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split("\n").length;
    throw new Failure(`--policy: ${path}:${line}: ${printParseErrorCode(first.error)}`, EXIT.usage);
  }
  const result = policyOption().safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: at, message }) =>
    `${path}: ${at.join(".") || "policy"}: ${message}`
  );
  throw new Failure(`--policy:\n${problems.join("\n")}`, EXIT.usage);
}
