/**
 * A quantile of a stream of numbers, estimated with five of them.
 *
 * Raj Jain and Imrich Chlamtac, "The P² algorithm for dynamic calculation of quantiles and histograms without storing
 * observations", Communications of the ACM 28 (1985), 1076-1085; the box on page 1080 has the steps.
 *
 * @module
 */

/** The P² estimator of one quantile. */
export class Quantile {
  /** Numbers seen. */
  count = 0;
  readonly #p: number;
  /** Heights of the markers, ascending: minimum, p/2, p, (1+p)/2, maximum. */
  readonly #heights = [0, 0, 0, 0, 0];
  /** Their positions, from 1. */
  readonly #at = [1, 2, 3, 4, 5];

  /** An estimator of the quantile `p`, above 0 and below 1. */
  constructor(p: number) {
    this.#p = p;
  }

  /** The estimate; of fewer than five numbers the nearest of them, NaN of none. */
  get value(): number {
    if (this.count >= 5) return this.#heights[2]!;
    if (this.count === 0) return NaN;
    return this.#heights.slice(0, this.count).sort(ascending)[Math.round(this.#p * (this.count - 1))]!;
  }

  /** Adds a number. */
  add(x: number): void {
    const q = this.#heights, n = this.#at;
    this.count++;
    if (this.count <= 5) {
      q[this.count - 1] = x;
      if (this.count === 5) q.sort(ascending);
      return;
    }
    let cell = 3;
    if (x < q[0]!) {
      q[0] = x;
      cell = 0;
    } else if (x >= q[4]!) q[4] = x;
    else while (cell > 0 && x < q[cell]!) cell--;
    for (let i = cell + 1; i < 5; i++) n[i]!++;
    const last = this.count - 1;
    this.#adjust(1, 1 + last * this.#p / 2);
    this.#adjust(2, 1 + last * this.#p);
    this.#adjust(3, 1 + last * (1 + this.#p) / 2);
  }

  /** Moves an inner marker a step towards its desired position. */
  #adjust(i: number, desired: number): void {
    const q = this.#heights, n = this.#at;
    const off = desired - n[i]!;
    const d = off >= 1 && n[i + 1]! - n[i]! > 1 ? 1 : off <= -1 && n[i - 1]! - n[i]! < -1 ? -1 : 0;
    if (d === 0) return;
    const parabolic = q[i]! + d / (n[i + 1]! - n[i - 1]!) * (
          (n[i]! - n[i - 1]! + d) * (q[i + 1]! - q[i]!) / (n[i + 1]! - n[i]!) +
          (n[i + 1]! - n[i]! - d) * (q[i]! - q[i - 1]!) / (n[i]! - n[i - 1]!)
        );
    q[i] = q[i - 1]! < parabolic && parabolic < q[i + 1]!
      ? parabolic
      : q[i]! + d * (q[i + d]! - q[i]!) / (n[i + d]! - n[i]!);
    n[i]! += d;
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}
