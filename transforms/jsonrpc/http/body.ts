/**
 * Messages in an HTTP body or in one server-sent event.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Message, Seen } from "../../../pipeline/message.ts";
import { envelope, Found, scanMember, scanMessage } from "../../../protocols/jsonrpc/mod.ts";
import { classify, isForeign, malformed } from "../classify.ts";
import { type Key, keyOf } from "../ids.ts";
import type { Options } from "../options.ts";

/** A message and the key of its id; no key if it pairs with nothing. */
export interface Read {
  readonly message: Message;
  readonly key: Key | undefined;
}

/** How a body is read. */
export interface BodyContext {
  /** Its exchange has carried JSON-RPC before: then less is enough to take it for a message gone wrong. */
  readonly isKnown: boolean;
  /** Why it is not whole, as in the http event. */
  readonly incomplete: string | undefined;
}

/** How far into a broken body to look for a sign of JSON-RPC. */
const LOOK = 64 * 1024;
const TAB = 0x09, CR = 0x0d, SPACE = 0x20, BRACKET = 0x5b, BRACE = 0x7b;

/** The messages that `bytes` are; undefined if they are no JSON-RPC. */
export function readBody(seen: Seen, bytes: Uint8Array, how: BodyContext, options: Options): Read[] | undefined {
  if (!isStructure(bytes)) return undefined;
  const found = scanMessage(bytes, 0, bytes.length, options.max_depth);
  if (found === Found.object) return isAlien(how) ? undefined : [read(seen, bytes)];
  if (found === Found.array) return readBatch(seen, bytes, how, options);
  if (found === Found.blank || found === Found.other || !mentions(bytes)) return undefined;
  const reason = how.incomplete === undefined
    ? REASONS[found] ?? "invalid_json"
    : how.incomplete === "bytes_lost"
    ? "bytes_lost"
    : "truncated";
  return [broken(seen, bytes, 0, bytes.length, reason)];
}

const REASONS: Readonly<Record<number, string>> = {
  [Found.invalidUtf8]: "invalid_utf8",
  [Found.tooDeep]: "too_deep",
};

function readBatch(seen: Seen, bytes: Uint8Array, how: BodyContext, options: Options): Read[] | undefined {
  const end = bytes.length, from = envelope.start, to = envelope.end;
  const members: Read[] = [];
  let alien = 0;
  let at = from;
  for (
    let found: number;
    (found = scanMember(bytes, at, end, options.max_depth)) !== Found.blank;
    at = envelope.end
  ) {
    if (members.length === options.max_batch) return [broken(seen, bytes, from, to, "batch_too_long")];
    if (found !== Found.object || isAlien(how)) alien++;
    const member = found === Found.object
      ? read(seen, bytes)
      : broken(seen, bytes, envelope.start, envelope.end, "not_object");
    member.message.warn("batch");
    members.push(member);
  }
  if (members.length === 0) return how.isKnown ? [broken(seen, bytes, from, to, "empty_batch")] : undefined;
  return alien === members.length ? undefined : members;
}

/** What was just scanned. */
function read(seen: Seen, bytes: Uint8Array): Read {
  const message = classify(seen, bytes);
  return { message, key: keyOf(bytes, envelope, message.id) };
}

function broken(seen: Seen, bytes: Uint8Array, start: number, end: number, reason: string): Read {
  return { message: malformed(seen, bytes, start, end, reason), key: undefined };
}

/**
 * True for an object that is no try at JSON-RPC. Over HTTP there is much other JSON with an `id` and an `error`, so it
 * takes a `jsonrpc` member, unless it is the answer to a message.
 */
function isAlien({ isKnown }: BodyContext): boolean {
  return isKnown ? isForeign() : envelope.version === 0;
}

/** True if the first byte that is no space begins an object or an array. */
export function isStructure(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte !== SPACE && (byte < TAB || byte > CR)) return byte === BRACE || byte === BRACKET;
  }
  return false;
}

/** True if the beginning of a body names the member that every JSON-RPC message has. */
export function mentions(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LOOK)).includes('"jsonrpc"');
}
