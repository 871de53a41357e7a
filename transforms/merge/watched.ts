/**
 * Which processes are seen by more than one.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";

/** Processes that are remembered. */
const MOST = 4096;
/** A view that told nothing of a process for so long is not waited for, in milliseconds. */
const SILENT = 60_000;

/** Who tells of which process. */
export class Watched {
  /** By pid, then by view: when it told of the process last. */
  readonly #processes = new Map<number, Map<string, number>>();
  readonly #views = new Set<string>();

  /** Whether more than one tells of anything. */
  get isShared(): boolean {
    return this.#views.size > 1;
  }

  /** A view told of a message. */
  add(event: McpEvent, view: string, now: number): void {
    this.#views.add(view);
    this.#see(event.process?.pid, view, now);
    this.#see(event.peer?.pid, view, now);
  }

  /** The views that are to be waited for, besides those that have told of a message. */
  awaited({ process, peer }: McpEvent, told: ReadonlySet<string>, now: number): boolean {
    return this.#isAwaited(process?.pid, told, now) || this.#isAwaited(peer?.pid, told, now);
  }

  #isAwaited(pid: number | undefined, told: ReadonlySet<string>, now: number): boolean {
    const views = pid === undefined ? undefined : this.#processes.get(pid);
    if (views === undefined || views.size < 2) return false;
    for (const [view, last] of views) {
      if (now - last > SILENT) views.delete(view);
      else if (!told.has(view)) return true;
    }
    return false;
  }

  #see(pid: number | undefined, view: string, now: number): void {
    if (pid === undefined) return;
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
    views.set(view, now);
  }
}
