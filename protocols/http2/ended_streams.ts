/**
 * Remembers which streams are over.
 *
 * @module
 */

/** Numbers of streams, up to a limit; then the oldest are forgotten. */
export class EndedStreams {
  readonly #ids = new Set<number>();
  readonly #limit: number;

  /** Holds up to `limit` of them. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether it is known to be over. */
  has(streamId: number): boolean {
    return this.#ids.has(streamId);
  }

  /** It is over. */
  add(streamId: number): void {
    if (this.#ids.size >= this.#limit) {
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest);
        break;
      }
    }
    this.#ids.add(streamId);
  }

  /** Forgets all. */
  clear(): void {
    this.#ids.clear();
  }
}
