/**
 * The last changes of a feed, for any number of readers that come, go, return and may be slow. Nothing waits for a reader:
 * one that falls behind the oldest change that is kept is told so.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import type { Change, Feed } from "../../pipeline/feed/feed.ts";

/** A change with its place. */
export interface Kept {
  /** Where a reader that has read it goes on. */
  readonly cursor: string;
  readonly change: Change;
  /** The change as JSON. */
  readonly json: string;
}

/** Bounds of what is kept: changes, and UTF-16 units of their JSON. */
export interface RingLimits {
  readonly changes: number;
  readonly length: number;
}

/** At ten messages a second of three kinds this is some half a minute, if they are small enough. */
const LIMITS: RingLimits = { changes: 1000, length: 16 * 1024 * 1024 };
/** How long changes are followed without a reader, in milliseconds: one that lost its connection comes back. */
const LINGER_MS = 60_000;
/** How long a feed that failed is left alone, in milliseconds. */
const PAUSE_MS = 1000;

/** Follows a feed while there are readers, and a while longer. */
export class ChangeRing {
  readonly #feed: Feed;
  readonly #limits: RingLimits;
  readonly #onError: (error: unknown) => void;
  /** Tells this ring's cursors from those of an earlier process. */
  readonly #name = randomBytes(6).toString("hex");
  #kept: Kept[] = [];
  #length = 0;
  /** Number of the first that is kept, and of the next that comes. */
  #first = 1;
  #next = 1;
  #readers = 0;
  #following: AbortController | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly #waiting = new Set<() => void>();

  constructor(feed: Feed, onError: (error: unknown) => void, limits: RingLimits = LIMITS) {
    this.#feed = feed;
    this.#onError = onError;
    this.#limits = limits;
  }

  /** How many read. */
  get readers(): number {
    return this.#readers;
  }

  /**
   * What came after the cursor, or comes from now on, until the signal is aborted; undefined each time that nothing came for
   * `idleMs`. The JSON of `lost` comes once, in place of what is not kept any more.
   */
  async *read(
    cursor: string | undefined,
    signal: AbortSignal,
    idleMs: number,
  ): AsyncGenerator<Kept | undefined, void, undefined> {
    this.#enter();
    try {
      let at = this.#placeOf(cursor);
      if (at === undefined) {
        at = this.#next;
        yield this.#lost(0, at);
      }
      while (!signal.aborted && !this.#closed) {
        if (at < this.#first) {
          const missed = this.#next - at;
          at = this.#next;
          yield this.#lost(missed, at);
          continue;
        }
        const kept = this.#kept[at - this.#first];
        if (kept === undefined) {
          if (!await this.#wait(signal, idleMs)) yield undefined;
          continue;
        }
        at++;
        yield kept;
      }
    } finally {
      this.#leave();
    }
  }

  /** The cursor of one who begins to read now. */
  get cursor(): string {
    return `${this.#name}-${this.#next - 1}`;
  }

  /** Ends all readers. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#linger);
    this.#following?.abort();
    this.#wake();
  }

  /** The number of the next change to read; undefined if the cursor is another process's, or none of ours. */
  #placeOf(cursor: string | undefined): number | undefined {
    if (cursor === undefined) return this.#next;
    const [name, number = "", ...rest] = cursor.split("-");
    const place = /^\d{1,15}$/.test(number) ? Number(number) + 1 : NaN;
    return name === this.#name && rest.length === 0 && place <= this.#next ? place : undefined;
  }

  #lost(changes: number, at: number): Kept {
    const change: Change = { type: "lost", changes };
    return { cursor: `${this.#name}-${at - 1}`, change, json: JSON.stringify(change) };
  }

  #enter(): void {
    this.#readers++;
    clearTimeout(this.#linger);
    if (this.#following !== undefined || this.#closed) return;
    const following = this.#following = new AbortController();
    void this.#follow(following.signal).finally(() => {
      if (this.#following === following) this.#following = undefined;
    });
  }

  #leave(): void {
    if (--this.#readers > 0 || this.#closed) return;
    this.#linger = setTimeout(() => {
      this.#following?.abort();
      this.#following = undefined;
      this.#forget();
    }, LINGER_MS);
    (this.#linger as { unref?: () => void }).unref?.();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const change of this.#feed.changes(signal)) {
          if (signal.aborted) return;
          this.#add(change);
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#onError(error);
        this.#forget();
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  /** Something is not seen from now on: whoever has an older cursor has lost it. */
  #forget(): void {
    this.#next++;
    this.#first = this.#next;
    this.#kept = [];
    this.#length = 0;
    this.#wake();
  }

  #add(change: Change): void {
    const json = JSON.stringify(change);
    this.#kept.push({ cursor: `${this.#name}-${this.#next}`, change, json });
    this.#length += json.length;
    this.#next++;
    const { changes, length } = this.#limits;
    let over = 0;
    while (this.#kept.length - over > 1 && (this.#kept.length - over > changes || this.#length > length)) {
      this.#length -= this.#kept[over]?.json.length ?? 0;
      over++;
    }
    if (over > 0) this.#kept = this.#kept.slice(over);
    this.#first += over;
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** True when something may have come; false after `idleMs`. */
  #wait(signal: AbortSignal, idleMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (came: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve(came);
      };
      const wake = () => settle(true);
      const timer = setTimeout(() => settle(false), idleMs);
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}
