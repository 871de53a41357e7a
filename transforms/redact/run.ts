/**
 * What counts for one message: the rules that are for it, and the built-in kinds that its bytes have a sign of.
 *
 * @module
 */
import type { SensitiveKind } from "../../protocols/sensitive/mod.ts";
import type { Judge } from "./assignments.ts";
import type { Frame } from "./frame.ts";
import type { Policy } from "./policy.ts";
import type { Deed, Rule } from "./rule.ts";
import { kindOfKey, kindOfKeyIn } from "./sensitive_keys.ts";

/** A value that was replaced, so that it can be found again in what others wrote about the message. */
export interface Replaced {
  readonly value: string;
  readonly by: string;
  readonly deed: Deed;
}

/** Replaced values that are remembered of one message, and the shortest of them, in UTF-16 units. */
const MOST_REPLACED = 64, SHORTEST_REPLACED = 4;

/** The rules that are for a message, in their order. */
export class Active {
  /** Those that look at parts of the message. */
  readonly rules: readonly Rule[];
  /** Set if the message is to be left out as a whole. */
  readonly dropped: Deed | undefined;
  /** False if a rule keeps what the built-in set would take. */
  readonly builtin: boolean;
  /** True if some rule looks at where a value stands. */
  readonly hasPlaces: boolean;
  readonly hasJsonPath: boolean;
  /** True if it cannot be told from bytes whether a rule has something to do. */
  readonly isBlind: boolean;
  /** Where rules hold if no place matters. */
  anywhere: Frame | undefined = undefined;

  constructor(rules: readonly Rule[]) {
    const end = rules.findIndex(isForAll); // what comes after it does not count
    const last = rules[end];
    this.rules = end < 0 ? rules : rules.slice(0, end);
    this.dropped = last?.deed.action === "drop_event" ? last.deed : undefined;
    this.builtin = last === undefined;
    this.hasPlaces = this.rules.some(({ where }) => where !== undefined);
    this.hasJsonPath = this.rules.some(({ where }) => where?.jsonPath !== undefined);
    this.isBlind = this.rules.some((rule) => rule.isBlind);
  }
}

/** True for a rule that takes whole messages. */
function isForAll({ where, pattern, kinds }: Rule): boolean {
  return where === undefined && pattern === undefined && kinds === undefined;
}

/** The work on one message or text. */
export class Run implements Judge {
  /** Set if a rule wants the whole event left out. */
  dropped: Deed | undefined = undefined;
  /** What was replaced, as far as it is remembered. */
  replaced: Replaced[] | undefined = undefined;
  /** How many values were replaced. */
  count = 0;

  constructor(
    readonly policy: Policy,
    readonly active: Active,
    /** Built-in kinds to look for, in what is looked at now. */
    public kinds: readonly SensitiveKind[],
    /** Whether names tell what values are, likewise. */
    public named: boolean,
  ) {}

  /** What the built-in set does to what stands under a name. */
  builtinFor(name: string): Deed | undefined {
    const kind = kindOfKey(name);
    return kind === undefined ? undefined : this.builtin(kind);
  }

  knows(text: string, start: number, end: number): boolean {
    if (this.active.rules.length > 0) return this.judge(text.slice(start, end)) !== undefined;
    const kind = kindOfKeyIn(text, start, end);
    return kind !== undefined && this.builtin(kind) !== undefined;
  }

  /** What the built-in set does to values of a kind that a name tells. */
  builtin(kind: string): Deed | undefined {
    return this.active.builtin ? this.policy.keys.get(kind) : undefined;
  }

  /** What is done to what stands after a name in text: by a rule for names, or the built-in set. */
  judge(name: string): Deed | undefined {
    for (const rule of this.active.rules) {
      if (rule.pattern !== undefined || rule.kinds !== undefined) continue;
      const { path, jsonPath, keys } = rule.where ?? {};
      if (path === undefined && jsonPath === undefined && keys?.some((fits) => fits(name))) return rule.deed;
    }
    return this.policy.assignments ? this.builtinFor(name) : undefined;
  }

  /** What stands in the place of `value`; undefined: nothing is to stand there; the same text: it stays. */
  replace(deed: Deed, value: string): string | undefined {
    const { tokens } = this.policy;
    if (deed.action === "keep" || value === "" || tokens.isToken(value)) return value;
    const by = this.#made(deed, value);
    if (by === value) return value;
    this.count++;
    deed.count++;
    if (value.length >= SHORTEST_REPLACED) this.remember({ value, by: by ?? "", deed });
    return by;
  }

  /** Counts and remembers what was replaced in the same way before. */
  again(replaced: readonly Replaced[]): void {
    for (const one of replaced) {
      this.count++;
      one.deed.count++;
      this.remember(one);
    }
  }

  /** Remembers what was replaced. */
  remember(one: Replaced): void {
    const all = this.replaced ??= [];
    if (all.length < MOST_REPLACED) all.push(one);
  }

  #made(deed: Deed, value: string): string | undefined {
    const { tokens } = this.policy;
    switch (deed.action) {
      case "hash":
        return tokens.hash(deed.kind, value);
      case "truncate":
        return value.length <= deed.length ? value : `${beginning(value, deed.length)}…`;
      case "remove":
        return undefined;
      case "drop_event":
        this.dropped ??= deed;
        return tokens.mask(deed.kind);
      default:
        return tokens.mask(deed.kind);
    }
  }
}

/** The first `length` UTF-16 units, less one if that would cut a character in two. */
function beginning(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
