/**
 * The few values of an event that receivers search and group by.
 *
 * @module
 */
import type { McpContext } from "../../pipeline/context.ts";
import { parties, toolName } from "../../pipeline/mapping/about.ts";
import type { ChunkEvent, Event, McpEvent } from "../../pipeline/event.ts";
import { shortened } from "../../pipeline/shortened.ts";

/** Longest text among them, in UTF-16 units: peers choose names. */
const LONGEST = 256;

/** By snake_case name, in the terms of docs/jsonl.md. What does not apply is left out. */
export type Facts = Readonly<Record<string, string | number>>;

/** What an event is about. */
export function factsOf(event: Exclude<Event, ChunkEvent>): Facts {
  switch (event.kind) {
    case "mcp":
      return tidy({ type: event.type, transport: event.transport, ...ofMessage(event) });
    case "finding": {
      const { rule, severity, detector, category, call, session } = event;
      const { client, server } = parties(event);
      const of = session ?? call?.request.context?.session;
      return tidy({
        rule,
        severity,
        detector,
        category,
        method: call?.method,
        tool: call && toolName(call),
        server: of?.server.name ?? server?.name,
        client: of?.clientInfo?.name ?? client?.name,
        session: of?.id,
        trace_id: (event.event?.context?.trace ?? call?.request.context?.trace)?.traceId,
      });
    }
    case "gap":
      return tidy({ reason: event.reason });
    case "sensor":
      return tidy({ sensor: event.sensor, name: event.name, process: event.process?.name, method: event.call?.method });
    case "http": {
      const { request, response, client, server } = event.exchange;
      return tidy({
        type: event.type,
        http_method: request?.method || undefined,
        status: response?.status || undefined,
        client: client?.name,
        server: server?.name ?? request?.authority,
      });
    }
  }
}

function ofMessage(event: McpEvent): Record<string, string | number | undefined> {
  const { context, request } = event;
  const trace = context?.trace ?? request?.context?.trace;
  return {
    method: event.method ?? request?.method,
    latency_ms: event.latency === undefined ? undefined : rounded(event.latency),
    ...(context === undefined ? {} : ofContext(context)),
    trace_id: trace?.traceId,
    span_id: trace?.spanId,
  };
}

function ofContext({ session, era, call, endsCall }: McpContext): Record<string, string | number | undefined> {
  const known = {
    server: session.server.name || undefined,
    client: session.clientInfo?.name ?? session.clientProcess?.name,
    session: session.id,
    era,
    tool: call && toolName(call),
  };
  if (call === undefined || !endsCall) return known;
  return {
    ...known,
    outcome: call.outcome,
    error_code: call.errorCode,
    duration_ms: rounded(call.serverTime + call.humanTime),
    server_ms: rounded(call.serverTime),
    human_ms: rounded(call.humanTime),
    bytes_in: call.bytesIn,
    bytes_out: call.bytesOut,
  };
}

/** Without what is not there, and of text no more than the beginning. */
function tidy(values: Readonly<Record<string, string | number | undefined>>): Facts {
  const facts: Record<string, string | number> = {};
  for (const name in values) {
    const value = values[name];
    if (typeof value === "string") facts[name] = shortened(value.toWellFormed(), LONGEST);
    else if (value !== undefined && Number.isFinite(value)) facts[name] = value;
  }
  return facts;
}

function rounded(millis: number): number {
  return Math.round(millis * 1000) / 1000;
}
