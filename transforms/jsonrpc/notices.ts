/**
 * The findings and gaps that the transform makes.
 *
 * @module
 */
import type { EventBase, FindingEvent, GapEvent, Process } from "../../pipeline/event.ts";
import type { Message, Seen } from "../../pipeline/message.ts";
import type { StreamState } from "./stream_state.ts";

/** Longest evidence, in characters. */
const EVIDENCE = 200;
/** Methods named in one finding. */
const NAMED = 5;
/** Stray lines of one stream that are each told; after that, each time their number has grown tenfold. */
export const STRAY_TOLD = 5;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A line that is no JSON-RPC at all. */
export function strayOutput(seen: EventBase, state: StreamState, bytes: Uint8Array): FindingEvent {
  const text = decoder.decode(bytes.subarray(0, EVIDENCE * 4));
  return {
    ...origin(seen),
    kind: "finding",
    rule: "mcp.stdio.stray_output",
    severity: "low",
    message: `${who(seen.process)} wrote a line that is not JSON-RPC into its MCP stream`,
    evidence: [...text].slice(0, EVIDENCE).join("").trimEnd(),
    stream: state.stream,
  };
}

/** The stray lines that were not told one by one. */
export function moreStrayOutput(seen: EventBase, state: StreamState): FindingEvent {
  return {
    ...origin(seen),
    kind: "finding",
    rule: "mcp.stdio.stray_output",
    severity: "low",
    message: `${who(seen.process)} has written ${state.stray} lines that are not JSON-RPC into its MCP stream`,
    stream: state.stream,
  };
}

/** Requests that no response can come for any more. Undefined if none is worth telling. */
export function unanswered(time: number, requests: readonly Message[]): FindingEvent | undefined {
  const open = requests.filter(({ cancelled, method }) => !cancelled && method !== "subscriptions/listen");
  const [first] = open;
  if (first === undefined) return undefined;
  const names = open.slice(0, NAMED).map(({ method, id }) => `${method} (id ${JSON.stringify(id)})`).join(", ");
  const more = open.length > NAMED ? ` and ${open.length - NAMED} more` : "";
  return {
    ...origin(first),
    time,
    kind: "finding",
    rule: "mcp.stdio.unanswered",
    severity: "low",
    message: `${who(first.peer)} never answered ${names}${more}`,
    stream: first.stream,
    ...found(open),
  };
}

/** A line beyond the limit. */
export function tooLarge(seen: Seen, bytes: number): GapEvent {
  return {
    ...origin(seen),
    kind: "gap",
    reason: "too_large",
    message: `A message of ${bytes} bytes or more from ${who(seen.process)} is over the limit (max_line)`,
    lost: { messages: 1, bytes },
    stream: seen.stream,
  };
}

/** Requests forgotten for lack of room: their responses will come without them. */
export function evicted(time: number, source: string, messages: number): GapEvent {
  return {
    kind: "gap",
    time,
    source,
    reason: "evicted",
    message: `${messages} ${messages === 1 ? "request was" : "requests were"} forgotten before the response came`,
    lost: { messages },
  };
}

/** The messages that a finding is about. */
export function found(messages: readonly Message[]): Pick<FindingEvent, "event" | "events"> {
  return { event: messages[0], ...(messages.length > 1 ? { events: messages } : {}) };
}

function origin({ time, source, process, peer }: EventBase): EventBase {
  return { time, source, process, peer };
}

function who(process: Process | undefined): string {
  return process === undefined ? "An unknown process" : `${process.name}[${process.pid}]`;
}
