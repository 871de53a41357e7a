/**
 * Joins what several tell of one message.
 *
 * @module
 */
import type { Batch, Event, EventBase, McpEvent } from "../../pipeline/event.ts";
import { Message } from "../../pipeline/message.ts";
import { viewOf, wasOnTheWay } from "./identity.ts";
import { type Joined, Memory } from "./memory.ts";
import type { Options } from "./options.ts";
import { Watched } from "./watched.ts";

/** Messages of before a second one was heard of that may yet be told of by it. */
const BEFORE = 256;

/** An event that waits: a message and what is told of it, or one that must not overtake it. */
type Held = { readonly joined: Joined } | { readonly event: Event };

/** Joins messages, and holds back those which others may tell of. */
export class Merger {
  /** Messages that were joined with another view of them. */
  joined = 0;
  /** Of them, those whose other view came when they had passed. */
  late = 0;
  /** Events that passed before their time, for lack of room. */
  early = 0;
  readonly #options: Options;
  readonly #watched = new Watched();
  readonly #memory: Memory;
  #held: Held[] = [];
  /** The first in `#held` that is still there. */
  #first = 0;
  /** By pid: how many messages are held back. */
  readonly #pids = new Map<number, number>();
  /** Messages that passed while only one told of any. */
  #before: Joined[] = [];

  constructor(options: Options) {
    this.#options = options;
    this.#memory = new Memory(options.max_remembered);
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#held.length - this.#first;
  }

  /** What of a batch, and of what was held back, may pass at `now`, local milliseconds. */
  push(batch: Batch, now: number): Event[] {
    const out: Event[] = [];
    this.#memory.expire(now - this.#options.remember_ms - this.#options.window_ms);
    for (const event of batch) {
      if (event.kind === "mcp" && event.type !== "malformed") this.#message(event, now, out);
      else if (this.#isBehind(event)) this.#hold({ event }, out);
      else out.push(event);
    }
    this.#release(now, out);
    return out;
  }

  /** All that is held back. */
  end(): Event[] {
    const out: Event[] = [];
    while (this.waiting > 0) this.#pass(out);
    return out;
  }

  #message(event: McpEvent, now: number, out: Event[]): void {
    const view = viewOf(event);
    const wasShared = this.#watched.isShared;
    this.#watched.add(event, view, now);
    const joined: Joined = { primary: event, others: [], told: new Set([view]), since: now, passed: false };
    if (!this.#watched.isShared) {
      this.#before.push(joined);
      if (this.#before.length >= 2 * BEFORE) this.#before = this.#before.slice(BEFORE);
      joined.passed = true;
      out.push(event);
      return;
    }
    if (!wasShared) {
      for (const one of this.#before) this.#memory.add(one);
      this.#before = [];
    }
    const known = this.#memory.find(event);
    if (known !== undefined) return this.#join(known, event, view);
    this.#memory.add(joined);
    if (this.#options.window_ms > 0 && (this.#isBehind(event) || this.#watched.awaited(event, joined.told, now))) {
      this.#count(event, 1);
      this.#hold({ joined }, out);
    } else {
      joined.passed = true;
      out.push(event);
    }
  }

  #join(joined: Joined, event: McpEvent, view: string): void {
    this.joined++;
    joined.told.add(view);
    this.#memory.index(joined, event);
    if (joined.passed) {
      this.late++;
      return;
    }
    if (wasOnTheWay(event) && !wasOnTheWay(joined.primary)) {
      this.#count(joined.primary, -1);
      joined.others.push(joined.primary);
      joined.primary = event;
      this.#count(event, 1);
    } else joined.others.push(event);
  }

  /** Whether something of the same process waits, so that this has to wait as well. */
  #isBehind({ process, peer }: EventBase): boolean {
    if (this.#pids.size === 0) return false;
    return (process !== undefined && this.#pids.has(process.pid)) || (peer !== undefined && this.#pids.has(peer.pid));
  }

  #hold(held: Held, out: Event[]): void {
    this.#held.push(held);
    if (this.waiting <= this.#options.max_held) return;
    this.early++;
    this.#pass(out);
  }

  /** Passes on what all have told of, or has waited long enough. */
  #release(now: number, out: Event[]): void {
    const due = now - this.#options.window_ms;
    while (this.waiting > 0) {
      const held = this.#held[this.#first]!;
      if ("joined" in held) {
        const { primary, told, since } = held.joined;
        if (since > due && this.#watched.awaited(primary, told, now)) return;
      }
      this.#pass(out);
    }
  }

  #pass(out: Event[]): void {
    const held = this.#held[this.#first++]!;
    if (this.#first === this.#held.length) {
      this.#held = [];
      this.#first = 0;
    } else if (this.#first > this.#options.max_held) {
      this.#held = this.#held.slice(this.#first);
      this.#first = 0;
    }
    if ("event" in held) {
      out.push(held.event);
      return;
    }
    const { joined } = held;
    joined.passed = true;
    this.#count(joined.primary, -1);
    out.push(whole(joined));
  }

  #count({ process, peer }: McpEvent, by: number): void {
    for (const end of [process, peer]) {
      if (end === undefined) continue;
      const count = (this.#pids.get(end.pid) ?? 0) + by;
      if (count <= 0) this.#pids.delete(end.pid);
      else this.#pids.set(end.pid, count);
    }
  }
}

/** The message with what others told of it. It has been nowhere else yet. */
function whole({ primary, others }: Joined): McpEvent {
  if (others.length === 0 || !(primary instanceof Message)) return primary;
  primary.views = others;
  primary.sensor ??= others.find(({ sensor }) => sensor !== undefined)?.sensor;
  return primary;
}
