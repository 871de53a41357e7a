/**
 * From the queue to the socket or the spool.
 *
 * @module
 */
import type { Pending } from "../events/event.ts";
import type { Lines } from "../events/lines.ts";
import type { Queue } from "../events/queue.ts";
import { guarded } from "../guard.ts";
import { Bytes, type Redaction } from "./bytes.ts";
import type { Socket } from "./socket.ts";
import type { Spool } from "./spool.ts";
import { later, soon, type Timer } from "../time.ts";

/** How soon it is looked again whether a slow reader takes more, in milliseconds. */
const RETRY = 20;

/** Where lines go, and what makes one of them. */
export interface WriterParts {
  readonly queue: Queue;
  readonly socket: Socket | undefined;
  readonly spool: Spool | undefined;
  readonly redaction: Redaction;
  readonly lines: Lines;
  /** Makes the event that tells of drops. */
  readonly tellDropped: (dropped: Readonly<Record<string, number>>) => Pending;
}

/**
 * Writes. What happens in one turn of the event loop is written at its end, before the loop waits: so a process that is
 * ended by a signal while it waits has lost nothing, and no signal handler is needed. And lines are made then, not when
 * the program works: its answer is on its way.
 */
export class Writer {
  readonly #parts: WriterParts;
  readonly #bytes: Bytes;
  #isArmed = false;
  #retry: Timer | undefined;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#bytes = new Bytes(parts.redaction);
    if (parts.socket !== undefined) parts.socket.onchange = () => this.#arm();
  }

  /** Takes an event. `isNeeded`: whatever waits. */
  push(item: Pending, isNeeded = false): void {
    this.#parts.queue.push(item, isNeeded);
    this.#arm();
  }

  /** Writes all that can be written now. `isEnd`: what the socket does not take goes to the spool. */
  flush(isEnd = false): void {
    const { queue, socket, lines } = this.#parts;
    lines.begin();
    const dropped = queue.takeDropped();
    if (dropped !== undefined) queue.push(this.#parts.tellDropped(dropped), true);
    for (;;) {
      const way = this.#way(isEnd);
      if (way === "wait") {
        this.#waitForReader(socket?.isWaiting ?? false);
        return;
      }
      if (!this.#fill()) return;
      if (way === "socket") this.#send();
      else this.#store();
      this.#bytes.clear();
    }
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    soon(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isArmed = false;
    guarded("writer", () => this.flush());
  };

  /** Looks again later, without keeping the program alive. */
  #waitForReader(isWaiting: boolean): void {
    if (!isWaiting || this.#retry !== undefined) return;
    this.#retry = later(() => {
      this.#retry = undefined;
      guarded("writer", () => this.flush());
    }, RETRY);
  }

  #way(isEnd: boolean): "socket" | "spool" | "wait" {
    const { socket } = this.#parts;
    if (socket === undefined) return "spool";
    if (socket.isWaiting) {
      const sent = socket.resume();
      if (sent === "later" && !isEnd) return "wait";
      if (sent !== "sent") {
        this.#storeUnsent(socket);
        socket.close();
        return "spool";
      }
    }
    const { state } = socket;
    if (state === "connecting") return isEnd ? "spool" : "wait";
    return state === "open" ? "socket" : "spool";
  }

  /** Takes lines from the queue; false if there are none. */
  #fill(): boolean {
    const { queue, lines } = this.#parts;
    while (!this.#bytes.isFull) {
      const item = queue.shift();
      if (item === undefined) break;
      const added = guarded("redact", () => this.#bytes.add(lines.line(item)));
      if (added === undefined) queue.drop("redact_failed");
      else if (!added) queue.drop("too_large");
    }
    return this.#bytes.lines > 0;
  }

  #send(): void {
    const { socket } = this.#parts;
    const { buffer, length } = this.#bytes;
    if (socket === undefined || socket.send(buffer, length) === "lost") {
      this.#store();
    }
  }

  #store(): void {
    const { buffer, length, lines } = this.#bytes;
    const failure = this.#parts.spool === undefined ? "no_reader" : this.#parts.spool.append(buffer, length);
    if (failure !== undefined) this.#parts.queue.drop(failure, lines);
  }

  #storeUnsent(socket: Socket): void {
    const rest = socket.takeUnsent();
    if (rest === undefined) return;
    if (this.#parts.spool?.append(rest, rest.length) === undefined && this.#parts.spool !== undefined) return;
    let lines = 0;
    for (
      let at = rest.indexOf(0x0a);
      at >= 0;
      at = rest.indexOf(0x0a, at + 1)
    ) lines++;
    this.#parts.queue.drop("reader_gone", lines);
  }
}
