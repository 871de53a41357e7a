/**
 * A way to show events: lines, or a tree.
 *
 * @module
 */
import type { Event } from "../../pipeline/event.ts";

/** Turns events into text. Times are milliseconds of a clock that only goes forward. */
export interface View {
  /** Takes an event. */
  add(event: Event, columns: number, now: number): void;
  /** What may be written now; `Infinity` is the end, where nothing waits any more. */
  take(columns: number, now: number): string;
  /** When something more may be written, even if no event comes. */
  readonly due: number | undefined;
}
