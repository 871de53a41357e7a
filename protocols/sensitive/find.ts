/**
 * Finds sensitive values of many kinds.
 *
 * @module
 */
import type { SensitiveKind } from "./kind.ts";
import { sieve } from "./_sieve.ts";
import { ASSIGNMENT } from "./secrets/assignment.ts";

/** A value that was found: `text.slice(start, end)`. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly kind: SensitiveKind;
}

const NONE: readonly Finding[] = Object.freeze([]);

/** How much of a name is looked at: its end. */
const MAX_NAME = 64;
/** From so many characters and kinds on it is worth while to see first which kinds there may be. */
const LONG = 512, MANY = 40;

/**
 * All values of these kinds, sorted, not overlapping. Where two overlap, the kind that comes first in `kinds` wins, and
 * of the other what sticks out is left: together they cover all that was found.
 */
export function findSensitive(text: string, kinds: readonly SensitiveKind[]): readonly Finding[] {
  let all: Finding[] | undefined;
  for (const kind of text.length >= LONG && kinds.length >= MANY ? sieve(text, kinds) : kinds) {
    kind.find(text, (start, end) => {
      if (end > start) (all ??= []).push({ start, end, kind });
    });
  }
  if (all === undefined) return NONE;
  return all.length === 1 ? all : apart(all, kinds);
}

/**
 * The same in a value that has a name: what is only known by a word nearby, as `ssn`, may be known by that. Values that
 * are secrets because of their names are not told of: that is for `isSecretKey` to say.
 */
export function findInMember(name: string, text: string, kinds: readonly SensitiveKind[]): readonly Finding[] {
  const before = `${name.slice(-MAX_NAME)}: `;
  const found = findSensitive(before + text, kinds).flatMap(({ start, end, kind }) => {
    const from = Math.max(0, start - before.length);
    return end <= before.length || (kind === ASSIGNMENT && from === 0)
      ? []
      : [{ start: from, end: end - before.length, kind }];
  });
  return found.length === 0 ? NONE : found;
}

/** Makes them not overlap: cuts at all borders, and gives each stretch to the first kind that covers it. */
function apart(all: Finding[], kinds: readonly SensitiveKind[]): Finding[] {
  const rank = new Map(kinds.map((kind, k) => [kind, k]));
  const order = ({ kind }: Finding) => rank.get(kind) ?? kinds.length;
  all.sort((a, b) => a.start - b.start);
  const borders = [...new Set(all.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const result: { start: number; end: number; kind: SensitiveKind }[] = [];
  let next = 0, active: Finding[] = [], owner: Finding | undefined;
  borders.forEach((from, k) => {
    active = active.filter(({ end }) => end > from);
    for (let entry = all[next]; entry?.start === from; entry = all[++next]) active.push(entry);
    const to = borders[k + 1], last = result.at(-1);
    const best = active[0] && active.reduce((a, b) => order(b) < order(a) ? b : a);
    if (best !== undefined && to !== undefined) {
      if (best === owner && last !== undefined) last.end = to;
      else result.push({ start: from, end: to, kind: best.kind });
    }
    owner = best;
  });
  return result;
}
