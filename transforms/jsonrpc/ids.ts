/**
 * Ids and the keys by which requests and responses find each other.
 *
 * @module
 */
import type { JsonRpcId } from "../../pipeline/event.ts";
import { type Envelope, IdKind } from "../../protocols/jsonrpc/mod.ts";

/**
 * Two ids have the same key if JSON-RPC says that they are the same: the string "1" is not the number 1. Numbers that
 * a double cannot hold, and those written in an unusual way (1.0, 1e3), keep their text: as `#` and that text, so a
 * string that begins with `#` gets one more.
 */
export type Key = number | string;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const BACKSLASH = 0x5c;

/** The id that the scan found. Undefined if there is none that JSON-RPC allows. */
export function readId(bytes: Uint8Array, { idKind, id, idStart, idEnd }: Envelope): JsonRpcId | undefined {
  switch (idKind) {
    case IdKind.integer:
      return id;
    case IdKind.number:
      return Number(decoder.decode(bytes.subarray(idStart, idEnd)));
    case IdKind.string:
      return readString(bytes, idStart, idEnd);
    case IdKind.null:
      return null;
    default:
      return undefined;
  }
}

/** The key of an id that {@linkcode readId} returned. Undefined for null, which pairs with nothing. */
export function keyOf(bytes: Uint8Array, envelope: Envelope, id: JsonRpcId | undefined): Key | undefined {
  if (envelope.idKind === IdKind.integer) return envelope.id;
  if (id === null || id === undefined) return undefined;
  if (typeof id === "string") return id.startsWith("#") ? `#${id}` : id;
  const text = decoder.decode(bytes.subarray(envelope.idStart, envelope.idEnd));
  return String(id) === text ? id : `#${text}`;
}

/** The key under which a peer may have meant the same id that mixes up numbers and strings, or 1 and 1.0. */
export function otherKey(key: Key): Key | undefined {
  if (typeof key === "number") return String(key);
  const text = key.startsWith("#") ? key.slice(1) : key;
  const number = Number(text);
  return text !== "" && Number.isSafeInteger(number) && (key !== text || String(number) === text) ? number : undefined;
}

/** The string whose quotes are at `start` and `end - 1`. */
export function readString(bytes: Uint8Array, start: number, end: number): string {
  const escaped = bytes.subarray(start, end).includes(BACKSLASH);
  return escaped
    ? String(JSON.parse(decoder.decode(bytes.subarray(start, end))))
    : decoder.decode(bytes.subarray(start + 1, end - 1));
}
