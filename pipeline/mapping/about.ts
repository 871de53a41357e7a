/**
 * What several mappings want to know of events.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { LogicalCall, McpContext } from "../context.ts";
import type { FindingEvent, Json, McpEvent, Process } from "../event.ts";
import { isObject } from "../json.ts";

/** The last message of a call: what a mapping of calls is made of. */
export interface CallEnd {
  /** The message. */
  readonly event: McpEvent;
  /** Its context. */
  readonly context: McpContext;
  /** The call. */
  readonly call: LogicalCall;
}

/** The call that a message ends, if it ends one. */
export function callEnd(event: McpEvent): CallEnd | undefined {
  const { context } = event;
  return context?.call === undefined || !context.endsCall ? undefined : { event, context, call: context.call };
}

/** The tool or prompt that is called; undefined of all else, as URIs may hold what must not be seen. */
export function toolName({ method, name }: LogicalCall): string | undefined {
  return method === "tools/call" || method === "prompts/get" ? name : undefined;
}

/** The URI that is read, as the message at hand has it: it may have been redacted. */
export function resourceUri({ event, call }: CallEnd): string | undefined {
  if (!call.method.startsWith("resources/")) return undefined;
  const params = (event.request ?? event).params;
  const uri = isObject(params) ? params["uri"] : undefined;
  return typeof uri === "string" ? uri : undefined;
}

/** Client and server of a finding or of a call: processes where they run here. */
export function parties(
  { session, process, peer }: Pick<FindingEvent, "session" | "process" | "peer">,
): { readonly client: Process | undefined; readonly server: Process | undefined } {
  if (session === undefined) return { client: peer, server: process };
  return { client: session.clientProcess, server: session.server.process };
}

/** 32 hexadecimal digits that are this finding's own. */
export function findingId({ rule, time, session, call, message }: FindingEvent): string {
  const text = JSON.stringify([rule, time, session?.id, call?.id, message]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** A copy with members of which none is undefined. */
export function defined(values: Readonly<Record<string, Json | undefined>>): { [member: string]: Json } | undefined {
  const entries = Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
