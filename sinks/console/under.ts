/**
 * Findings and sensors' events as they stand under the message or call that they belong to.
 *
 * @module
 */
import type { FindingEvent, SensorEvent } from "../../pipeline/event.ts";
import type { Box } from "./box.ts";
import { render, type Span, wrapped } from "./line.ts";
import { noticeSpans } from "./notice.ts";
import type { Palette } from "./palette.ts";
import { sensorUnder } from "./sensor.ts";
import { duration } from "./units.ts";

/** What is known of the call: who has to do with it, and when it began (milliseconds since the epoch). */
export interface About {
  readonly pids: readonly number[];
  readonly start: number;
}

/** What may stand under a message. */
export type Under = FindingEvent | SensorEvent;

/** How it is written. */
export interface UnderOptions {
  readonly palette: Palette;
  readonly box: Box;
  /** Most lines of a finding. */
  readonly mostLines: number;
}

/** Lines for all that stands under a message, by time, each behind `indent` and a corner; `columns` is for all of it. */
export function underLines(
  events: readonly Under[],
  known: About | undefined,
  indent: string,
  columns: number,
  { palette, box, mostLines }: UnderOptions,
): string {
  const sorted = events.toSorted((a, b) => a.time - b.time);
  const room = Math.max(24, columns - indent.length - box.last.length);
  let text = "";
  sorted.forEach((event, i) => {
    const isLast = i === sorted.length - 1;
    const lines = wrapped(underSpans(event, known), room, "", event.kind === "finding" ? mostLines : 1);
    lines.forEach((line, k) => {
      const corner = k > 0 ? (isLast ? box.blank : box.bar) : isLast ? box.last : box.branch;
      text += `${indent}${palette.dim(corner)}${render(line, room, palette)}\n`;
    });
  });
  return text;
}

/** `+1.1 ms  starts  df -h /`, `⚠ high Result of …`. */
export function underSpans(event: Under, known: About | undefined): Span[] {
  const pids = known?.pids ?? [];
  if (event.kind === "finding") return noticeSpans(event, pids);
  const after: Span[] = known === undefined ? [] : [["dim", `+${duration(Math.max(0, event.time - known.start))}  `]];
  return [...after, ...sensorUnder(event, pids)];
}
