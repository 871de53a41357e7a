/**
 * What happened during a call, as events of its span: progress, rounds, tasks, questions of the server, cancellation.
 *
 * @module
 */
import type { LogicalCall } from "../../pipeline/context.ts";
import type { Json, McpEvent } from "../../pipeline/event.ts";
import { isObject } from "../../pipeline/json.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";
import { nanos } from "./time.ts";
import type { SpanEvent } from "./types.ts";
import { type Attributes, brief, keyValues, maybeBrief } from "./values.ts";

/** Calls that are open at once with something to tell; those that were silent for longest are forgotten. */
const CALLS = 4096;
/** Events of a span: the SDK specification's default ("Span Limits", EventCountLimit). Those beyond are counted. */
const EVENTS = 128;
/** Events of all calls together. */
const ALL = 65_536;
/** Names of inputs that are told. */
const KEYS = 16;

/** What happened during one call. */
export interface Happened {
  readonly events: SpanEvent[];
  dropped: number;
}

/** Collects events of open calls. */
export class CallEvents {
  readonly #calls = new RecentMap<number, Happened>(CALLS, {
    forgotten: (_, { events }) => void (this.#held -= events.length),
  });
  #held = 0;

  /** Notes a message of a call. Its first request and the answer that ends it are the span itself. */
  note(call: LogicalCall, event: McpEvent, endsCall: boolean): void {
    const told = tell(call, event, endsCall);
    if (told === undefined) return;
    const happened = this.#calls.recall(call.id, () => ({ events: [], dropped: 0 }));
    if (happened.events.length >= EVENTS || this.#held >= ALL) {
      happened.dropped++;
      return;
    }
    this.#held++;
    const { name, attributes } = told;
    happened.events.push({ timeUnixNano: nanos(event.time), name, attributes: keyValues(attributes) });
  }

  /** What happened, when the call has ended. */
  take(call: LogicalCall): Happened | undefined {
    if (this.#calls.size === 0) return undefined;
    const happened = this.#calls.get(call.id);
    if (happened === undefined) return undefined;
    this.#calls.delete(call.id);
    this.#held -= happened.events.length;
    return happened;
  }
}

/** What a message tells. */
interface Told {
  readonly name: string;
  readonly attributes: Attributes;
}

function tell(call: LogicalCall, event: McpEvent, endsCall: boolean): Told | undefined {
  switch (event.type) {
    case "request":
      return toldByRequest(call, event);
    case "response":
      return endsCall ? undefined : toldByAnswer(event);
    case "notification":
      return toldByNotification(event);
    case "malformed":
      return undefined;
  }
}

function toldByRequest({ requests, request }: LogicalCall, { time, id, method, stream }: McpEvent): Told | undefined {
  const isFirst = requests <= 1 || request.time === time && request.id === id && request.stream.id === stream.id;
  if (isFirst) return undefined;
  return {
    name: method?.startsWith("tasks/") === true ? "mcpsonde.task.request" : "mcpsonde.round",
    attributes: { "mcp.method.name": maybeBrief(method), "jsonrpc.request.id": idText(id) },
  };
}

function toldByAnswer({ result, request, id }: McpEvent): Told {
  const isInput = text(result, "resultType") === "input_required";
  const asked = isInput ? member(result, "inputRequests") : undefined;
  const task = isInput ? undefined : taskOf(result);
  return {
    name: isInput ? "mcpsonde.input_required" : task === undefined ? "mcpsonde.answer" : "mcpsonde.task",
    attributes: {
      "mcp.method.name": maybeBrief(request?.method),
      "jsonrpc.request.id": idText(id),
      "mcpsonde.input.keys": isObject(asked) ? Object.keys(asked).slice(0, KEYS).map(brief) : undefined,
      ...task,
    },
  };
}

function toldByNotification({ method, params }: McpEvent): Told {
  const attributes = { "mcp.method.name": maybeBrief(method) };
  switch (method) {
    case "notifications/progress": {
      const progress = {
        "mcpsonde.progress.value": count(params, "progress"),
        "mcpsonde.progress.total": count(params, "total"),
      };
      return { name: "mcpsonde.progress", attributes: { ...attributes, ...progress } };
    }
    case "notifications/cancelled":
      return { name: "mcpsonde.cancelled", attributes };
    case "notifications/tasks":
    case "notifications/tasks/status":
      return { name: "mcpsonde.task", attributes: { ...attributes, ...taskOf(params) } };
    default:
      return { name: "mcpsonde.notification", attributes };
  }
}

/** Of a task's state: as a result of its own, or within one (2025-11-25). */
function taskOf(value: Json | undefined): Attributes | undefined {
  const task = isObject(member(value, "task")) ? member(value, "task") : value;
  const id = text(task, "taskId");
  if (id === undefined) return undefined;
  return { "mcpsonde.task.id": brief(id), "mcpsonde.task.status": maybeBrief(text(task, "status")) };
}

function idText(id: McpEvent["id"]): string | undefined {
  return id === undefined || id === null ? undefined : brief(String(id));
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}

function text(value: Json | undefined, name: string): string | undefined {
  const held = member(value, name);
  return typeof held === "string" ? held : undefined;
}

function count(value: Json | undefined, name: string): number | undefined {
  const held = member(value, name);
  return typeof held === "number" ? held : undefined;
}
