/**
 * Headers that repeat what the body says, since revision 2026-07-28: "Request Metadata" in the specification's
 * `basic/transports/streamable-http`.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { HttpExchange, HttpHeaders, Json } from "../../../pipeline/event.ts";
import { header } from "../../../pipeline/http.ts";
import type { Message } from "../../../pipeline/message.ts";
import type { Annotation } from "./tool_headers.ts";

/** A header that does not agree with the body. */
export interface Mismatch {
  /** As the specification writes it: `Mcp-Name`. */
  readonly header: string;
  /** What the header says, decoded; undefined if it is missing. */
  readonly value: string | undefined;
  /** What the body says; undefined if nothing. */
  readonly body: string | undefined;
}

/** First revision with these headers. */
const SINCE = "2026-07-28";
const REVISION = /^\d{4}-\d\d-\d\d$/;
/** Where the body says its revision, in `params._meta`. */
const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
/** The member of `params` that `Mcp-Name` repeats. */
const NAMED: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};
/** Larger params are not parsed for this. */
const LARGEST = 1024 * 1024;
const OPENING = "=?base64?", CLOSING = "?=";
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const NONE: readonly Mismatch[] = [];

/** True if a message was sent as revision 2026-07-28 or later has it: by its headers or its body. */
export function isModern({ request }: HttpExchange, message: Message): boolean {
  if (request === undefined) return false;
  if (header(request.headers, "mcp-method") !== undefined) return true;
  const version = header(request.headers, "mcp-protocol-version");
  if (version !== undefined) return REVISION.test(version) && version >= SINCE;
  const from = message.from("params");
  if (from < 0) return false;
  const { buffer, byteOffset } = message.buffer;
  return Buffer.from(buffer, byteOffset + from, message.to("params") - from).includes(`"${VERSION_KEY}"`);
}

/** What the headers of a modern request, or a notification, say otherwise than its body. */
export function mismatches(headers: HttpHeaders, message: Message, annotations: readonly Annotation[]): Mismatch[] {
  const { method } = message;
  if (method === undefined || message.to("params") - message.from("params") > LARGEST) return [...NONE];
  const found: Mismatch[] = [];
  const isRequired = message.type === "request";
  const compare = (name: string, body: string | undefined, decode: (text: string) => string = (text) => text) => {
    const sent = header(headers, name.toLowerCase());
    const value = sent === undefined ? undefined : decode(sent);
    if (value === body || value === undefined && !isRequired) return;
    found.push({ header: name, value, body });
  };
  compare("Mcp-Method", method);
  const params = object(message.params);
  const version = object(params?._meta)?.[VERSION_KEY];
  if (isRequired || version !== undefined) compare("MCP-Protocol-Version", text(version));
  const named = NAMED[method];
  if (named !== undefined) compare("Mcp-Name", text(params?.[named]), decoded);
  if (method === "tools/call") {
    for (const { name, path } of annotations) {
      const value = at(params?.arguments, path);
      compare(`Mcp-Param-${name}`, text(value), (sent) => likeNumber(decoded(sent), value));
    }
  }
  return found;
}

/** A header's value without the Base64 sentinel, if it has one. */
export function decoded(value: string): string {
  const isWrapped = value.startsWith(OPENING) && value.endsWith(CLOSING);
  if (!isWrapped || value.length < OPENING.length + CLOSING.length) return value;
  const inner = value.slice(OPENING.length, -CLOSING.length);
  return BASE64.test(inner) ? Buffer.from(inner, "base64").toString("utf8") : value;
}

/** Integers are compared as numbers: `42.0` is 42. */
function likeNumber(sent: string, value: Json | undefined): string {
  return typeof value === "number" && sent.trim() !== "" && Number(sent) === value ? String(value) : sent;
}

function object(value: Json | undefined): { [key: string]: Json } | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** A string, number or boolean as a header has it. */
function text(value: Json | undefined): string | undefined {
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  for (const key of path) {
    const holder = object(value);
    value = holder !== undefined && Object.hasOwn(holder, key) ? holder[key] : undefined;
  }
  return value;
}
