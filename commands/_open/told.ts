/**
 * Lets a JSONL file's own word count: its findings instead of new ones, and what it says of calls.
 *
 * @module
 */
import type { LogicalCall, Outcome } from "../../pipeline/context.ts";
import type { Batch, Event, FindingEvent, McpEvent } from "../../pipeline/event.ts";
import { Message } from "../../pipeline/message.ts";
import { type Line, number, object, string } from "../../pipeline/lines/reading/values.ts";

const OUTCOMES: ReadonlySet<unknown> = new Set(["ok", "tool_error", "error", "cancelled", "hung"]);

/** What lines said of the events that were made of them. */
export class ToldByLines {
  readonly #lines = new WeakMap<Event, Line>();
  /** Calls that have not ended, by session. */
  readonly #open = new Map<number, LogicalCall>();

  /** Remembers an event's line. */
  note(event: Event, line: Line): void {
    this.#lines.set(event, line);
  }

  /** The events behind `mcp`, with what the lines say of them. */
  apply(batch: Batch): Batch {
    const out: Event[] = [];
    for (const event of batch) {
      const line = this.#lines.get(event);
      if (event.kind === "mcp") {
        this.#message(event, line);
        out.push(event);
      } else if (event.kind === "finding") {
        if (line !== undefined) out.push(this.#finding(event, line)); // others were made anew
      } else out.push(event);
    }
    return out;
  }

  #message(event: McpEvent, line: Line | undefined): void {
    const call = event.context?.call;
    if (call === undefined || event.context === undefined) return;
    const told = object(line?.["call"]);
    if (call.request === event) this.#open.set(call.id, call);
    if (told["outcome"] === undefined || !(event instanceof Message)) return;
    this.#open.delete(call.id);
    event.context = { ...plain(event.context), call: ended(call, told), endsCall: true };
  }

  #finding(event: FindingEvent, line: Line): FindingEvent {
    const told = object(line["call"]);
    if (told["outcome"] === undefined) {
      if (told["method"] === undefined || event.event?.context?.call !== undefined) return event;
      for (const call of this.#open.values()) { // the oldest that it can be about
        if (call.method !== told["method"] || call.name !== string(told["name"])) continue;
        if (call.bytesIn === number(told["bytes_in"])) {
          return { ...event, call, session: call.request.context?.session };
        }
      }
      return event;
    }
    const start = event.time - (number(told["duration_ms"]) ?? 0);
    let call: LogicalCall | undefined;
    for (const one of this.#open.values()) {
      if (one.method !== told["method"] || one.name !== string(told["name"])) continue;
      if (call === undefined || Math.abs(one.startTime - start) < Math.abs(call.startTime - start)) call = one;
    }
    if (call === undefined) return event;
    this.#open.delete(call.id);
    return { ...event, call: ended(call, told), session: call.request.context?.session };
  }
}

function plain(context: NonNullable<McpEvent["context"]>): NonNullable<McpEvent["context"]> {
  const { era, session, sender, call, endsCall, trace, list } = context;
  return { era, session, sender, call, endsCall, trace, list };
}

/** The call as the file's record has it. */
function ended(call: LogicalCall, told: Line): LogicalCall {
  const serverTime = number(told["server_ms"]) ?? call.serverTime,
    humanTime = number(told["human_ms"]) ?? call.humanTime;
  return {
    id: call.id,
    method: call.method,
    name: call.name,
    request: call.request,
    response: call.response,
    outcome: OUTCOMES.has(told["outcome"]) ? told["outcome"] as Outcome : call.outcome,
    errorCode: number(told["error_code"]),
    startTime: call.startTime,
    lastTime: call.startTime + serverTime + humanTime,
    serverTime,
    humanTime,
    requests: number(told["requests"]) ?? call.requests,
    progress: number(told["progress"]) ?? call.progress,
    taskId: string(told["task_id"]),
    bytesIn: number(told["bytes_in"]) ?? call.bytesIn,
    bytesOut: number(told["bytes_out"]) ?? call.bytesOut,
    tokensIn: number(told["tokens_in"]) ?? call.tokensIn,
    tokensOut: number(told["tokens_out"]) ?? call.tokensOut,
    print: call.print,
  };
}
