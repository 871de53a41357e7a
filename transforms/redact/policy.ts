/**
 * From options to rules, and to what has to be looked for in bytes.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import type { Needle } from "../../protocols/byte_search/mod.ts";
import { SENSITIVE, type SensitiveKind } from "../../protocols/sensitive/mod.ts";
import { glob, literalOf } from "./glob.ts";
import { compileJsonPath } from "./json_path.ts";
import { Decisions } from "./decisions.ts";
import { MemberNames } from "./member_names.ts";
import type { Options, RuleOptions } from "./options.ts";
import { DottedPath } from "./path.ts";
import { compilePattern } from "./pattern.ts";
import type { Conditions, Deed, Rule, Where } from "./rule.ts";
import { Active } from "./run.ts";
import { KEY_KINDS, KEY_NEEDLES } from "./sensitive_keys.ts";
import { Signs } from "./signs.ts";
import { Tokens } from "./tokens.ts";

/** What `truncate` keeps unless told otherwise, in characters. */
const LENGTH = 8;

/** The kind of what stands after a name in text. It is found by the names here, which say what it is. */
const ASSIGNED = "assigned_secret";

/** What may be remembered, in bytes; besides {@linkcode Policy.decisions}, which have as much as all the others. */
export interface Memory {
  /** Of hashes, by their values. */
  readonly hashes: number;
  /** Of texts that stand for themselves. */
  readonly texts: number;
  /** Of requests that were answered, and of their copies. */
  readonly requests: number;
  /** Of calls that have ended, with their messages. */
  readonly calls: number;
}

/** Everything that does not change from message to message. */
export interface Policy {
  readonly rules: readonly Rule[];
  /** Those without conditions. */
  readonly always: Active;
  /** True if some rule has conditions. */
  readonly isConditional: boolean;
  /** What built-in kinds lead to, by kind: those that are looked for. */
  readonly kinds: ReadonlyMap<SensitiveKind, Deed>;
  /** The same by name, for values under names that tell. */
  readonly keys: ReadonlyMap<string, Deed>;
  /** Whether names tell in text, too. */
  readonly assignments: boolean;
  readonly signs: Signs;
  readonly names: MemberNames;
  readonly tokens: Tokens;
  readonly memory: Memory;
  readonly decisions: Decisions;
  /** All deeds, for the count. */
  readonly deeds: readonly Deed[];
  /** True if hashes differ from run to run. */
  readonly hasRandomKey: boolean;
}

/** Compiles options that were checked. */
export async function compilePolicy(options: Options): Promise<Policy> {
  const rules: Rule[] = [];
  for (const [order, rule] of options.rules.entries()) rules.push(await compileRule(rule, order));
  return policyOf(options, rules);
}

/** The same with rules that were compiled: at once. */
export function policyOf(options: Options, rules: readonly Rule[]): Policy {
  const { kinds, keys, assignments } = builtins(options);
  const ofRules = options.rules.map(needlesOf);
  const share = options.memory_bytes / 8;
  const memory: Memory = { hashes: share, texts: share, requests: share, calls: share };
  const tokens = new Tokens(options.hash_key ?? randomBytes(32).toString("hex"), options.mask_with, memory.hashes);
  const deeds = [...rules.flatMap(({ deed, deeds }) => [deed, ...deeds.values()]), ...kinds.values(), ...keys.values()];
  for (const { kind } of deeds) tokens.mask(kind);
  return {
    rules,
    always: new Active(rules.filter(({ conditions }) => conditions === undefined)),
    isConditional: rules.some(({ conditions }) => conditions !== undefined),
    kinds,
    keys,
    assignments,
    signs: new Signs(keys.size > 0 ? KEY_NEEDLES : [], ofRules.flatMap((needles) => needles ?? []), [...kinds.keys()]),
    names: new MemberNames([...kinds.keys()]),
    tokens,
    memory,
    decisions: new Decisions(4 * share),
    deeds: [...new Set(deeds)],
    hasRandomKey: options.hash_key === undefined,
  };
}

async function compileRule(rule: RuleOptions, order: number): Promise<Rule> {
  const { tool, server, method, direction, field, key, value, kinds } = rule;
  const conditions: Conditions = {
    tool: globs(tool),
    server: globs(server),
    method: globs(method),
    direction: direction === undefined ? undefined : [direction].flat(),
  };
  const isJsonPath = field?.startsWith("$") ?? false;
  const where: Where = {
    path: field === undefined || isJsonPath ? undefined : new DottedPath(field),
    jsonPath: field === undefined || !isJsonPath ? undefined : await compileJsonPath(field),
    keys: globs(key),
  };
  const found = SENSITIVE.filter(({ name }) => kinds?.includes(name));
  const label = rule.name ?? `rules[${order}]`;
  const deedOf = (kind: string): Deed => ({
    rule: label,
    kind: rule.name ?? kind,
    action: rule.action,
    length: rule.length ?? LENGTH,
    order,
    count: 0,
  });
  return {
    order,
    conditions: Object.values(conditions).some((each) => each !== undefined) ? conditions : undefined,
    where: Object.values(where).some((each) => each !== undefined) ? where : undefined,
    pattern: value === undefined ? undefined : await compilePattern(value),
    kinds: kinds === undefined ? undefined : found,
    isBlind: needlesOf(rule) === undefined,
    deed: deedOf("redacted"),
    deeds: new Map(found.map((kind) => [kind, deedOf(kind.name)])),
  };
}

function globs(patterns: string | readonly string[] | undefined): Conditions["tool"] {
  return patterns === undefined ? undefined : [patterns].flat().map(glob);
}

function builtins({ builtin }: Options): Pick<Policy, "kinds" | "keys" | "assignments"> {
  const kinds = new Map<SensitiveKind, Deed>(), keys = new Map<string, Deed>();
  if (builtin === false) return { kinds, keys, assignments: false };
  const { kinds: only, also, except, action } = builtin === true ? { action: "hash" as const } : builtin;
  const isOn = (name: string, byDefault: boolean) =>
    !except?.includes(name) && (also?.includes(name) || (only?.includes(name) ?? byDefault));
  const deedOf = (kind: string): Deed => ({ rule: "builtin", kind, action, length: 0, order: Infinity, count: 0 });
  for (const kind of SENSITIVE) {
    if (kind.name !== ASSIGNED && isOn(kind.name, kind.onByDefault)) kinds.set(kind, deedOf(kind.name));
  }
  const byName = new Map([...kinds].map(([{ name }, deed]) => [name, deed]));
  for (const name of KEY_KINDS) if (isOn(name, true)) keys.set(name, byName.get(name) ?? deedOf(name));
  return { kinds, keys, assignments: isOn(ASSIGNED, true) };
}

/** What a message holds that the rule has anything to do with; undefined if that cannot be told from bytes. */
function needlesOf(rule: RuleOptions): Needle[] | undefined {
  const { field, key, value, kinds } = rule;
  if (kinds !== undefined) {
    return SENSITIVE.filter(({ name }) => kinds.includes(name)).flatMap(({ needles }) => needles);
  }
  if (key !== undefined) {
    const literals = [key].flat().map(literalOf);
    return literals.every((literal) => literal !== undefined) ? literals : undefined;
  }
  if (field !== undefined && !field.startsWith("$")) {
    const literal = literalOf(new DottedPath(field).literal ?? "");
    return literal === undefined ? undefined : [literal];
  }
  return field === undefined && value === undefined ? [] : undefined; // else it is for whole messages
}
