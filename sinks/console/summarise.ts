/**
 * What matters of a message's params, result or error, in a few spans.
 *
 * @module
 */
import type { Json, McpEvent } from "../../pipeline/event.ts";
import { array, at, inline, members, object, scalar, text } from "./json.ts";
import type { Span } from "./line.ts";
import { PARAMS, taskState } from "./summarise_params.ts";
import { newTask, RESULTS } from "./summarise_result.ts";
import { bytes } from "./units.ts";
import { visible } from "./visible.ts";

/** Above this size a message is not parsed for one line's sake. */
const LARGEST = 1024 * 1024;

/** Spans that fit in about `room` columns; the caller cuts them exactly. */
export function summarise(event: McpEvent, room: number): Span[] {
  if (event.type === "malformed") return malformed(event, room);
  if (event.end - event.start > LARGEST) return [["dim", `(${bytes(event.end - event.start)})`]];
  if (event.type !== "response") {
    const params = event.params;
    return PARAMS.get(event.method ?? "")?.(params, room) ?? members(params, room);
  }
  if (event.isError) return failure(event.error, room);
  const result = event.result;
  const task = newTask(result);
  if (task !== undefined) return [["warn", "task "], ...taskState(task)];
  return RESULTS.get(event.request?.method ?? "")?.(result, room) ?? generic(result, room);
}

/** Whether a response tells of a failure: a JSON-RPC error, or a tool result with `isError`. */
export function failed(event: McpEvent): boolean {
  if (event.type !== "response") return false;
  if (event.isError) return true;
  const { context } = event;
  if (context?.endsCall) return context.call?.outcome === "tool_error" || context.call?.outcome === "error";
  if (event.request?.method !== "tools/call" || event.end - event.start > LARGEST) return false;
  return at(event.result, "isError") === true;
}

/** The tool that a `tools/call` request names. */
export function toolName(request: McpEvent): string | undefined {
  if (request.method !== "tools/call" || request.end - request.start > LARGEST) return undefined;
  return text(request.params, "name");
}

function failure(error: Json | undefined, room: number): Span[] {
  const message = text(error, "message");
  if (message === undefined) return [["bad", inline(error, room)]];
  const spans: Span[] = [["bad", `${visible(scalar(error, "code") ?? "?")} `], ["plain", visible(message)]];
  const data = at(error, "data");
  if (data !== undefined && data !== null) spans.push(["dim", ` ${inline(data, room)}`]);
  return spans;
}

function malformed(event: McpEvent, room: number): Span[] {
  const shown = new TextDecoder().decode(
    event.buffer.subarray(event.start, Math.min(event.end, event.start + room * 4)),
  );
  return [["warn", visible(event.malformed ?? "malformed")], ["dim", "  "], ["dim", visible(shown)]];
}

/** A result of an unknown method: by its shape. */
function generic(result: Json | undefined, room: number): Span[] {
  const holder = object(result);
  if (holder === undefined) return members(result, room);
  for (
    const [method, noun] of [["tools/list", "tools"], ["initialize", "serverInfo"], ["tools/call", "content"]] as const
  ) {
    if (array(holder[noun]) ?? object(holder[noun])) return RESULTS.get(method)?.(result, room) ?? [];
  }
  return members(result, room);
}
