/**
 * TCP connections and TLS sessions: who is at their ends, which session a connection carries, and when what they say can be
 * told.
 *
 * @module
 */
import { type SocketRecord, STRENGTH_TRIED } from "../../bpf/records.ts";
import type { Process } from "../../pipeline/event.ts";
import type { Wanted } from "./filter.ts";
import { isLocal } from "./local.ts";
import { isServer, type Session, Sessions } from "./sessions.ts";
import type { StreamTable } from "./table.ts";
import { type Piece, streamKey, type Tracked } from "./tracked.ts";

/** What is done with streams once this is decided. */
export interface Owner {
  /** The stream is not to be told. */
  reject(t: Tracked): void;
  /** The user does not want the stream. */
  leaveOut(t: Tracked): void;
  emit(t: Tracked, piece: Piece): void;
  /** What the stream holds waits for an end to show itself, for a while. */
  wait(t: Tracked): void;
  waitsNoMore(t: Tracked): void;
  readonly wanted: Wanted | undefined;
}

/** All connections and sessions. */
export class Connections {
  readonly #table: StreamTable;
  readonly #owner: Owner;
  readonly #sessions = new Sessions();

  constructor(table: StreamTable, owner: Owner) {
    this.#table = table;
    this.#owner = owner;
  }

  /** A process showed itself at one end. */
  met(t: Tracked): void {
    if (t.state === "tls") {
      for (const session of this.#sessions.on(t.src, t.dst)) this.#settle(session);
    } else if (t.state === "confirmed") this.release(t);
  }

  /** A session's connection is told. */
  tie(record: SocketRecord): void {
    const session = this.#sessions.tie(record);
    if (session !== undefined) this.#settle(session);
  }

  /** A session's stream is seen for the first time. */
  appears(t: Tracked): void {
    const session = this.#sessions.of(t);
    if (session.shadow) this.#owner.reject(t);
    else this.#settle(session);
  }

  /** Bytes of a session. False if they are told at its other end. */
  begins(t: Tracked, buffer: Uint8Array, start: number, end: number, now: number): boolean {
    if (!t.begun) {
      const other = this.#sessions.begins(t, buffer, start, end, now);
      if (other !== undefined) this.#join(this.#sessions.of(t), other);
    }
    return t.state !== "rejected";
  }

  /** A session's stream is over. */
  goes(t: Tracked): void {
    if (this.#table.find(streamKey(t.dst, t.src)) === undefined) this.#sessions.remove(this.#sessions.of(t));
  }

  /** The sessions' streams that take the same way as a TCP stream. */
  *carriedBy(t: Tracked): Generator<Tracked> {
    if (t.state !== "tls") return;
    for (const session of this.#sessions.on(t.src, t.dst)) {
      const { sent, received } = this.#streams(session);
      const carried = session.socket?.src === t.src ? sent : received;
      if (carried !== undefined) yield carried;
    }
  }

  /** Passes on what waited of a connection, both ways in the order of time, unless an end is still to be known. */
  release(t: Tracked): void {
    const owner = this.#owner;
    const both = t.reverse?.state === "confirmed" ? [t, t.reverse] : [t];
    for (const one of both) if (one.held.length > 0 && !isReady(one)) return owner.wait(one);
    const pieces: [Tracked, Piece][] = [];
    for (const one of both) {
      owner.waitsNoMore(one);
      if (owner.wanted && !owner.wanted(one.from, one.to)) return both.forEach((one) => owner.leaveOut(one));
      for (const piece of one.takeHeld()) pieces.push([one, piece]);
    }
    pieces.sort(([, a], [, b]) => a.time - b.time);
    for (const [one, piece] of pieces) owner.emit(one, piece);
  }

  /** Gives a session's streams what is known of its connection. */
  #settle(session: Session): void {
    const other = this.#sessions.opposite(session);
    if (other !== undefined) this.#join(session, other);
    const socket = this.#sessions.socketOf(session);
    if (session.shadow || socket === undefined) return;
    const out = this.#table.find(streamKey(socket.src, socket.dst));
    const back = this.#table.find(streamKey(socket.dst, socket.src));
    const near = out?.stream.from ?? back?.stream.to, far = out?.stream.to ?? back?.stream.from;
    const peer = out?.reader ?? back?.writer;
    const { sent, received } = this.#streams(session);
    if (sent !== undefined) [sent.stream.from, sent.stream.to] = [near, far];
    if (received !== undefined) [received.stream.from, received.stream.to] = [far, near];
    const known = peer !== undefined || (far !== undefined && !isLocal(far.address));
    // the client's own session, if it is seen, is the one to be told
    const alone = session.partner === undefined && isServer(session) && far !== undefined && isLocal(far.address);
    this.#meet(session, peer, known && session.strength >= STRENGTH_TRIED && !alone);
  }

  /** Both ends of a connection are seen: one is told, the other no more. */
  #join(a: Session, b: Session): void {
    const wasTold = (session: Session) => Object.values(this.#streams(session)).some((t) => t?.told);
    const joined = this.#sessions.join(a, b, wasTold);
    if (joined === undefined) return;
    const theirs = this.#streams(joined.shadow);
    const peer = theirs.sent?.writer ?? theirs.received?.reader;
    for (const t of [theirs.sent, theirs.received]) {
      if (t !== undefined && t.state !== "rejected") this.#owner.reject(t);
    }
    this.#settle(joined.shown);
    this.#meet(joined.shown, peer, true);
  }

  /** Who is at a session's other end. `settled`: no more is to be learnt, what waits can go. */
  #meet(session: Session, peer: Process | undefined, settled: boolean): void {
    const { sent, received } = this.#streams(session);
    if (peer !== undefined && sent !== undefined) sent.reader = peer;
    if (peer !== undefined && received !== undefined) received.writer = peer;
    const both = [sent, received].filter((t) => t !== undefined);
    for (const t of both) t.readerSought ||= settled;
    for (const t of both) if (t.state === "confirmed" && t.held.length > 0) this.release(t);
  }

  #streams({ key }: Session): { sent: Tracked | undefined; received: Tracked | undefined } {
    const [src, dst] = key.split(">");
    return { sent: this.#table.find(key), received: this.#table.find(`${dst}>${src}`) };
  }
}

/** The process whose TLS session a stream belongs to. */
export function holderOf(t: Tracked): Process | undefined {
  return t.src < t.dst ? t.writer : t.reader;
}

/** True if what a confirmed connection or session sends can be passed on as it comes. */
export function flows(t: Tracked): boolean {
  return t.held.length === 0 && isReady(t) && (t.reverse === undefined || t.reverse.held.length === 0);
}

/** May the writer of what was taken at the reader be a process of this machine, whose own bytes are on their way? */
export function mayHaveLocalWriter({ stream: { medium, from } }: Tracked): boolean {
  return medium === "tcp" ? from === undefined || isLocal(from.address) : medium !== "tls";
}

/** True if all is known of a connection's ends that will be. */
function isReady(t: Tracked): boolean {
  if (t.readerSought) return true;
  if (t.stream.medium === "tls") return false;
  return t.reader !== undefined || (t.stream.to !== undefined && !isLocal(t.stream.to.address));
}
