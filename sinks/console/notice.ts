/**
 * The line of a finding or a gap.
 *
 * @module
 */
import type { FindingEvent, GapEvent, Severity } from "../../pipeline/event.ts";
import type { Span } from "./line.ts";
import type { Style } from "./palette.ts";
import { visible } from "./visible.ts";

/** How each severity looks; from `medium` on it is named too. */
const SEVERE: Readonly<Record<Severity, readonly [style: Style, label: string]>> = {
  info: ["ask", ""],
  low: ["warn", ""],
  medium: ["warn", "medium "],
  high: ["bad", "high "],
  critical: ["alarm", "critical "],
};

/** What is wrong, or was not seen. `known`: pids of processes that need not be named, as the line above has them. */
export function noticeSpans(event: FindingEvent | GapEvent, known: readonly number[] = []): Span[] {
  const [style, label] = event.kind === "finding" ? SEVERE[event.severity] : SEVERE.low;
  const spans: Span[] = [[style, `⚠ ${label}`]];
  const who = event.process ?? event.peer;
  const isClear = known.length > 0 && (who === undefined || known.includes(who.pid));
  if (!isClear && who === undefined) spans.push(["dim", `${visible(event.source)}: `]);
  else if (!isClear && who !== undefined && !names(event)) {
    spans.push(["strong", visible(who.name)], ["dim", `[${who.pid}] `]);
  }
  spans.push([style, event.kind === "gap" ? "not seen: " : ""], ["plain", visible(event.message)]);
  if (event.kind === "finding") {
    if (event.evidence !== undefined) spans.push(["dim", `  ${visible(event.evidence)}`]);
    const { peer } = event;
    const other = peer === undefined || known.includes(peer.pid) || names(event)
      ? ""
      : `, with ${visible(peer.name)}[${peer.pid}]`;
    spans.push(["dim", `  (${visible(event.rule)}${other})`]);
  }
  return spans;
}

/** Whether the sentence says itself which process is meant. */
function names({ message, process, peer }: FindingEvent | GapEvent): boolean {
  return [process, peer].some((end) => end !== undefined && message.includes(`[${end.pid}]`));
}
