/**
 * Rules that judge messages.
 *
 * @module
 */
import type { McpEvent } from "../event.ts";
import { matcher } from "../query/glob.ts";
import {
  compileQuery,
  MANY,
  nameOf,
  ONE,
  parseQuery,
  type Pattern,
  type Query,
  ready,
  type Test,
} from "../query/mod.ts";
import type { PolicyConfig, PolicyRule } from "./config.ts";

/** Which rule denies a message. */
export interface Denial {
  /** The rule's name, `rules[2]` where it has none, or `default`. */
  readonly rule: string;
  /** Why, if the rule says so. */
  readonly reason: string | undefined;
}

/** Judges messages that clients send. */
export interface Policy {
  readonly dryRun: boolean;
  /** The denial, if the first rule that matches denies. `names`: what the server is called. */
  judge(message: McpEvent, names: readonly string[]): Denial | undefined;
}

interface CompiledRule {
  readonly allows: boolean;
  readonly denial: Denial;
  matches(message: McpEvent, names: readonly string[]): boolean;
}

/** Readies a policy. */
export async function compilePolicy({ rules, default: otherwise, dry_run: dryRun }: PolicyConfig): Promise<Policy> {
  const compiled: CompiledRule[] = [];
  for (const [i, rule] of rules.entries()) compiled.push(await compile(rule, i));
  const byDefault: Denial = { rule: "default", reason: undefined };
  return {
    dryRun,
    judge(message, names) {
      if (message.type !== "request" && message.type !== "notification") return undefined;
      const rule = compiled.find((rule) => rule.matches(message, names));
      if (rule !== undefined) return rule.allows ? undefined : rule.denial;
      return otherwise === "deny" && message.method === CALL ? byDefault : undefined;
    },
  };
}

const CALL = "tools/call";

async function compile(rule: PolicyRule, at: number): Promise<CompiledRule> {
  const server = rule.server === undefined ? undefined : globs(rule.server);
  const tool = rule.tool === undefined ? undefined : globs(rule.tool);
  const method = rule.method === undefined ? undefined : globs(rule.method);
  const onlyCalls = rule.method === undefined && rule.where === undefined;
  let where: Test | undefined;
  if (rule.where !== undefined) {
    const query: Query = { type: "or", of: [rule.where].flat().map((text) => parseQuery(text)) };
    await ready(query);
    where = compileQuery(query);
  }
  return {
    allows: rule.action === "allow",
    denial: { rule: rule.name ?? `rules[${at}]`, reason: rule.reason },
    matches: (message, names) => {
      if (onlyCalls && message.method !== CALL) return false;
      if (server !== undefined && !names.some(server)) return false;
      if (method !== undefined && !method(message.method ?? "")) return false;
      if (tool !== undefined && (message.method !== CALL || !tool(nameOf(message) ?? ""))) return false;
      return where === undefined || where(message);
    },
  };
}

/** True for a text that any of the globs fits. */
function globs(written: string | readonly string[]): (text: string) => boolean {
  const tests = [written].flat().map((glob) => matcher(patternOf(glob)));
  return (text) => tests.some((test) => test(text));
}

function patternOf(glob: string): Pattern {
  return glob.split(/([*?])/).filter((piece) => piece !== "")
    .map((piece) => piece === "*" ? MANY : piece === "?" ? ONE : piece);
}
