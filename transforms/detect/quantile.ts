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
  /**
   * Heights of the markers, ascending: minimum, p/2, p, (1+p)/2, maximum; then the positions, from 1, of the three inner ones.
   * The others are at 1 and at the end.
   */
  #markers: number[] = [0, 0, 0, 0, 0, 2, 3, 4];

  /** An estimator of the quantile `p`, above 0 and below 1. */
  constructor(p: number) {
    this.#p = p;
  }

  /** The estimate; of fewer than five numbers the nearest of them, NaN of none. */
  get value(): number {
    if (this.count >= 5) return this.#markers[2]!;
    if (this.count === 0) return NaN;
    return this.#markers.slice(0, this.count).sort(ascending)[Math.round(this.#p * (this.count - 1))]!;
  }

  /** Adds a number. */
  add(x: number): void {
    const q = this.#markers, count = ++this.count;
    if (count <= 5) {
      q[count - 1] = x;
      if (count < 5) return;
      const [a, b, c, d, e] = q.slice(0, 5).sort(ascending);
      this.#markers = [a!, b!, c!, d!, e!, 2, 3, 4];
      return;
    }
    if (x < q[3]!) { // those above x move up
      q[7]!++;
      if (x < q[2]!) q[6]!++;
      if (x < q[1]!) q[5]!++;
      if (x < q[0]!) q[0] = x;
    } else if (x >= q[4]!) q[4] = x;
    const last = count - 1;
    adjust(q, 1, 1, q[6]!, 1 + last * this.#p / 2);
    adjust(q, 2, q[5]!, q[7]!, 1 + last * this.#p);
    adjust(q, 3, q[6]!, count, 1 + last * (1 + this.#p) / 2);
  }
}

/** Moves an inner marker a step towards its desired position; its neighbours are at `before` and `after`. */
function adjust(q: number[], i: number, before: number, after: number, desired: number): void {
  const at = q[4 + i]!, off = desired - at;
  const d = off >= 1 && after - at > 1 ? 1 : off <= -1 && before - at < -1 ? -1 : 0;
  if (d === 0) return;
  const low = q[i - 1]!, here = q[i]!, high = q[i + 1]!;
  const parabolic = here + d / (after - before) * (
        (at - before + d) * (high - here) / (after - at) +
        (after - at - d) * (here - low) / (at - before)
      );
  q[i] = low < parabolic && parabolic < high
    ? parabolic
    : d > 0
    ? here + (high - here) / (after - at)
    : here - (low - here) / (before - at);
  q[4 + i] = at + d;
}

function ascending(a: number, b: number): number {
  return a - b;
}
