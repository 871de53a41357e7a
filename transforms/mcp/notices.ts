/**
 * The findings about calls that end without a message.
 *
 * @module
 */
import type { FindingEvent } from "../../pipeline/event.ts";
import { shortened } from "../../pipeline/shortened.ts";
import type { Call } from "./call.ts";

/** Longest name that is quoted, in characters. */
const QUOTED = 100;

/** A call that no answer came to. */
export function hung(call: Call, time: number): FindingEvent {
  const { session: { server }, asker } = call;
  const answerer = asker === "server" ? "The client" : short(server.name);
  const { more } = call;
  const message = more?.input !== undefined
    ? more.isAmbiguous
      ? `Which later request went on with ${what(call)} cannot be told: several calls waited for the same input`
      : `${answerer} asked for input to ${what(call)}, and it never came`
    : call.taskId !== undefined && call.pending === undefined
    ? `The result of ${what(call)}, which became a task, was never fetched`
    : `${answerer} never answered ${what(call)}, ${after(call, time)}`;
  const severity = more?.input === undefined ? "low" : "info";
  return { ...about(call, time), rule: "mcp.call.hung", severity, message };
}

/** A call whose caller closed the response stream, which is how it is cancelled over HTTP since 2026-07-28. */
export function streamClosed(call: Call, time: number): FindingEvent {
  const message = `The response stream of ${what(call)} was closed before the answer, ${after(call, time)}`;
  return { ...about(call, time), rule: "mcp.call.cancelled", severity: "info", message };
}

/** A finding of another stage, which ends a call. */
export function ending(call: Call, finding: FindingEvent): FindingEvent {
  const { event: _event, events: _events, ...rest } = finding;
  return { ...rest, call, session: call.session };
}

function about(call: Call, time: number): Omit<FindingEvent, "rule" | "severity" | "message"> {
  const { request: { source, process, peer, stream }, session } = call;
  return { kind: "finding", time, source, process, peer, stream, target: "tool_call", call, session };
}

function what({ method, name, request: { id } }: Call): string {
  const named = name === undefined ? "" : ` ${JSON.stringify(short(name))}`;
  return `${short(method)}${named} (id ${short(JSON.stringify(id ?? null))})`;
}

function after({ request }: Call, time: number): string {
  const seconds = Math.max(0, time - request.time) / 1000;
  return `asked ${seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`} before`;
}

function short(text: string): string {
  return shortened(text, QUOTED);
}
