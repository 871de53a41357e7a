/**
 * Streams from the first that the kernel tells of them to their end.
 *
 * @module
 */
import {
  FLAG_TLS,
  FLAG_UNIX,
  type OpenEnd,
  SLOTS,
  STATE_CANDIDATE,
  STATE_CONFIRMED,
  STATE_REJECTED,
  STATE_TLS,
  STATE_UNKNOWN,
} from "../../bpf/records.ts";
import type { Process } from "../../pipeline/event.ts";
import { type Connections, holderOf } from "./connections.ts";
import type { Delivery } from "./delivery.ts";
import { isOpen } from "./ends.ts";
import { lastChunk } from "./events.ts";
import { MAX_TRACKED } from "./table.ts";
import { streamKey, type Tracked } from "./tracked.ts";
import type { Verdicts } from "./verdicts.ts";
import type { Workspace } from "./workspace.ts";

/** How long after an end's process exited its streams are looked at, ms. */
const EXIT_WAIT = 300;
/** How long a TLS session waits for its peer's close after the connection's, ms: the last bytes may not be decrypted yet. */
const LATE_CLOSE = 1000;

/** Begins and ends streams. */
export class Lifetimes {
  readonly #work: Workspace;
  readonly #connections: Connections;
  readonly #delivery: Delivery;
  readonly #verdicts: Verdicts;
  /** Pids seen at an end and not exited. */
  readonly #ends = new Set<number>();
  readonly #exits: { pid: number; at: number }[] = [];
  readonly #closing: { t: Tracked; at: number }[] = [];

  constructor(work: Workspace, connections: Connections, delivery: Delivery, verdicts: Verdicts) {
    this.#work = work;
    this.#connections = connections;
    this.#delivery = delivery;
    this.#verdicts = verdicts;
  }

  /** True if no end is due later. */
  get idle(): boolean {
    return this.#exits.length === 0 && this.#closing.length === 0;
  }

  /** The stream that the kernel tells of, which may be new. */
  track(slot: number, src: number, dst: number, flags: number, library?: string): Tracked {
    const { table, kernel: { states } } = this.#work;
    const known = table.at(slot, src, dst);
    if (known !== undefined) return known;
    const half = flags & FLAG_UNIX ? table.half(src, dst) : undefined;
    if (half !== undefined) return this.#complete(half, slot, src, dst);
    const stale = table.inSlot(slot);
    if (stale !== undefined) this.#forget(stale);
    const elsewhere = table.find(streamKey(src, dst));
    if (elsewhere !== undefined) { // the kernel forgot it and began again: same stream, other slot
      table.move(elsewhere, slot);
      if (elsewhere.state === "confirmed") states[elsewhere.slot] = STATE_CONFIRMED;
      return elsewhere;
    }
    if (table.size >= MAX_TRACKED) this.#evict();
    const t = table.add(slot, src, dst, flags, library);
    const state = states[t.slot];
    if (state === STATE_TLS) t.state = "tls";
    else if (state !== STATE_UNKNOWN && (state === STATE_CANDIDATE || t.isNet)) t.state = "candidate";
    if (flags & FLAG_TLS) this.#connections.appears(t);
    const before = table.awaiting(t);
    if (before !== undefined) this.#verdicts.join(before, t);
    return t;
  }

  /** A process is at an end of a stream. */
  isEnd(pid: number): void {
    if (this.#ends.size < MAX_TRACKED) this.#ends.add(pid);
  }

  /** A process has exited. */
  exited(pid: number): void {
    if (this.#ends.delete(pid)) this.#exits.push({ pid, at: this.#work.now + EXIT_WAIT });
  }

  /** Nothing more comes on the stream; what it carries may have a little left. */
  ended(t: Tracked): void {
    for (const over of this.#connections.carriedBy(t)) {
      this.#closing.push({ t: over, at: this.#work.now + LATE_CLOSE });
    }
    this.#close(t);
  }

  /** Ends what is due, or all that waits for its end. `ends` are all open ones, if they are known already. */
  tick(ends: readonly OpenEnd[] | undefined, last: boolean): void {
    const { now } = this.#work;
    if (this.#exits.length > 0 && this.#exits[0]!.at <= now) this.#afterExits(ends);
    while (this.#closing.length > 0 && (last || this.#closing[0]!.at <= now)) {
      const { t } = this.#closing.shift()!;
      if (!t.closed) this.#close(t);
    }
  }

  /** Looks after the streams of processes that exited a while ago. */
  #afterExits(ends: readonly OpenEnd[] | undefined): void {
    const { now, table, kernel } = this.#work;
    const pids = new Set<number>();
    while (this.#exits.length > 0 && this.#exits[0]!.at <= now) pids.add(this.#exits.shift()!.pid);
    const has = (process: Process | undefined) => process !== undefined && pids.has(process.pid);
    for (const t of [...table.values()]) {
      if (t.stream.medium === "tls" && has(holderOf(t))) this.#close(t);
      if (t.isNet || t.state !== "confirmed" || !(has(t.writer) || has(t.reader))) continue;
      ends ??= kernel.openEnds();
      if (!isOpen(t, ends)) this.#close(t);
    }
  }

  /** A UNIX stream of which one end was not known, or is not any more: to the kernel it is another one. */
  #complete(t: Tracked, slot: number, src: number, dst: number): Tracked {
    const { table, kernel: { states } } = this.#work;
    if (src !== 0 && dst !== 0 && (t.src !== src || t.dst !== dst)) {
      const stale = table.inSlot(slot);
      if (stale !== undefined && stale !== t) this.#forget(stale);
      table.complete(t, src, dst);
      table.move(t, slot);
      const before = table.awaiting(t);
      if (before !== undefined && t.reverse === undefined) this.#verdicts.join(before, t);
      this.#verdicts.pair(t, streamKey(dst, src));
    }
    if (t.state === "confirmed") states[slot & (SLOTS - 1)] = STATE_CONFIRMED;
    else if (t.state === "rejected") states[slot & (SLOTS - 1)] = STATE_REJECTED;
    return t;
  }

  #close(t: Tracked): void {
    if (t.side === "reader" && t.state !== "confirmed" && t.state !== "rejected") {
      t.deadline = undefined; // no writer will show itself now
      this.#verdicts.examine(t);
    }
    if (t.state === "confirmed" && !t.closed) {
      if (t.held.length > 0) {
        t.readerSought = true;
        this.#delivery.release(t);
      }
      this.#work.out.push(lastChunk(this.#work.options.source, t));
    }
    this.#forget(t);
  }

  #forget(t: Tracked): void {
    const { table, kernel: { states } } = this.#work;
    if (t.stream.medium === "tls") {
      // the library may make its next session at the same address
      if (table.inSlot(t.slot) === t) states[t.slot] = STATE_UNKNOWN;
      this.#connections.goes(t);
    }
    this.#delivery.drop(t);
    table.remove(t);
    t.closed = true; // the link to its reverse stays: late answers still find their request
  }

  #evict(): void {
    const victim = this.#work.table.victim();
    if (victim === undefined) return;
    this.#work.counts.evicted++;
    this.#close(victim);
  }
}
