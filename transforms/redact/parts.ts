/**
 * Redacts parts of a text.
 *
 * @module
 */
import { type Finding, findSensitive } from "../../protocols/sensitive/mod.ts";
import { findAssignments } from "./assignments.ts";
import type { Deed, Rule } from "./rule.ts";
import type { Run } from "./run.ts";

/** A part and what is done to it. */
interface Claim {
  readonly start: number;
  readonly end: number;
  readonly deed: Deed;
}

const NONE: readonly Finding[] = [];
const NO_CLAIMS: readonly Claim[] = [];

/**
 * The text with what may not be seen replaced; the same text if there is nothing.
 *
 * @param rules Those of the user that are for this text and take parts.
 * @param known What the built-in detectors found in it, where that is known already.
 */
export function redactAll(text: string, run: Run, rules: readonly Rule[], known?: readonly Finding[]): string {
  const found = known ?? (run.kinds.length === 0 ? NONE : findSensitive(text, run.kinds));
  let claims = claimsOf(text, rules);
  if (run.named) claims = overlaid(claims, assignedIn(text, run, found));
  if (found.length > 0) claims = overlaid(claims, formedIn(run, found));
  return carryOut(text, run, claims);
}

/** The same without the built-in set. */
export function redactParts(text: string, run: Run, rules: readonly Rule[]): string {
  return carryOut(text, run, claimsOf(text, rules));
}

/** True if what the rule takes is the whole text. */
export function takesAll(text: string, rule: Rule): boolean {
  return claimsOf(text, [rule]).some(({ start, end }) => start === 0 && end === text.length);
}

function claimsOf(text: string, rules: readonly Rule[]): readonly Claim[] {
  let claims: readonly Claim[] = NO_CLAIMS;
  for (const rule of rules) claims = overlaid(claims, foundBy(rule, text));
  return claims;
}

function carryOut(text: string, run: Run, claims: readonly Claim[]): string {
  if (claims.length === 0) return text;
  let out = "", last = 0;
  for (const { start, end, deed } of claims) {
    const value = text.slice(start, end);
    const by = run.replace(deed, value) ?? "";
    if (by === value) continue;
    out += text.slice(last, start) + by;
    last = end;
  }
  return last === 0 ? text : out + text.slice(last);
}

/** What a rule takes, in order. */
function foundBy({ pattern, kinds, deed, deeds }: Rule, text: string): Claim[] {
  const claims: Claim[] = [];
  if (kinds === undefined) {
    pattern?.(text, (start, end) => claims.push({ start, end, deed }));
    return claims;
  }
  for (const { start, end, kind } of findSensitive(text, kinds)) {
    let fits = pattern === undefined;
    pattern?.(text.slice(start, end), () => fits = true);
    if (fits) claims.push({ start, end, deed: deeds.get(kind) ?? deed });
  }
  return claims;
}

/** What stands under a name that tells, in order; not where a form says more of it. */
function assignedIn(text: string, run: Run, found: readonly Finding[]): Claim[] {
  const claims: Claim[] = [];
  let next = 0;
  findAssignments(text, run, (start, end, deed) => {
    while (next < found.length && found[next]!.end <= start) next++;
    const finding = found[next];
    const isWithin = finding !== undefined && finding.start <= start && finding.end >= end;
    if (!isWithin || deed.order !== Infinity) claims.push({ start, end, deed });
  });
  return claims;
}

/** What is known by its form, in order. */
function formedIn({ policy }: Run, found: readonly Finding[]): Claim[] {
  const claims: Claim[] = [];
  for (const { start, end, kind } of found) {
    const deed = policy.kinds.get(kind);
    if (deed !== undefined) claims.push({ start, end, deed });
  }
  return claims;
}

/**
 * Both, in order: of the later ones what the earlier ones leave free. What touches a part to be kept is kept as a whole.
 * In either no two overlap.
 */
function overlaid(earlier: readonly Claim[], later: readonly Claim[]): readonly Claim[] {
  if (earlier.length === 0) return later;
  if (later.length === 0) return earlier;
  const all: Claim[] = [];
  let k = 0, reach = 0; // how far what was taken over reaches
  for (const { start, end, deed } of later) {
    for (; k < earlier.length && earlier[k]!.end <= start; k++) all.push(earlier[k]!);
    let last = k, isKept = false;
    for (; last < earlier.length && earlier[last]!.start < end; last++) {
      isKept ||= earlier[last]!.deed.action === "keep";
    }
    if (isKept) continue;
    let from = Math.max(start, reach);
    for (; k < last; k++) {
      const one = earlier[k]!;
      if (one.start > from) all.push({ start: from, end: one.start, deed });
      all.push(one);
      from = reach = Math.max(from, one.end);
    }
    if (from < end) all.push({ start: from, end, deed });
  }
  for (; k < earlier.length; k++) all.push(earlier[k]!);
  return all;
}
