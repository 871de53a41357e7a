/**
 * How likely a text gives orders to a model: a linear model over words and meanings.
 *
 * A text is cut into sentences; each has a weight, the sum of those of its features, and the heaviest few sentences in a
 * row tell. How the weights came about is written in `scripts/train_injection.ts`.
 *
 * @module
 */
import { findAddresses } from "../address.ts";
import { rot13 } from "../encodings.ts";
import { normalize, type NormalizeOptions } from "../normalize.ts";
import { SIGNALS } from "../signals.ts";
import { BUCKETS, type Features, featuresOf } from "./features.ts";
import { idOf, type Segment, segmentsOf } from "./segments.ts";

/** What is weighed of a text. */
export interface Weighable {
  readonly segments: readonly Segment[];
  readonly features: Features;
}

/** The sentences in a row that weigh most. */
export interface Heaviest {
  /** Their weight together with that of the whole text. */
  readonly weight: number;
  /** By what the sum of the features' weights was multiplied. */
  readonly scale: number;
  /** First and last of them. */
  readonly from: number;
  readonly to: number;
}

/** Sentences in a row. */
const MOST_IN_A_ROW = 4;
/** Features whose weights count as they are: of more each counts less. And the fewest that are reckoned with. */
const USUAL = 60, FEWEST = 10;
/** Encodings within encodings that are read. */
const MOST_LEVELS = 2;
/** Weights of addresses from which on they are sure, or likely: see `address.ts`. */
const SURE = 0.38, LIKELY = 0.29;
const TOLD_SURELY = idOf("TOLD_SURELY"), TOLD = idOf("TOLD"), TOLD_PERHAPS = idOf("TOLD_PERHAPS");
const DECODED = idOf("DECODED");
/** What is told by marks rather than words: signs of `signals.ts`, and strings of which a text with them has one. */
const MARKS: readonly (readonly [sign: string, hints: readonly string[]])[] = [
  ["role_marker", ["<|", "[INST", "<<SYS", "_of_turn"]],
  ["role_token", ["<|", "INST]", "SYS>>", "_of_turn>", "role"]],
  ["fake_turn", [
    "</",
    "<tool",
    "<func",
    "<inv",
    "<unt",
    "<sear",
    "<retr",
    "[end",
    "[END",
    "[End",
    "ssistant:",
    "ai:",
    "AI:",
  ]],
  ["pseudo_tag", ["<"]],
  ["image_leak", ["](http", "<img", "={", "=<", "=[", "/{", "%7b", "?{", "/<", "=$"]],
  ["end_marker", ["nd of", "ND OF", "egin", "EGIN", "tart of"]],
  ["fake_system", [
    "ystem",
    "YSTEM",
    "dmin",
    "DMIN",
    "eveloper",
    "EVELOPER",
    "ssistant",
    "SSISTANT",
    "ecurity",
    "AI",
    "nstruction",
  ]],
];
const SHAPES = MARKS.map(([mark]) => SIGNALS.find(({ name }) => name === mark)?.shapes ?? []);
/** English written from its end, of which two words show. */
const REVERSED =
  /\beht\b[^]{0,400}\b(?:dna|lla|resu|dnes|fo|ot|siht)\b|\b(?:dna|lla|resu|dnes|ton|siht)\b[^]{0,400}\beht\b/;

/** Reads a text: what there is to be weighed. */
export function read(source: string, options: NormalizeOptions = {}): Weighable {
  const segments: Segment[] = [], forms = new Set<number>();
  add(source, options, 0, segments, forms);
  return { segments, features: featuresOf(segments, [...forms]) };
}

function add(source: string, options: NormalizeOptions, level: number, segments: Segment[], forms: Set<number>): void {
  const { text, marked, invisible, decoded, hidden, spread } = normalize(source, options);
  const own = segmentsOf(text, invisible, level > 0 ? [DECODED] : []);
  let at = 0;
  for (const { start, end, weight } of findAddresses(text)) {
    while (at < own.length && (own[at]?.end ?? 0) <= start) at++;
    const segment = own[at];
    if (segment !== undefined && end >= segment.start) {
      segment.forms.add(weight >= SURE ? TOLD_SURELY : weight >= LIKELY ? TOLD : TOLD_PERHAPS);
    }
  }
  segments.push(...own);
  for (const [mark, [, hints]] of MARKS.entries()) {
    if (hints.some((hint) => marked.includes(hint)) && SHAPES[mark]?.some((shape) => shape.test(marked)) === true) {
      forms.add(mark);
    }
  }
  const first = MARKS.length;
  if (hidden.tags >= 3 || hidden.selectors >= 4) forms.add(first);
  if (hidden.zeroWidth >= 2) forms.add(first + 1);
  if (hidden.mixedWords > 0) forms.add(first + 2);
  if (spread.length > 0) forms.add(first + 3);
  if (level >= MOST_LEVELS) return;
  const inner = decoded.map((piece) => piece.text);
  if (hidden.text.length > 7) inner.push(hidden.text);
  if (/\brot-?13\b/i.test(text)) inner.push(rot13(text));
  if (text.includes("eht") && REVERSED.test(text)) inner.push([...text].reverse().join(""));
  for (const piece of inner) add(piece, options, level + 1, segments, forms);
}

/**
 * Where the weight of a text lies. `weights`: of each feature, 0 if nothing is known of it, and last what every text begins
 * with. Sentences in a row count by the weight of their known features over the root of how many there are: a long one is
 * not surer for its length, nor one in English surer than one in a language of which few words are known.
 */
export function heaviest(weights: ArrayLike<number>, { own, whole }: Features): Heaviest {
  const base = weights[BUCKETS] ?? 0, ofWhole = sum(weights, whole);
  const each = own.map((features) => sum(weights, features));
  let best: Heaviest = { weight: -Infinity, scale: 1, from: 0, to: -1 };
  for (let from = 0; from < each.length; from++) {
    let { total, known } = ofWhole;
    for (let to = from; to < Math.min(each.length, from + MOST_IN_A_ROW); to++) {
      total += each[to]?.total ?? 0;
      known += each[to]?.known ?? 0;
      const scale = Math.sqrt(USUAL / Math.max(FEWEST, known));
      const weight = base + total * scale;
      if (weight > best.weight) best = { weight, scale, from, to };
    }
  }
  return best;
}

/** What features weigh together, and of how many something is known. */
function sum(weights: ArrayLike<number>, features: readonly number[]): { total: number; known: number } {
  let total = 0, known = 0;
  for (let k = 0; k < features.length; k++) {
    const weight = weights[features[k] ?? 0] ?? 0;
    if (weight === 0) continue;
    total += weight;
    known++;
  }
  return { total, known };
}
