/**
 * Messages that were seen lately, by what others would know them by.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import { type Ends, identityOf, keysOf, likeness, sameBytes, viewOf, wasOnTheWay } from "./identity.ts";

/** Messages of one identity that are looked through at most: the latest. */
const ALIKE = 128;

/** One message, as all saw it so far. */
export interface Joined {
  /** The view that is passed on. */
  primary: McpEvent;
  /** The others. */
  readonly others: McpEvent[];
  /** Who saw it. */
  readonly told: Set<string>;
  /** What is known of its ends. */
  ends: Ends;
  /** Local time when it came, ms. */
  readonly since: number;
  /** True if a sensor told of it first, and of nothing else of its session before. */
  readonly isFirst: boolean;
  /** True once it was passed on. */
  passed: boolean;
}

/** Messages that are remembered, oldest first. */
export class Memory {
  readonly #most: number;
  readonly #byKey = new Map<string, Joined[]>();
  #entries: { readonly joined: Joined; readonly key: string }[] = [];
  #first = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The message that this one is, as another saw it; undefined if none is known. */
  find(event: McpEvent): Joined | undefined {
    const identity = identityOf(event);
    if (identity === undefined) return undefined;
    const { sent, got } = keysOf(event, identity);
    const view = viewOf(event);
    let best: Joined | undefined, most = 0;
    for (const key of [sent, got]) {
      for (const joined of (key === undefined ? undefined : this.#byKey.get(key)) ?? []) {
        if (joined.told.has(view)) continue;
        const like = likeness(joined.primary, event);
        if (like > most) [best, most] = [joined, like];
      }
    }
    return best ?? this.#relayed(event, identity);
  }

  /** Remembers a message. */
  add(joined: Joined): void {
    for (const event of [joined.primary, ...joined.others]) this.index(joined, event);
  }

  /** Makes a message known by what one more has seen of it. */
  index(joined: Joined, event: McpEvent): void {
    const identity = identityOf(event);
    if (identity === undefined) return;
    const { sent, got } = keysOf(event, identity);
    for (const key of [sent, got]) {
      if (key === undefined) continue;
      const there = this.#byKey.get(key);
      if (there?.includes(joined)) continue;
      if (there === undefined) this.#byKey.set(key, [joined]);
      else {
        if (there.length >= ALIKE) there.shift();
        there.push(joined);
      }
      this.#entries.push({ joined, key });
    }
    while (this.#entries.length - this.#first > 2 * this.#most) this.#forget();
  }

  /** Forgets what came before this local time. */
  expire(before: number): void {
    while (this.#first < this.#entries.length && this.#entries[this.#first]!.joined.since < before) this.#forget();
    if (this.#first > 1024 && this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  /** A message that its receiver passed on as it was: a proxy's, whose two sides were both seen. */
  #relayed(event: McpEvent, identity: string): Joined | undefined {
    const { process, peer } = event;
    if (!wasOnTheWay(event)) return undefined;
    const keys = [
      process && `>${process.pid}${identity}`, // what its sender got
      peer && `${peer.pid}>${identity}`, // what its receiver has sent on, if that was seen first
    ];
    for (const key of keys) {
      for (const joined of (key === undefined ? undefined : this.#byKey.get(key)) ?? []) {
        const { primary } = joined;
        if (wasOnTheWay(primary) && primary.stream !== event.stream && sameBytes(primary, event)) return joined;
      }
    }
    return undefined;
  }

  #forget(): void {
    const entry = this.#entries[this.#first++];
    if (entry === undefined) return;
    const { joined, key } = entry;
    const there = this.#byKey.get(key);
    if (there === undefined) return;
    const rest = there.filter((one) => one !== joined);
    if (rest.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, rest);
  }
}
