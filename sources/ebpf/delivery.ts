/**
 * Bytes held until it is known whether and how they are to be told, and the events that they become.
 *
 * @module
 */
import { MAX_CALL, type OpenEnd, STATE_REJECTED } from "../../bpf/records.ts";
import type { Connections } from "./connections.ts";
import { holder, isShellText } from "./ends.ts";
import { chunk, gap, nameOf } from "./events.ts";
import type { Piece, Tracked } from "./tracked.ts";
import type { Workspace } from "./workspace.ts";

/** How long the first bytes wait for their reader to show itself, ms. */
export const READER_WAIT = 100;
/** Bytes held for all undecided streams. */
const MAX_HELD = 64 << 20;

/** Holds and tells. */
export class Delivery {
  readonly #work: Workspace;
  readonly #connections: Connections;
  /** Bytes held for undecided streams. */
  #held = 0;

  constructor(work: Workspace, connections: Connections) {
    this.#work = work;
    this.#connections = connections;
  }

  /** Holds a piece of an undecided stream. False if too much is held for all of them. */
  hold(t: Tracked, piece: Piece): boolean {
    t.hold(piece);
    this.#held += piece.end - piece.start;
    return this.#held <= MAX_HELD;
  }

  /** The stream's bytes are held no longer because it is undecided. */
  decided(t: Tracked): void {
    this.#held -= t.heldBytes;
  }

  /** Lets go of what is held. */
  drop(t: Tracked): void {
    if (t.state !== "confirmed") this.#held -= t.heldBytes;
    t.takeHeld();
    this.#work.waiting.delete(t);
  }

  /** Waits for the reader of a confirmed stream. */
  await(t: Tracked): void {
    t.deadline = this.#work.now + READER_WAIT;
    t.heldSince = this.#work.now;
    this.#work.waiting.add(t);
  }

  /** Holds a piece of a confirmed stream until its reader shows itself. */
  holdForReader(t: Tracked, piece: Piece): void {
    t.hold(piece);
    if (t.deadline === undefined) this.await(t);
    else this.#work.waiting.add(t);
    if (t.heldBytes > MAX_CALL) {
      t.readerSought = true;
      this.release(t);
    }
  }

  /** Passes on what waited, unless the user does not want this stream. */
  release(t: Tracked): void {
    if (t.isNet) return this.#connections.release(t);
    const { waiting, kernel, options } = this.#work;
    waiting.delete(t);
    if (t.side === "reader" && t.writer === undefined && t.reverse?.reader === undefined) {
      this.seek(t, kernel.openEnds()); // nobody was seen writing
    }
    if (isShellText(t) || (options.wanted && !options.wanted(t.from, t.to))) return this.leaveOut(t);
    for (const piece of t.takeHeld()) this.emit(t, piece);
  }

  /** The user does not want this stream. */
  leaveOut(t: Tracked): void {
    this.#work.counts.filtered++;
    this.#work.waiting.delete(t);
    t.takeHeld();
    t.state = "rejected";
    this.#work.kernel.states[t.slot] = STATE_REJECTED;
  }

  /** Tells a piece, and what was lost before it. */
  emit(t: Tracked, piece: Piece): void {
    const { options: { source }, out } = this.#work;
    if (piece.lost > 0) {
      const message = `Lost ${piece.lost} bytes from ${nameOf(t.from)} to ${nameOf(t.to)}.`;
      out.push(gap(source, t, t.lossReason ?? "ring_full", message, piece.lost));
      t.lossReason = undefined;
    }
    t.told = true;
    out.push(chunk(source, t, piece));
  }

  /** Fills in ends that never showed themselves: who is at the other end of the answers, or else who holds them. */
  seek(t: Tracked, ends: readonly OpenEnd[]): void {
    const { processes } = this.#work;
    const reader = t.to === undefined ? holder(ends, t, true) : undefined;
    const writer = t.from === undefined ? holder(ends, t, false) : undefined;
    if (reader !== undefined) t.reader = processes.get(reader.tgid, reader.comm);
    if (writer !== undefined) t.writer = processes.get(writer.tgid, writer.comm);
  }
}
