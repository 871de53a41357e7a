/**
 * The streams that are followed, by the kernel's slot and by their ends; which two belong together.
 *
 * @module
 */
import { FLAG_TCP, FLAG_TLS, FLAG_UNIX, SLOTS } from "../../bpf/records.ts";
import type { Medium } from "../../pipeline/event.ts";
import { Tracked } from "./tracked.ts";

/** Streams followed at once. */
export const MAX_TRACKED = 32768;

function mediumOf(flags: number): Medium {
  if (flags & FLAG_TLS) return "tls";
  if (flags & FLAG_TCP) return "tcp";
  return flags & FLAG_UNIX ? "unix" : "pipe";
}

/** Bounded table of streams. */
export class StreamTable {
  readonly #bySlot: (Tracked | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #byKey = new Map<string, Tracked>();
  /** Streams by the key of the stream that will answer them, until that appears. */
  readonly #awaited = new Map<string, Tracked>();
  /** UNIX streams by either end. */
  readonly #unixFrom = new Map<number, Tracked>();
  readonly #unixTo = new Map<number, Tracked>();
  #nextId = 1;

  /** Streams in the table. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Every stream, oldest first. */
  values(): Iterable<Tracked> {
    return this.#byKey.values();
  }

  /** The stream in a slot, if it is the one with these ends. */
  at(slot: number, src: number, dst: number): Tracked | undefined {
    const there = this.#bySlot[slot & (SLOTS - 1)];
    return there !== undefined && there.src === src && there.dst === dst ? there : undefined;
  }

  /** Whatever stream the slot has. */
  inSlot(slot: number): Tracked | undefined {
    return this.#bySlot[slot & (SLOTS - 1)];
  }

  /** The stream with these ends, whatever its slot. */
  find(key: string): Tracked | undefined {
    return this.#byKey.get(key);
  }

  /** Adds a stream. Its slot must be free. */
  add(slot: number, src: number, dst: number, flags: number, tls?: string): Tracked {
    const t = new Tracked(slot & (SLOTS - 1), src, dst, mediumOf(flags), this.#nextId++, tls);
    this.#bySlot[t.slot] = t;
    this.#enter(t);
    return t;
  }

  /**
   * The UNIX stream that has one of these ends, where its other end or the one asked for is 0: what a client writes before
   * its connection is accepted has no other end yet, and what is read after the writer has closed has none any more.
   */
  half(src: number, dst: number): Tracked | undefined {
    const from = src === 0 ? undefined : this.#unixFrom.get(src);
    if (from !== undefined && (from.dst === 0 || dst === 0)) return from;
    const to = dst === 0 ? undefined : this.#unixTo.get(dst);
    return to !== undefined && (to.src === 0 || src === 0) ? to : undefined;
  }

  /** Both ends of a stream have become known. */
  complete(t: Tracked, src: number, dst: number): void {
    this.#leave(t);
    t.src = src;
    t.dst = dst;
    this.#enter(t);
  }

  /** The kernel forgot a stream and gave it another slot. */
  move(t: Tracked, slot: number): void {
    if (this.#bySlot[t.slot] === t) this.#bySlot[t.slot] = undefined;
    t.slot = slot & (SLOTS - 1);
    this.#bySlot[t.slot] = t;
  }

  /** Takes a stream out. */
  remove(t: Tracked): void {
    if (this.#bySlot[t.slot] === t) this.#bySlot[t.slot] = undefined;
    this.#leave(t);
  }

  #enter(t: Tracked): void {
    this.#byKey.set(t.key, t);
    if (t.stream.medium !== "unix") return;
    this.#unixFrom.set(t.src, t);
    this.#unixTo.set(t.dst, t);
  }

  #leave(t: Tracked): void {
    if (this.#byKey.get(t.key) === t) this.#byKey.delete(t.key);
    if (this.#unixFrom.get(t.src) === t) this.#unixFrom.delete(t.src);
    if (this.#unixTo.get(t.dst) === t) this.#unixTo.delete(t.dst);
    if (t.answers !== undefined && this.#awaited.get(t.answers) === t) this.#awaited.delete(t.answers);
    t.answers = undefined;
  }

  /** Remembers that the stream with this key will answer `t`. */
  await(key: string, t: Tracked): void {
    if (this.#awaited.size >= MAX_TRACKED) this.#awaited.clear(); // links are then found by processes
    t.answers = key;
    this.#awaited.set(key, t);
  }

  /** The stream that waits for this one. */
  awaiting(t: Tracked): Tracked | undefined {
    return this.#awaited.get(t.key);
  }

  /** Makes two streams each other's answer. */
  link(a: Tracked, b: Tracked): void {
    this.#awaited.delete(a.key);
    this.#awaited.delete(b.key);
    a.reverse = b;
    b.reverse = a;
    a.stream.reverse = b.stream;
    b.stream.reverse = a.stream;
  }

  /** The one other unlinked stream between the same two processes, where no descriptor tells; none if two fit. */
  between(t: Tracked): Tracked | undefined {
    if (!t.writer || !t.reader || t.writer.pid === t.reader.pid) return undefined;
    let found: Tracked | undefined;
    for (const other of this.#byKey.values()) {
      if (other.reverse !== undefined || other === t || other.state === "rejected") continue;
      if (other.writer?.pid !== t.reader.pid || other.reader?.pid !== t.writer.pid) continue;
      if (found !== undefined) return undefined;
      found = other;
    }
    return found;
  }

  /** Who should go when the table is full: an undecided or rejected stream if there is one among the oldest. */
  victim(): Tracked | undefined {
    let n = 0, oldest: Tracked | undefined;
    for (const t of this.#byKey.values()) {
      if (t.state !== "confirmed") return t;
      oldest ??= t;
      if (++n > 64) break;
    }
    return oldest;
  }
}
