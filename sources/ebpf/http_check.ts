/**
 * Is an HTTP connection of interest? Looks for signs of MCP, of what leads up to it, or of a model's API.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** Exchanges without a sign before a connection is given up. */
const MAX_EXCHANGES = 8;
/** Bytes without a sign, both ways together. */
const MAX_BYTES = 256 << 10;
/** Pieces without a sign: for HTTP/2, whose exchanges are not counted here. */
const MAX_PIECES = 64;
/** Characters kept of a direction, as a sign may be cut in two. */
const TAIL = 32;

/**
 * JSON-RPC in a body, headers of MCP, the old transport's first event, OAuth's discovery and token requests; the paths and
 * bodies of the model APIs of OpenAI, Anthropic, Google, Ollama and those that copy them.
 */
const SIGN = new RegExp(
  [
    '"jsonrpc"',
    "\\bmcp-(?:session-id|protocol-version|method|name)\\b",
    "\\bevent: ?endpoint\\b",
    "/\\.well-known/(?:oauth-|openid-|mcp)",
    "\\bgrant_type=",
    "/v1/(?:messages|responses|complete)\\b",
    "/chat/completions\\b",
    ":(?:stream)?generatecontent\\b",
    "/api/(?:chat|generate)\\b",
    '"model" ?: ?"',
  ].join("|"),
  "i",
);

/** What a piece says of its connection. */
export type Verdict = "confirmed" | "rejected" | "more";

/** Looks at one connection, both directions. */
export class HttpCheck {
  #exchanges = 0;
  #bytes = 0;
  #pieces = 0;
  readonly #tails = new Map<unknown, string>();

  /** Takes the next bytes of a direction; says whether that settles it. */
  push(direction: unknown, buffer: Uint8Array, start: number, end: number): Verdict {
    const text = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start).toString("latin1");
    const tail = this.#tails.get(direction) ?? "";
    if (SIGN.test(tail === "" ? text : tail + text)) return "confirmed";
    this.#tails.set(direction, text.slice(-TAIL));
    this.#bytes += end - start;
    this.#pieces++;
    if (text.startsWith("HTTP/1.") && !text.startsWith("HTTP/1.1 100")) this.#exchanges++;
    const enough = this.#exchanges >= MAX_EXCHANGES || this.#bytes > MAX_BYTES || this.#pieces > MAX_PIECES;
    return enough ? "rejected" : "more";
  }
}

/** A field or a comment of an event stream, maybe after the size of a chunk. */
const EVENTS = /^(?:[0-9a-fA-F]{1,8}\r\n)?(?:event:|data:|id:|retry:|: )/;

/** Does a call look like a part of an event stream that began before capture did? */
export function beginsLikeEvents(buffer: Uint8Array, start: number, end: number): boolean {
  const text = Buffer.from(buffer.buffer, buffer.byteOffset + start, Math.min(end - start, TAIL)).toString("latin1");
  return EVENTS.test(text);
}

/** Does a stream begin like HTTP rather than like lines of JSON? */
export function beginsLikeHttp(buffer: Uint8Array, start: number, end: number): boolean {
  const first = buffer[start];
  return start < end && first !== undefined && first >= 0x41 && first <= 0x5a; // methods, HTTP/1.1 and PRI are capitals
}
