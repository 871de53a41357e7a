/**
 * Finds the members of a JSON-RPC 2.0 message in its bytes without parsing their values.
 *
 * @module
 */
import { INVALID_JSON, skipSpace, skipString, skipValue, TOO_DEEP } from "./json.ts";

/** Default of how deep a message may nest, the message's own object included. */
export const DEFAULT_DEPTH = 256;

/**
 * What {@linkcode scanObject} found: offsets of the members' values, -1 where a member is absent. There is one, and
 * each scan overwrites it: copy what you keep.
 */
export interface Envelope {
  idStart: number;
  idEnd: number;
  methodStart: number;
  methodEnd: number;
  paramsStart: number;
  paramsEnd: number;
  resultStart: number;
  resultEnd: number;
  errorStart: number;
  errorEnd: number;
  /** 0: no `jsonrpc` member; 1: it says "2.0"; 2: it says something else. */
  version: 0 | 1 | 2;
  /** True if a member of the envelope occurs twice. As with `JSON.parse`, the last one counts. */
  duplicate: boolean;
  /** True if there is a member that JSON-RPC does not know. */
  extra: boolean;
}

/** The result of the last scan. */
export const envelope: Envelope = {
  idStart: -1,
  idEnd: -1,
  methodStart: -1,
  methodEnd: -1,
  paramsStart: -1,
  paramsEnd: -1,
  resultStart: -1,
  resultEnd: -1,
  errorStart: -1,
  errorEnd: -1,
  version: 0,
  duplicate: false,
  extra: false,
};

/** Members by a number, so that the hot path compares bytes and nothing else. */
const OTHER = 0, ID = 1, METHOD = 2, PARAMS = 3, RESULT = 4, ERROR = 5, JSONRPC = 6;
const NAMES = ["id", "method", "params", "result", "error", "jsonrpc"];
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Forgets the last scan. */
export function clearEnvelope(): void {
  envelope.idStart =
    envelope.idEnd =
    envelope.methodStart =
    envelope.methodEnd =
      -1;
  envelope.paramsStart =
    envelope.paramsEnd =
    envelope.resultStart =
    envelope.resultEnd =
      -1;
  envelope.errorStart = envelope.errorEnd = -1;
  envelope.version = 0;
  envelope.duplicate = envelope.extra = false;
}

/**
 * Scans the object whose `{` is at `at` and fills {@linkcode envelope}. Returns the offset just past its `}`, or a
 * negative code of `json.ts`; after an error the envelope holds nothing to rely on.
 */
export function scanObject(bytes: Uint8Array, at: number, end: number, depth: number): number {
  clearEnvelope();
  if (depth < 1) return TOO_DEEP;
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === 0x7d) return at + 1;
  let seen = 0;
  for (;;) {
    if (at >= end || bytes[at] !== 0x22) return INVALID_JSON;
    const from = at + 1;
    at = skipString(bytes, from, end);
    if (at < 0) return at;
    const member = memberAt(bytes, from, at - 1);
    if (at < end && bytes[at] !== 0x3a) at = skipSpace(bytes, at, end);
    if (at >= end || bytes[at] !== 0x3a) return INVALID_JSON;
    const start = skipSpace(bytes, at + 1, end);
    at = skipValue(bytes, start, end, depth - 1);
    if (at < 0) return at;
    if (member === OTHER) envelope.extra = true;
    else {
      if ((seen & (1 << member)) !== 0) envelope.duplicate = true;
      seen |= 1 << member;
      keep(bytes, member, start, at);
    }
    at = skipSpace(bytes, at, end);
    if (at >= end) return INVALID_JSON;
    const next = bytes[at++];
    if (next === 0x7d) return at;
    if (next !== 0x2c) return INVALID_JSON;
    at = skipSpace(bytes, at, end);
  }
}

function keep(bytes: Uint8Array, member: number, start: number, end: number): void {
  switch (member) {
    case ID:
      envelope.idStart = start;
      envelope.idEnd = end;
      break;
    case METHOD:
      envelope.methodStart = start;
      envelope.methodEnd = end;
      break;
    case PARAMS:
      envelope.paramsStart = start;
      envelope.paramsEnd = end;
      break;
    case RESULT:
      envelope.resultStart = start;
      envelope.resultEnd = end;
      break;
    case ERROR:
      envelope.errorStart = start;
      envelope.errorEnd = end;
      break;
    case JSONRPC:
      envelope.version = isTwo(bytes, start, end) ? 1 : 2;
  }
}

/** Which member the name in `bytes[from, to)` (without quotes, valid JSON string content) is. */
function memberAt(bytes: Uint8Array, from: number, to: number): number {
  switch (to - from) {
    case 2:
      if (bytes[from] === 0x69 && bytes[from + 1] === 0x64) return ID;
      break;
    case 5: // error
      if (
        bytes[from] === 0x65 && bytes[from + 1] === 0x72 && bytes[from + 2] === 0x72 && bytes[from + 3] === 0x6f &&
        bytes[from + 4] === 0x72
      ) return ERROR;
      break;
    case 6: {
      const a = bytes[from], b = bytes[from + 1], c = bytes[from + 2];
      const d = bytes[from + 3], e = bytes[from + 4], f = bytes[from + 5];
      if (a === 0x6d && b === 0x65 && c === 0x74 && d === 0x68 && e === 0x6f && f === 0x64) return METHOD;
      if (a === 0x70 && b === 0x61 && c === 0x72 && d === 0x61 && e === 0x6d && f === 0x73) return PARAMS;
      if (a === 0x72 && b === 0x65 && c === 0x73 && d === 0x75 && e === 0x6c && f === 0x74) return RESULT;
      break;
    }
    case 7: // jsonrpc
      if (
        bytes[from] === 0x6a && bytes[from + 1] === 0x73 && bytes[from + 2] === 0x6f && bytes[from + 3] === 0x6e &&
        bytes[from + 4] === 0x72 && bytes[from + 5] === 0x70 && bytes[from + 6] === 0x63
      ) return JSONRPC;
  }
  return to - from <= 42 && hasEscape(bytes, from, to) ? NAMES.indexOf(unescape(bytes, from, to)) + 1 : OTHER;
}

/** True if the value is the string "2.0", however it is escaped. */
function isTwo(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== 0x22) return false;
  if (end - start === 5) return bytes[start + 1] === 0x32 && bytes[start + 2] === 0x2e && bytes[start + 3] === 0x30;
  return end - start <= 20 && unescape(bytes, start + 1, end - 1) === "2.0";
}

function hasEscape(bytes: Uint8Array, from: number, to: number): boolean {
  for (; from < to; from++) if (bytes[from] === 0x5c) return true;
  return false;
}

function unescape(bytes: Uint8Array, from: number, to: number): string {
  return String(JSON.parse(`"${decoder.decode(bytes.subarray(from, to))}"`));
}
