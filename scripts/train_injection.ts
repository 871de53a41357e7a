/**
 * Learns what tells orders to a model from other texts: writes `transforms/detect/content/injection/weights.ts` from
 * the part of the corpus that is for tuning. What is held out is not read.
 *
 *     deno run -A scripts/train_injection.ts                    # learns, and writes the weights
 *     deno run -A scripts/train_injection.ts --cross-validate   # learns without each batch in turn, and judges that batch
 *
 * The model is logistic regression over hashed features, where a text counts as its heaviest sentences: each step looks
 * for them with the weights of the moment and moves these weights (AdaGrad, with a decay). The weights of the second
 * half of the rounds are averaged. All of it is the same in each run.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { constants, deflateRawSync } from "node:zlib";
import { filled } from "../tests/corpus/placeholders.ts";
import type { Item } from "../tests/corpus/item.ts";
import { BUCKETS, type Features } from "../transforms/detect/content/injection/features.ts";
import { heaviest, read } from "../transforms/detect/content/injection/model.ts";
import { judge } from "../transforms/detect/content/judge.ts";
import { textsIn } from "../transforms/detect/content/texts.ts";

const CORPUS = fileURLToPath(new URL("../tests/corpus/prompt_injection/", import.meta.url));
const OUT = fileURLToPath(new URL("../transforms/detect/content/injection/weights.ts", import.meta.url));
const ROUNDS = 20, RATE = 0.2, DECAY = 0.003;
/** Items that must have a feature for it to be learnt; and its weight before that, which is as good as none. */
const LEAST_ITEMS = 3, UNLEARNT = 1e-9;
/** Steps smaller than this change nothing. */
const LEAST_STEP = 0.01;
/** What the rules' score is worth besides the weights: chosen on batches that no rule was tuned on. */
const RULES = 4;
/** The weight from which on a text counts as hostile: chosen in cross-validation. */
const LIMIT = 3.0;

/** An item's texts. */
interface Example {
  readonly item: Item;
  readonly batch: string;
  readonly hostile: boolean;
  readonly texts: readonly Features[];
  /** What the rules say: see `judge.ts`. */
  readonly rules: number;
}

/** All items for tuning, each in the batch it was written in. */
function examples(): Example[] {
  const files = readdirSync(CORPUS).filter((name) => name.startsWith("tune") && name.endsWith(".jsonl")).sort();
  return files.flatMap((file) =>
    readFileSync(CORPUS + file, "utf8").split("\n").filter((line) => line !== "").map((line): Example => {
      const item = JSON.parse(line) as Item;
      const texts = textsIn(filled(item.value, item.id), { shortest: 8 });
      const rules = texts.reduce((most, { text }) => Math.max(most, judge(text, { kind: "content" }).score), 0);
      const batch = file.replace(/^tune_?|\.jsonl$/g, "") || "first";
      return {
        item,
        batch,
        hostile: item.label === "hostile",
        texts: texts.map(({ text }) => read(text).features),
        rules,
      };
    })
  );
}

interface Part {
  readonly weight: number;
  readonly scale: number;
  readonly features: number[];
}

/** The heaviest part of an item's texts: which text, and of it the sentences. */
function part(weights: ArrayLike<number>, { texts }: Example): Part {
  let best: Part = { weight: -20, scale: 1, features: [] };
  for (const text of texts) {
    const { weight, scale, from, to } = heaviest(weights, text);
    if (weight > best.weight) {
      best = { weight, scale, features: [...text.whole, ...text.own.slice(from, to + 1).flat()] };
    }
  }
  return best;
}

/** Weights before anything is learnt: 0 for what is not to be. */
function unlearnt(list: readonly Example[]): Float32Array {
  const items = new Uint16Array(BUCKETS + 1);
  for (const { texts } of list) {
    for (const feature of new Set(texts.flatMap(({ whole, own }) => [...whole, ...own.flat()]))) items[feature]!++;
  }
  return Float32Array.from(items, (count, feature) => feature < BUCKETS && count >= LEAST_ITEMS ? UNLEARNT : 0);
}

