/**
 * When to try an endpoint: not while it is known to fail.
 *
 * @module
 */

/** `closed`: requests go out. `open`: none does, as the last one failed. `half_open`: one goes out, to try. */
export type CircuitState = "closed" | "half_open" | "open";

/** A number for each state, for gauges. */
export const CIRCUIT_NUMBERS: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 };

/** The longest wait that an endpoint can ask for by `Retry-After`, in milliseconds. */
export const LONGEST_WAIT_MS: number = 3_600_000;

/** How to wait. */
export interface Backoff {
  /** After the first failure, in milliseconds. */
  readonly initial_ms: number;
  /** At most. */
  readonly max_ms: number;
  /** The part of it that is left to chance, 0 to 1. */
  readonly jitter: number;
}

/** Lets requests to one endpoint pass, or wait. */
export class Circuit {
  readonly #backoff: Backoff;
  readonly #random: () => number;
  #failures = 0;
  #until = 0; // of performance.now()
  #trying = false;
  #waiting = new Set<() => void>();

  /** `random` gives numbers from 0 to 1. */
  constructor(backoff: Backoff, random: () => number = Math.random) {
    this.#backoff = backoff;
    this.#random = random;
  }

  /** How it is. */
  get state(): CircuitState {
    if (this.#failures === 0) return "closed";
    return this.#trying ? "half_open" : "open";
  }

  /** Resolves when a request may go out; it is to be followed by `succeed` or `fail`. Rejects when the signal is aborted. */
  async pass(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#failures === 0) return;
      const wait = this.#until - performance.now();
      if (wait <= 0 && !this.#trying) {
        this.#trying = true;
        return;
      }
      await this.#change(this.#trying ? undefined : wait, signal);
    }
  }

  /** The endpoint has answered as it should. */
  succeed(): void {
    this.#failures = 0;
    this.#trying = false;
    this.#wake();
  }

  /** It has not; it may have said when to come again. Gives how long to wait, in milliseconds. */
  fail(afterMs?: number): number {
    const { initial_ms, max_ms, jitter } = this.#backoff;
    const whole = Math.min(Math.max(initial_ms, max_ms), initial_ms * 2 ** Math.min(this.#failures, 50));
    const backoff = whole * (1 - jitter * this.#random());
    const wait = Math.max(backoff, Math.min(afterMs ?? 0, LONGEST_WAIT_MS));
    this.#failures++;
    this.#trying = false;
    this.#until = Math.max(performance.now() + wait, this.#until);
    this.#wake();
    return wait;
  }

  /** Nothing came of a request that was let through: another one may try. */
  release(): void {
    this.#trying = false;
    this.#wake();
  }

  #change(ms: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(done, Math.ceil(ms));
      signal.addEventListener("abort", done);
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}
