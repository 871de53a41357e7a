/**
 * Which streams are MCP, and which two are the directions of one conversation: what is found of one counts for the other.
 *
 * @module
 */
import { KERNEL_SLOTS, SLOTS, STATE_CANDIDATE, STATE_CONFIRMED, STATE_REJECTED } from "../../bpf/records.ts";
import type { Delivery } from "./delivery.ts";
import { gap, nameOf } from "./events.ts";
import type { Piece, Tracked } from "./tracked.ts";
import type { Workspace } from "./workspace.ts";

/** Decides, and has the kernel know. */
export class Verdicts {
  readonly #work: Workspace;
  readonly #delivery: Delivery;
  /** The next of the slots that are ours to give out. */
  #nextSlot = KERNEL_SLOTS;

  constructor(work: Workspace, delivery: Delivery) {
    this.#work = work;
    this.#delivery = delivery;
  }

  /** A piece of a stream that is not decided. */
  consider(t: Tracked, piece: Piece): void {
    if (!this.#delivery.hold(t, piece)) {
      const { out, options, counts } = this.#work;
      const message = `Too many streams are undecided at once; gave up on one of ${nameOf(t.from)}.`;
      out.push(gap(options.source, t, "evicted", message, t.heldBytes));
      counts.evicted++;
      this.reject(t);
    } else if (t.state === "candidate" && t.deadline === undefined) {
      this.#judge(t, piece);
    }
  }

  /** Examines all held pieces of a candidate. */
  examine(t: Tracked): void {
    if (t.state === "preview") t.state = "candidate";
    for (const piece of t.held) {
      if (t.state !== "candidate") return;
      this.#judge(t, piece);
    }
  }

  /** Examines a stream that is none yet, whatever the kernel thinks of it. */
  examineNow(t: Tracked): void {
    this.#work.kernel.states[t.slot] = STATE_CANDIDATE;
    this.examine(t);
  }

  /** The kernel found a beginning of a message in a stream. */
  becomesCandidate(t: Tracked): void {
    t.state = "candidate";
    this.#watchReverse(t);
  }

  /** The stream is MCP, and so is its reverse. */
  confirm(t: Tracked): void {
    if (t.state === "confirmed" || t.state === "tls" || t.closed) return;
    t.state = "confirmed";
    this.#work.counts.confirmed++;
    this.#work.kernel.states[t.slot] = STATE_CONFIRMED;
    this.#delivery.decided(t);
    if (t.isNet) {
      this.#confirmReverse(t);
      this.#delivery.release(t);
    } else {
      if (t.reader === undefined && !t.readerSought) this.#delivery.await(t);
      else this.#delivery.release(t);
      this.#confirmReverse(t);
    }
  }

  /** The stream is not to be told. */
  reject(t: Tracked): void {
    this.#work.counts.rejected++;
    this.#delivery.drop(t);
    t.state = "rejected";
    this.#work.kernel.states[t.slot] = STATE_REJECTED;
  }

  /** The two directions of one conversation, by the descriptors of the process that serves it. */
  pair(t: Tracked, key: string): void {
    if (t.reverse !== undefined || key === t.key) return;
    const { table } = this.#work;
    const other = table.find(key);
    if (other !== undefined) {
      if (other.reverse === undefined) this.join(t, other);
      return;
    }
    table.await(key, t);
    if (t.state === "confirmed") this.#expect(key);
  }

  /** These two are the directions of one conversation. */
  join(a: Tracked, b: Tracked): void {
    this.#work.table.link(a, b);
    if (a.isNet) {
      this.#watchReverse(a);
      this.#watchReverse(b);
    } else {
      if (b.state === "rejected" && a.state === "confirmed") b.state = "candidate";
      if (a.state === "rejected" && b.state === "confirmed") a.state = "candidate";
    }
    if (a.state === "confirmed") this.confirm(b);
    else if (b.state === "confirmed") this.confirm(a);
  }

  #judge(t: Tracked, piece: Piece): void {
    const verdict = t.isNet && this.#work.options.allHttp ? "confirmed" : t.examine(piece);
    if (verdict === "confirmed") this.confirm(t);
    else if (verdict === "rejected") {
      this.reject(t);
      if (t.isNet && t.reverse !== undefined && t.reverse.state !== "rejected") this.reject(t.reverse);
    }
  }

  /** What looks like HTTP one way is looked at the other way too, whatever that began with when capture did. */
  #watchReverse({ isNet, state, reverse }: Tracked): void {
    if (!isNet || state !== "candidate" || reverse?.state !== "preview") return;
    reverse.state = "candidate";
    this.examineNow(reverse);
  }

  #confirmReverse({ reverse, answers }: Tracked): void {
    if (reverse !== undefined) this.confirm(reverse);
    else if (answers !== undefined) this.#expect(answers);
  }

  /** Has the kernel capture the answering stream from its first byte, whatever that is. */
  #expect(key: string): void {
    const [src, dst] = key.split(">").map(Number) as [number, number];
    const slot = this.#nextSlot;
    this.#nextSlot = slot + 1 < SLOTS ? slot + 1 : KERNEL_SLOTS;
    this.#work.kernel.states[slot] = STATE_CONFIRMED;
    this.#work.kernel.follow(src, dst, slot);
  }
}
