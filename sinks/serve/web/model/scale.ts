/**
 * Scales and steps of charts.
 *
 * @module
 */

/** Lengths of steps in milliseconds that make sense to people. */
const STEPS: readonly number[] = [
  100,
  200,
  500,
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  60_000,
  120_000,
  300_000,
  600_000,
  900_000,
  1_800_000,
  3_600_000,
  7_200_000,
  10_800_000,
  21_600_000,
  43_200_000,
  86_400_000,
  172_800_000,
  604_800_000,
];

/** The smallest step of which not more than so many cover the time. */
export function niceStep(spanMs: number, most: number): number {
  return STEPS.find((step) => spanMs / step <= most) ?? Math.ceil(spanMs / most / 604_800_000) * 604_800_000;
}

/** Times of marks on an axis from `from` to `to`, some `wanted` of them. */
export function timeMarks(from: number, to: number, wanted: number): readonly number[] {
  const step = niceStep(to - from, Math.max(1, wanted));
  const offset = new Date(from).getTimezoneOffset() * 60_000;
  const marks: number[] = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) marks.push(at);
  return marks;
}

/** Round numbers from 0 to at least `most`: `[0, 20, 40, 60]`. */
export function valueMarks(most: number, wanted: number): readonly number[] {
  if (!(most > 0)) return [0, 1];
  const raw = most / wanted, power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, k) => Number((k * step).toPrecision(12)));
}

/** Powers of ten that enclose what lies between the two, both above 0; at most 8 of them. */
export function powerMarks(least: number, most: number): readonly number[] {
  const low = Math.max(-3, Math.floor(Math.log10(Math.max(least, 1e-3))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(most, 1e-2))));
  return Array.from({ length: Math.min(9, high - low + 1) }, (_, k) => 10 ** (low + k));
}
