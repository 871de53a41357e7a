/**
 * Joins what several tell of one message.
 *
 * @module
 */
import type { Batch, Event, EventBase, McpEvent, Stream } from "../../pipeline/event.ts";
import { Message } from "../../pipeline/message.ts";
import { endsOf, viewOf, wasOnTheWay } from "./identity.ts";
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
  /** By pid: how many messages are held back. */
  readonly #pids = new Map<number, number>();
  /** Messages that passed while only one told of any. */
  #before: Joined[] = [];
  /** What each view is a view of: a response belongs to the request that was passed on, whoever told of that. */
  readonly #joinedOf = new WeakMap<McpEvent, Joined>();
  /** Streams of sensors that have had a message. */
  readonly #begun = new WeakSet<Stream>();
  /** Streams between a proxy and its server: what the client sees of the same goes before. */
  readonly #behind = new WeakSet<Stream>();

  constructor(options: Options) {
    this.#options = options;
    this.#memory = new Memory(options.max_remembered);
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#held.length;
  }

  /** What of a batch, and of what was held back, may pass at `now`, local milliseconds. */
  push(batch: Batch, now: number): Event[] {
    const out: Event[] = [];
    const { remember_ms, window_ms, first_ms } = this.#options;
    this.#memory.expire(now - remember_ms - Math.max(window_ms, first_ms));
    for (const event of batch) {
      if (event.kind === "mcp" && event.type !== "malformed") this.#message(event, now, out);
      else if (this.#isBehind(event)) this.#hold({ event }, out);
      else out.push(event);
    }
    if (this.#held.length > 0) this.#release(now, out);
    return out;
  }

  /** All that is held back. */
  end(): Event[] {
    const out: Event[] = [];
    for (const held of this.#held.splice(0)) this.#pass(held, out);
    return out;
  }

  #message(event: McpEvent, now: number, out: Event[]): void {
    const view = viewOf(event);
    const wasShared = this.#watched.isShared;
    this.#watched.add(event, view, now);
    const isFirst = !wasOnTheWay(event) && this.#isFirst(event.stream);
    const joined: Joined = {
      primary: event,
      others: [],
      told: new Set([view]),
      ends: endsOf(event),
      since: now,
      isFirst,
      passed: false,
    };
    this.#joinedOf.set(event, joined);
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
    if (this.#isBehind(event) || this.#mustWait(joined, now)) {
      this.#count(event, 1);
      this.#hold({ joined }, out);
    } else {
      joined.passed = true;
      out.push(this.#whole(joined));
    }
  }

  /** Whether nothing has come yet of the session whose message comes on this stream. */
  #isFirst(stream: Stream): boolean {
    if (this.#begun.has(stream)) return false;
    const isNew = stream.reverse === undefined || !this.#begun.has(stream.reverse);
    this.#begun.add(stream);
    return isNew;
  }

  /** The kernel may be late with the first message of a session: it waits until it knows who reads. */
  #mustWait({ primary, isFirst, since, ends, told }: Joined, now: number): boolean {
    const { window_ms, first_ms } = this.#options;
    if (isFirst && now < since + first_ms && !wasOnTheWay(primary)) return true;
    if (now >= since + window_ms) return false;
    return this.#isBack(primary.stream) || this.#watched.awaited(ends, told, now);
  }

  #join(joined: Joined, event: McpEvent, view: string): void {
    this.joined++;
    this.#joinedOf.set(event, joined);
    joined.told.add(view);
    const { sender, receiver } = endsOf(event);
    joined.ends = { sender: joined.ends.sender ?? sender, receiver: joined.ends.receiver ?? receiver };
    this.#memory.index(joined, event);
    const isFront = this.#isFront(event, joined.primary);
    if (joined.passed) {
      this.late++;
      return;
    }
    if (isFront) {
      this.#count(joined.primary, -1);
      joined.others.push(joined.primary);
      joined.primary = event;
      this.#count(event, 1);
      this.#moveToEnd(joined);
    } else joined.others.push(event);
  }

  /**
   * Whether a view goes before the one that was first. Of a message that a proxy relayed it is the client's side; which that
   * is tells the first message of a session, a request.
   */
  #isFront(event: McpEvent, primary: McpEvent): boolean {
    if (!wasOnTheWay(event) || !wasOnTheWay(primary)) return wasOnTheWay(event) && !wasOnTheWay(primary);
    if (primary.stream === event.stream) return false;
    if (!this.#isBack(event.stream) && !this.#isBack(primary.stream)) this.#behind.add(event.stream);
    return this.#isBack(primary.stream) && !this.#isBack(event.stream);
  }

  /** Whether a stream runs between a proxy and its server: it, or the way back of which that is known. */
  #isBack(stream: Stream): boolean {
    return this.#behind.has(stream) || (stream.reverse !== undefined && this.#behind.has(stream.reverse));
  }

  /** Sensors at both ends may tell of things in another order than that in which they went. */
  #moveToEnd(joined: Joined): void {
    const at = this.#held.findIndex((held) => "joined" in held && held.joined === joined);
    if (at >= 0) this.#held.push(...this.#held.splice(at, 1));
  }

  /** Whether something of the same process waits, so that this has to wait as well. */
  #isBehind({ process, peer }: EventBase): boolean {
    if (this.#pids.size === 0) return false;
    return (process !== undefined && this.#pids.has(process.pid)) || (peer !== undefined && this.#pids.has(peer.pid));
  }

  #hold(held: Held, out: Event[]): void {
    this.#held.push(held);
    if (this.#held.length <= this.#options.max_held) return;
    this.early++;
    this.#pass(this.#held.shift()!, out);
  }

  /** Passes on what all have told of, or has waited long enough, and has nothing before it that waits. */
  #release(now: number, out: Event[]): void {
    const waiting = new Set<number>();
    const kept: Held[] = [];
    for (const held of this.#held) {
      const { process, peer } = "joined" in held ? held.joined.primary : held.event;
      const isBehind = (process !== undefined && waiting.has(process.pid)) ||
        (peer !== undefined && waiting.has(peer.pid));
      if (isBehind || ("joined" in held && this.#mustWait(held.joined, now))) {
        if (process !== undefined) waiting.add(process.pid);
        if (peer !== undefined) waiting.add(peer.pid);
        kept.push(held);
      } else this.#pass(held, out);
    }
    this.#held = kept;
  }

  #pass(held: Held, out: Event[]): void {
    if ("event" in held) {
      out.push(held.event);
      return;
    }
    const { joined } = held;
    joined.passed = true;
    this.#count(joined.primary, -1);
    out.push(this.#whole(joined));
  }

  #count({ process, peer }: McpEvent, by: number): void {
    for (const end of [process, peer]) {
      if (end === undefined) continue;
      const count = (this.#pids.get(end.pid) ?? 0) + by;
      if (count <= 0) this.#pids.delete(end.pid);
      else this.#pids.set(end.pid, count);
    }
  }

  /** The message with what others told of it. It has been nowhere else yet. */
  #whole({ primary, others }: Joined): McpEvent {
    if (!(primary instanceof Message)) return primary;
    const asked = primary.request === undefined ? undefined : this.#joinedOf.get(primary.request)?.primary;
    if (asked instanceof Message) primary.request = asked;
    if (others.length === 0) return primary;
    primary.views = others;
    primary.sensor ??= others.find(({ sensor }) => sensor !== undefined)?.sensor;
    return primary;
  }
}
