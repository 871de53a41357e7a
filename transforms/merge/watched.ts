/**
 * Which processes are seen by more than one.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import { type Ends, endsOf, PROXY, tellerOf } from "./identity.ts";

/** Processes that are remembered. */
const MOST = 4096;
/** Views of one process that are remembered: a client may have many servers with sensors. */
const MOST_VIEWS = 1024;
/** A view that told nothing of a process for so long is not waited for, in milliseconds. */
const SILENT = 60_000;

/** One who tells of a process. */
interface Telling {
  /** The process that its sensor is in, if it is one. */
  readonly teller: number | undefined;
  /** Local time when it told something last, ms. */
  last: number;
}

/** Who tells of which process. */
export class Watched {
  /** By pid, then by view. */
  readonly #processes = new Map<number, Map<string, Telling>>();
  readonly #views = new Set<string>();
  #isSensed = false;

  /** Whether more than one tells of anything, or a sensor does, which may be the second. */
  get isShared(): boolean {
    return this.#isSensed || this.#views.size > 1;
  }

  /** A view told of a message. */
  add(event: McpEvent, view: string, now: number): void {
    if (this.#views.size < 2) this.#views.add(view);
    const { sender, receiver } = endsOf(event);
    const teller = tellerOf(event);
    if (teller !== undefined || event.process?.name === PROXY || event.peer?.name === PROXY) this.#isSensed = true;
    if (sender !== undefined) this.#see(sender, view, teller, now);
    if (receiver !== undefined) this.#see(receiver, view, teller, now);
  }

  /** Whether others are to be waited for than those that have told of a message with these ends. */
  awaited(ends: Ends, told: ReadonlySet<string>, now: number): boolean {
    return this.#isAwaited(ends.sender, ends, told, now) || this.#isAwaited(ends.receiver, ends, told, now);
  }

  #isAwaited(pid: number | undefined, { sender, receiver }: Ends, told: ReadonlySet<string>, now: number): boolean {
    const views = pid === undefined ? undefined : this.#processes.get(pid);
    if (views === undefined || views.size < 2) return false;
    const isKnown = sender !== undefined && receiver !== undefined;
    for (const [view, { teller, last }] of views) {
      if (now - last > SILENT) views.delete(view);
      else if (told.has(view) || (isKnown && teller !== undefined && teller !== sender && teller !== receiver)) {
        continue;
      } else return true;
    }
    return false;
  }

  #see(pid: number, view: string, teller: number | undefined, now: number): void {
    let views = this.#processes.get(pid);
    if (views === undefined) {
      if (this.#processes.size >= MOST) {
        for (const [oldest] of this.#processes) {
          this.#processes.delete(oldest);
          break;
        }
      }
      this.#processes.set(pid, views = new Map());
    }
    const telling = views.get(view);
    if (telling !== undefined) telling.last = now;
    else if (views.size < MOST_VIEWS) views.set(view, { teller, last: now });
  }
}
