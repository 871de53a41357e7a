/**
 * Searches what an event says, without regard to case.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { ByteSearch } from "../../protocols/byte_search/mod.ts";
import type { Event, McpEvent } from "../event.ts";
import type { Pattern } from "./ast.ts";
import type { Answer } from "./field.ts";
import { finder } from "./glob.ts";

type Slice = (this: Uint8Array, start: number, end: number) => string;
const { utf8Slice } = Buffer.prototype as unknown as { readonly utf8Slice: Slice };

/** Texts that stand in JSON as they are, unless they are escaped without need. */
const SIMPLE = /^[\x20-\x7e]+$/;
const AS_ESCAPED = /["\\/]/;
/** Groups of the search. */
const FOUND = 1, ESCAPE = 2;

/** Makes the search for a pattern. */
export function searcher(pattern: Pattern): (event: Event) => Answer {
  const inText = finder(pattern);
  const inMessage = messageSearch(pattern, inText);
  const inBody = bytesSearch(pattern, inText);
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
          (body !== undefined && inBody(body, 0, body.length));
      }
      case "chunk":
        return inBody(event.buffer, event.start, event.end);
      case "finding":
        return any(event.message, event.evidence) || (event.event !== undefined && inMessage(event.event));
      case "gap":
        return any(event.message) || undefined; // what was lost may have held it
    }
  };
}

/** Searches a message's JSON: as it stands there and, where it has escapes, also what they stand for. */
function messageSearch(pattern: Pattern, inText: (lower: string) => boolean): (message: McpEvent) => boolean {
  const decoded = ({ buffer, start, end }: McpEvent) => {
    const raw = utf8Slice.call(buffer, start, end);
    return inText(raw.toLowerCase()) || (raw.includes("\\") && inText(unescape(raw).toLowerCase()));
  };
  const literal = simple(pattern);
  if (literal === undefined) return decoded;
  const search = new ByteSearch([[literal], AS_ESCAPED.test(literal) ? ["\\"] : [{ escape: true }]]);
  return (message) => {
    const found = search.search(message.buffer, message.start, message.end);
    return (found & FOUND) !== 0 || ((found & ESCAPE) !== 0 && decoded(message));
  };
}

function bytesSearch(
  pattern: Pattern,
  inText: (lower: string) => boolean,
): (buffer: Uint8Array, start: number, end: number) => boolean {
  const literal = simple(pattern);
  if (literal === undefined) return (buffer, start, end) => inText(utf8Slice.call(buffer, start, end).toLowerCase());
  const search = new ByteSearch([[literal]]);
  return (buffer, start, end) => search.search(buffer, start, end) !== 0;
}

/** The pattern's text, if it has no wildcards and is ASCII that is not hidden by escapes other than `\u`. */
function simple(pattern: Pattern): string | undefined {
  const [text] = pattern;
  return pattern.length === 1 && typeof text === "string" && SIMPLE.test(text) ? text : undefined;
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
