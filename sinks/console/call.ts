/**
 * What a message's place in its call adds to its line.
 *
 * @module
 */
import type { LogicalCall } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import type { Span } from "./line.ts";
import { duration } from "./units.ts";
import { visible } from "./visible.ts";
import { shorten } from "./width.ts";

/** Longest name of a call in another call's line, in columns. */
const LONGEST = 32;
/** Shorter waiting times are not worth a word. In milliseconds. */
const BRIEF = 0.05;

/** True for an answer that is not the result yet: input is required, or it became a task. */
export function isInterim(event: McpEvent): boolean {
  const { type, context, isError } = event;
  const call = context?.call;
  return type === "response" && !isError && call !== undefined && !context?.endsCall && !isAfter(event, call);
}

/** What a person would want to know besides what the message says. */
export function callSpans(event: McpEvent): Span[] {
  const { context, type } = event;
  const call = context?.call;
  if (context === undefined || call === undefined) return [];
  if (context.endsCall) return type === "response" ? whole(call, event) : [["warn", `${ended(call)}  `]];
  if (type !== "response" || !isAfter(event, call)) return [];
  return [["warn", call.outcome === "cancelled" ? "late, was cancelled  " : "late  "]];
}

/** True for a message that came when the call had ended. */
function isAfter({ time }: McpEvent, { outcome, lastTime }: LogicalCall): boolean {
  return outcome !== undefined && time >= lastTime;
}

/** Of a call that took more than a question and its answer: how many requests, how long, and how long it waited. */
function whole(call: LogicalCall, { request }: McpEvent): Span[] {
  const { requests, serverTime, humanTime, taskId } = call;
  const spans: Span[] = [];
  if (requests > 1) {
    const of = request === undefined || request === call.request || request.method === call.method
      ? ""
      : `${what(call)}, `;
    const task = taskId === undefined ? "" : "task, ";
    spans.push(["plain", `${of}${task}${requests} requests in ${duration(serverTime + humanTime)}  `]);
  }
  if (humanTime >= BRIEF && serverTime > 0) spans.push(["ask", `${duration(humanTime)} waiting  `]);
  return spans;
}

/** `get-sum cancelled`, of a call that another kind of message ends. */
function ended(call: LogicalCall): string {
  return `${what(call)} ${call.outcome ?? ""}`;
}

function what({ name, method }: LogicalCall): string {
  return shorten(visible(name ?? method), LONGEST);
}
