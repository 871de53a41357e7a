/**
 * Searches what an event says, without regard to case.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Event, McpEvent } from "../event.ts";
import type { Pattern } from "./ast.ts";
import type { Answer } from "./field.ts";
import { finder } from "./glob.ts";

type Slice = (this: Uint8Array, start: number, end: number) => string;
const { latin1Slice, utf8Slice } = Buffer.prototype as unknown as {
  readonly latin1Slice: Slice;
  readonly utf8Slice: Slice;
};

/** Texts that stand in JSON as they are, unless they are escaped without need. */
const SIMPLE = /^[\x20-\x7e]+$/;
const AS_ESCAPED = /["\\/]/;

/** Whether a text in lower case has one of the patterns in it. */
type InText = (lower: string) => boolean;
/** Whether bytes do. */
type InBytes = (buffer: Uint8Array, start: number, end: number) => boolean;

/** Makes the search for any of these patterns. */
export function searcher(patterns: readonly Pattern[]): (event: Event) => Answer {
  const finders = patterns.map(finder);
  const inText: InText = (lower) => finders.some((find) => find(lower));
  const literals = patterns.map(simple).filter((text) => text !== undefined);
  const whole = literals.length === patterns.length ? literals : undefined;
  const inMessage = messageSearch(whole, inText);
  const inBytes = bytesSearch(whole, inText);
  const any = (...texts: readonly (string | undefined)[]): boolean =>
    texts.some((text) => text !== undefined && inText(text.toLowerCase()));
  return (event) => {
    switch (event.kind) {
      case "mcp":
        return inMessage(event);
      case "http": {
        const { exchange: { request, response }, body, sse, type } = event;
        const head = type === "request" ? request : response;
        return any(request?.method, request?.target, request?.authority, sse?.data) ||
          (head?.headers.some(([name, value]) => any(`${name}: ${value}`)) ?? false) ||
          (body !== undefined && inBytes(body, 0, body.length));
      }
      case "chunk":
        return inBytes(event.buffer, event.start, event.end);
      case "finding":
        return any(event.message, event.evidence) || (event.event !== undefined && inMessage(event.event));
      case "sensor":
        return any(event.name, JSON.stringify(event.data));
      case "gap":
        return any(event.message) || undefined; // what was lost may have held it
    }
  };
}

/** Searches a message's JSON: as it stands there and, where it has escapes, also what they stand for. */
function messageSearch(literals: readonly string[] | undefined, inText: InText): (message: McpEvent) => boolean {
  const decoded = ({ buffer, start, end }: McpEvent) => {
    const raw = utf8Slice.call(buffer, start, end);
    return inText(raw.toLowerCase()) || (raw.includes("\\") && inText(unescape(raw).toLowerCase()));
  };
  if (literals === undefined) return decoded;
  const escape = literals.some((text) => AS_ESCAPED.test(text)) ? "\\" : "\\u";
  return (message) => {
    const text = latin1(message.buffer, message.start, message.end);
    return hasOne(text, literals) || (text.includes(escape) && decoded(message));
  };
}

function bytesSearch(literals: readonly string[] | undefined, inText: InText): InBytes {
  if (literals === undefined) return (buffer, start, end) => inText(utf8Slice.call(buffer, start, end).toLowerCase());
  return (buffer, start, end) => hasOne(latin1(buffer, start, end), literals);
}

/** In lower case, a character for each byte: three times as fast as UTF-8, and the same as far as it is ASCII. */
function latin1(buffer: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(buffer, start, end).toLowerCase();
}

function hasOne(text: string, literals: readonly string[]): boolean {
  for (const literal of literals) if (text.includes(literal)) return true;
  return false;
}

/** The pattern's text in lower case, if it has no wildcards and is ASCII. */
function simple(pattern: Pattern): string | undefined {
  const [text] = pattern;
  return pattern.length === 1 && typeof text === "string" && SIMPLE.test(text) ? text.toLowerCase() : undefined;
}

const NAMED: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** JSON with the escapes of its strings undone. */
function unescape(json: string): string {
  return json.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|([^]))/g,
    (_, hex: string | undefined, char: string) =>
      hex === undefined ? NAMED[char] ?? char : String.fromCharCode(parseInt(hex, 16)),
  );
}
