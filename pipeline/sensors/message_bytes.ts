/**
 * The bytes of messages that sensors told of.
 *
 * @module
 */
import type { JsonRpcId } from "../event.ts";
import { DEFAULT_DEPTH, envelope, Found, scanMessage } from "../../protocols/jsonrpc/mod.ts";
import type { ToldMessage } from "../../protocols/sensor/mod.ts";

/** Messages share buffers of this size: making one costs more than filling it. */
const SHARED = 64 * 1024;
const ZERO = 0x30, LF = 0x0a, CR = 0x0d, SPACE = 0x20, CLOSE = 0x7d;
const encoder = new TextEncoder();
const VERSION = encoder.encode('"jsonrpc":"2.0",');

/** A line: `buffer[start, end)`, its newline included. */
export interface MessageLine {
  /** Holds the line, and maybe others. */
  readonly buffer: Uint8Array;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset just past the newline. */
  readonly end: number;
}

let slab = new Uint8Array(0);
let used = 0;

/**
 * The message as one line. A bare one, whose sensor leaves out what the SDK adds, gets `jsonrpc`, and `id` unless it is
 * undefined, where they are missing.
 */
export function messageLine({ buffer, from, to, isBare }: ToldMessage, id: JsonRpcId | undefined): MessageLine {
  const isObject = isBare && scanMessage(buffer, from, to, DEFAULT_DEPTH) === Found.object;
  const version = isObject && envelope.version === 0 ? VERSION : EMPTY;
  const ids = isObject && envelope.idStart < 0 && id !== undefined ? idMember(id) : EMPTY;
  const added = version.length + ids.length;
  const start = room(to - from + added + 1);
  const line = slab;
  let at = start;
  if (added > 0) {
    line[at++] = buffer[from]!;
    line.set(version, at);
    line.set(ids, at += version.length);
    at += ids.length;
    const rest = afterSpace(buffer, from + 1);
    if (buffer[rest] === CLOSE) at--; // an empty object: no comma
    line.set(buffer.subarray(rest, to), at);
    at += to - rest;
  } else {
    line.set(buffer.subarray(from, to), at);
    at += to - from;
  }
  for (let k = start; k < at; k++) if (line[k] === LF || line[k] === CR) line[k] = SPACE; // between tokens: it is JSON
  line[at++] = LF;
  used = at;
  return { buffer: line, start, end: at };
}

/** A copy of `bytes[from, to)`, an object, in which 0 stands for one of its values. */
export function without(
  bytes: Uint8Array,
  from: number,
  to: number,
  hole?: { readonly from: number; readonly to: number },
): MessageLine {
  const first = hole === undefined ? to - from : hole.from - from, rest = hole === undefined ? 0 : to - hole.to;
  const start = room(first + 1 + rest), copy = slab;
  copy.set(bytes.subarray(from, from + first), start);
  let end = start + first;
  if (hole !== undefined) {
    copy[end++] = ZERO;
    copy.set(bytes.subarray(hole.to, to), end);
    end += rest;
  }
  used = end;
  return { buffer: copy, start, end };
}

/** A text of our own as a line. */
export function textLine(text: string): MessageLine {
  const bytes = encoder.encode(text);
  return messageLine(
    { ...NOTHING, buffer: bytes, from: 0, to: bytes.length },
    undefined,
  );
}

const EMPTY = new Uint8Array(0);
const NOTHING = {
  id: undefined,
  what: undefined,
  side: undefined,
  isSent: false,
  isBare: false,
  sender: undefined,
  receiver: undefined,
  lane: "",
};

function idMember(id: JsonRpcId): Uint8Array {
  const text = `"id":${typeof id === "number" ? id : JSON.stringify(id)},`;
  if (typeof id !== "number") return encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  return bytes;
}

function afterSpace(bytes: Uint8Array, at: number): number {
  while (bytes[at] === SPACE || bytes[at] === LF || bytes[at] === CR || bytes[at] === 0x09) at++;
  return at;
}

/** Where so many bytes are free in the shared buffer; a large message gets a buffer of its own. */
function room(bytes: number): number {
  if (used + bytes > slab.length) {
    slab = new Uint8Array(Math.max(SHARED, bytes));
    used = 0;
  }
  return used;
}
