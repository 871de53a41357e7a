/**
 * What `_meta` says: the names of its members, and readers for them. All of them take any JSON.
 *
 * Source: `modelcontextprotocol/modelcontextprotocol` at b0f60ba5, `schema/draft/schema.ts` (RequestMetaObject,
 * ResultMetaObject, NotificationMetaObject), and `schema/2025-11-25/schema.ts` for related tasks.
 *
 * @module
 */
import type { Implementation } from "../../pipeline/context.ts";
import type { Json } from "../../pipeline/event.ts";
import { asObject, type JsonObject, member, textMember } from "./json.ts";

/** What the names of MCP's own members begin with. */
const PREFIX = "io.modelcontextprotocol/";

/** The names. */
export const META = {
  protocolVersion: `${PREFIX}protocolVersion`,
  clientInfo: `${PREFIX}clientInfo`,
  clientCapabilities: `${PREFIX}clientCapabilities`,
  logLevel: `${PREFIX}logLevel`,
  serverInfo: `${PREFIX}serverInfo`,
  subscriptionId: `${PREFIX}subscriptionId`,
  relatedTask: `${PREFIX}related-task`,
  progressToken: "progressToken",
  traceparent: "traceparent",
  tracestate: "tracestate",
  baggage: "baggage",
} as const;

/** Longest name, title or version of a party that is kept, in UTF-16 units. */
const LONGEST = 256;

/** `_meta` of params or a result. */
export function metaOf(value: Json | undefined): JsonObject | undefined {
  return asObject(member(value, "_meta"));
}

/** A `clientInfo` or `serverInfo`; undefined if it has no name. */
export function implementationOf(value: Json | undefined): Implementation | undefined {
  const name = textMember(value, "name");
  if (name === undefined) return undefined;
  return { name: cut(name), title: cutMember(value, "title"), version: cutMember(value, "version") };
}

/** The revision that a client asks for in `initialize`, or that the server settles on in the answer. */
export function protocolVersionOf(value: Json | undefined): string | undefined {
  return cutMember(value, "protocolVersion");
}

/** Who the server is, in the answer to `initialize`, or in `_meta` of any result since 2026-07-28. */
export function serverInfoOf(result: Json | undefined): Implementation | undefined {
  return implementationOf(member(metaOf(result), META.serverInfo) ?? member(result, "serverInfo"));
}

/** Who the client is, in `initialize`, or in `_meta` of any request since 2026-07-28. */
export function clientInfoOf(params: Json | undefined): Implementation | undefined {
  return implementationOf(member(metaOf(params), META.clientInfo) ?? member(params, "clientInfo"));
}

/** The task that a message belongs to, in 2025-11-25. */
export function relatedTaskOf(value: Json | undefined): string | undefined {
  return textMember(metaOf(value), META.relatedTask, "taskId");
}

/** A progress token as it was sent: in a request's `_meta`, or in `notifications/progress` itself. */
export function progressTokenOf(value: Json | undefined): string | number | undefined {
  const token = member(metaOf(value), META.progressToken) ?? member(value, META.progressToken);
  return typeof token === "string" || typeof token === "number" ? token : undefined;
}

function cutMember(value: Json | undefined, name: string): string | undefined {
  const text = textMember(value, name);
  return text === undefined ? undefined : cut(text);
}

function cut(text: string): string {
  return text.length > LONGEST ? text.slice(0, LONGEST) : text;
}
