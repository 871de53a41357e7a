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

/**
 * The text with what may not be seen replaced; the same text if there is nothing.
 *
 * @param rules Those of the user that are for this text and take parts.
 * @param known What the built-in detectors found in it, where that is known already.
 */
export function redactAll(text: string, run: Run, rules: readonly Rule[], known?: readonly Finding[]): string {
  const claims = claimsOf(text, rules);
  claimBuiltin(text, run, known ?? (run.kinds.length === 0 ? NONE : findSensitive(text, run.kinds)), claims);
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

function claimsOf(text: string, rules: readonly Rule[]): Claim[] {
  const claims: Claim[] = [];
  for (const rule of rules) claimByRule(text, rule, claims);
  return claims;
}

function carryOut(text: string, run: Run, claims: Claim[]): string {
  if (claims.length === 0) return text;
  claims.sort((a, b) => a.start - b.start);
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

function claimByRule(text: string, rule: Rule, claims: Claim[]): void {
  const { pattern, kinds, deed, deeds } = rule;
  if (kinds === undefined) {
    pattern?.(text, (start, end) => claim(claims, start, end, deed));
    return;
  }
  for (const { start, end, kind } of findSensitive(text, kinds)) {
    const own = deeds.get(kind) ?? deed;
    if (pattern === undefined) claim(claims, start, end, own);
    else {
      let fits = false;
      pattern(text.slice(start, end), () => fits = true);
      if (fits) claim(claims, start, end, own);
    }
  }
}

/** Claims what is still free; what touches a part to be kept is kept as a whole. */
function claim(claims: Claim[], start: number, end: number, deed: Deed): void {
  let from = start;
  const over = claims.filter((other) => other.start < end && other.end > start).sort((a, b) => a.start - b.start);
  for (const other of over) {
    if (other.deed.action === "keep") return;
    if (other.start > from) claims.push({ start: from, end: other.start, deed });
    from = Math.max(from, other.end);
  }
  if (from < end) claims.push({ start: from, end, deed });
}

/** What stands under a name that tells, and what is known by its form: where one holds the other, the form says more. */
function claimBuiltin(text: string, run: Run, found: readonly Finding[], claims: Claim[]): void {
  if (run.named) {
    let next = 0;
    findAssignments(text, run, (start, end, deed) => {
      while (next < found.length && found[next]!.end <= start) next++;
      const finding = found[next];
      const isWithin = finding !== undefined && finding.start <= start && finding.end >= end;
      if (!isWithin || deed.order !== Infinity) claim(claims, start, end, deed);
    });
  }
  for (const { start, end, kind } of found) {
    const deed = run.policy.kinds.get(kind);
    if (deed !== undefined) claim(claims, start, end, deed);
  }
}