function train(list: readonly Example[]): Float32Array {
  const weights = unlearnt(list), squares = new Float32Array(BUCKETS + 1).fill(1);
  const total = new Float64Array(BUCKETS + 1), order = list.map((_, k) => k);
  let state = 1, counted = 0;
  const below = (end: number) => Math.floor((state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32 * end);
  for (let round = 0; round < ROUNDS; round++) {
    for (let k = order.length - 1; k > 0; k--) {
      const other = below(k + 1), kept = order[k]!;
      order[k] = order[other]!, order[other] = kept;
    }
    for (const k of order) {
      const example = list[k]!, { weight, scale, features } = part(weights, example);
      const slope = 1 / (1 + Math.exp(-weight)) - (example.hostile ? 1 : 0);
      if (features.length === 0 || Math.abs(slope) < LEAST_STEP) continue;
      const move = (feature: number, slope: number) => {
        if (weights[feature] === 0 && feature < BUCKETS) return;
        squares[feature]! += slope * slope;
        weights[feature]! -= RATE * slope / Math.sqrt(squares[feature]!);
      };
      for (const feature of features) move(feature, slope * scale);
      move(BUCKETS, slope);
    }
    for (let feature = 0; feature < BUCKETS; feature++) weights[feature]! *= 1 - DECAY;
    if (round < ROUNDS / 2) continue;
    counted++;
    for (let feature = 0; feature <= BUCKETS; feature++) total[feature]! += weights[feature]!;
  }
  return Float32Array.from(total, (sum) => sum / counted);
}

interface Judged {
  readonly weight: number;
  readonly example: Example;
}

/** Judges each batch by what the others teach. */
function crossValidate(list: readonly Example[]): Judged[] {
  return [...new Set(list.map(({ batch }) => batch))].flatMap((batch) => {
    const weights = train(list.filter((example) => example.batch !== batch));
    const judged = list.filter((example) => example.batch === batch)
      .map((example) => ({ example, weight: part(weights, example).weight + RULES * example.rules }));
    say(`${batch.padEnd(12)} ${told(judged)}`);
    return judged;
  });
}

function told(judged: readonly Judged[]): string {
  const flagged = judged.filter(({ weight }) => weight >= LIMIT);
  const found = flagged.filter(({ example }) => example.hostile).length;
  const hostile = judged.filter(({ example }) => example.hostile).length;
  return `${String(judged.length).padStart(5)} items: precision ${(found / flagged.length).toFixed(3)}, ` +
    `recall ${(found / hostile).toFixed(3)}, average precision ${averagePrecision(judged).toFixed(3)}`;
}

/** The mean of the precisions at each hostile item, the heaviest first: how well the order is, whatever the limit. */
function averagePrecision(judged: readonly Judged[]): number {
  let found = 0, total = 0;
  for (const [k, { example }] of [...judged].sort((a, b) => b.weight - a.weight).entries()) {
    if (example.hostile) total += ++found / (k + 1);
  }
  return total / found;
}

/** The weights as a module: signed bytes, one for each feature, deflated (RFC 1951), in base64. */
function moduleOf(weights: Float32Array): string {
  const scale = weights.slice(0, BUCKETS).reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 127;
  const bytes = Buffer.alloc(BUCKETS);
  for (let feature = 0; feature < BUCKETS; feature++) {
    const weight = weights[feature]!;
    bytes.writeInt8(Math.round(weight / scale) || Math.sign(weight), feature);
  }
  const packed = deflateRawSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  return `/**
 * Weights of the features, learnt by \`scripts/train_injection.ts\`: generated, not to be edited.
 *
 * @module
 */

/** What every text begins with. */
export const BIAS = ${weights[BUCKETS]!.toFixed(5)};
/** The weight from which on a text counts as hostile. */
export const LIMIT = ${LIMIT};
/** What the score of the rules, 0 to 1, is worth besides. */
export const RULES = ${RULES};
/** What one step of a byte is worth. */
export const SCALE = ${scale.toPrecision(6)};
/** A signed byte for each feature, 0 where nothing is known, deflated, in base64. */
export const WEIGHTS =
  "${packed.toString("base64")}";
`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const { values: { "cross-validate": validate = false, misses = false } } = parseArgs({
  options: { "cross-validate": { type: "boolean" }, misses: { type: "boolean" } },
});
const list = examples();
if (validate) {
  const judged = crossValidate(list);
  say(`${"all".padEnd(12)} ${told(judged)}`);
  for (const { weight, example: { item, hostile } } of misses ? judged : []) {
    if (weight >= LIMIT !== hostile) say(`${item.id} ${weight.toFixed(2)}: ${item.note}`);
  }
} else {
  writeFileSync(OUT, moduleOf(train(list)));
  say(`learnt from ${list.length} items`);
}
