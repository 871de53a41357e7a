/**
 * Whether a text gives orders to a model, and which part of it does.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { inflateRawSync } from "node:zlib";
import { judge, type Judgement } from "../judge.ts";
import { BUCKETS } from "./features.ts";
import { heaviest, read } from "./model.ts";
import { idOf, type Segment } from "./segments.ts";
import { BIAS, LIMIT, RULES, SCALE, WEIGHTS } from "./weights.ts";

/** What is said of a text. */
export interface Opinion {
  /** 0 to 1; {@linkcode SUSPECT} where what was learnt puts the limit. */
  readonly score: number;
  /** The sentences that tell. */
  readonly text: string;
  /** What the rules say, if they were asked: they take longer. */
  readonly rules: Judgement | undefined;
}

/** The score at the limit. */
export const SUSPECT = 0.55;

/** What rules that are surer than this are worth besides, at most, where something is set aside: the plainest form. */
const STRONG = 3, SURE = 0.9;
const SET_ASIDE = idOf("SET_ASIDE"), RULES_SAID = idOf("RULES");

/** Whether one sentence speaks of setting aside and of rules. */
function overrides(segments: readonly Segment[]): boolean {
  return segments.some(({ meanings }) =>
    meanings.some((ids) => ids.includes(SET_ASIDE)) && meanings.some((ids) => ids.includes(RULES_SAID))
  );
}

let weights: Float32Array | undefined;

/** The weights, unpacked once. */
function prepare(): Float32Array {
  const bytes = inflateRawSync(Buffer.from(WEIGHTS, "base64")), made = new Float32Array(BUCKETS + 1);
  for (let k = 0; k < BUCKETS; k++) made[k] = bytes.readInt8(k) * SCALE;
  made[BUCKETS] = BIAS;
  return made;
}

/**
 * Judges a text: by the learnt weights, and where these leave it open or are sure, by the rules too. Of a text that is
 * longer than `maxChars` the beginning and the end are read. `least`: the score from which on it matters.
 */
export function opinionOf(text: string, least = SUSPECT, maxChars?: number): Opinion {
  weights ??= prepare();
  const { segments, features } = read(text, { maxChars });
  const { weight, from, to } = heaviest(weights, features);
  const first = segments[from], last = segments[to];
  const strong = overrides(segments) ? STRONG : 0;
  if (first === undefined || last === undefined || chance(weight + RULES + strong) < least) {
    return { score: chance(weight), text: "", rules: undefined };
  }
  const rules = judge(text, { kind: "content", maxChars });
  const told = first.text.slice(first.start, last.text === first.text ? last.end : first.end);
  return {
    score: chance(weight + RULES * rules.score + strong * Math.max(0, rules.score - SURE) / (1 - SURE)),
    text: told,
    rules,
  };
}

/** From a weight to a number between 0 and 1. */
function chance(weight: number): number {
  return 1 / (1 + Math.exp(LIMIT - weight) * (1 - SUSPECT) / SUSPECT);
}
