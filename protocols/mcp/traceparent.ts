/**
 * W3C Trace Context, <https://www.w3.org/TR/trace-context/>, section 3.2: `00-<trace id>-<parent id>-<flags>`.
 *
 * @module
 */
import { readAscii, readString } from "./values.ts";

/** The parts of a `traceparent`. */
export interface Traceparent {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero: the caller's span. */
  readonly spanId: string;
  /** The flags byte. */
  readonly flags: number;
}

const TRACE = 3, SPAN = 36, FLAGS = 53, LENGTH = 55;
const QUOTE = 0x22, DASH = 0x2d, F = 0x66;
/** What a byte is as a lower-case hex digit; -1 if it is none. */
const HEX = Int8Array.from({ length: 256 }, (_, code) => "0123456789abcdef".indexOf(String.fromCharCode(code)));
const NO_TRACE = "0".repeat(32), NO_SPAN = "0".repeat(16);

/** Reads a `traceparent`; undefined if it is not valid. Of versions after 00, what they have more is left out (3.2.4). */
export function parseTraceparent(text: string): Traceparent | undefined {
  const { length } = text;
  if (length < LENGTH || length > LENGTH && (text[LENGTH] !== "-" || text.startsWith("00"))) return undefined;
  for (let at = 0; at < LENGTH; at++) {
    const isDash = at === TRACE - 1 || at === SPAN - 1 || at === FLAGS - 1;
    if (isDash ? text.charCodeAt(at) !== 0x2d : !isHex(text.charCodeAt(at))) return undefined;
  }
  const traceId = text.slice(TRACE, SPAN - 1), spanId = text.slice(SPAN, FLAGS - 1);
  if (text.startsWith("ff") || traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, flags: parseInt(text.slice(FLAGS, LENGTH), 16) };
}

/** That of a JSON string, which is `bytes[from, to)`. Most have just the length of version 00, and are read as bytes. */
export function readTraceparent(bytes: Uint8Array, from: number, to: number): Traceparent | undefined {
  if (to - from !== LENGTH + 2) {
    const text = readString(bytes, from, to);
    return text === undefined ? undefined : parseTraceparent(text);
  }
  const at = from + 1, flags = at + FLAGS;
  if (bytes[from] !== QUOTE || bytes[at + 2] !== DASH || bytes[at + SPAN - 1] !== DASH || bytes[flags - 1] !== DASH) {
    return undefined;
  }
  if (digits(bytes, at, at + 2) < 0 || bytes[at] === F && bytes[at + 1] === F) return undefined;
  if (digits(bytes, at + TRACE, at + SPAN - 1) <= 0 || digits(bytes, at + SPAN, flags - 1) <= 0) return undefined;
  if (digits(bytes, flags, flags + 2) < 0) return undefined;
  const text = readAscii(bytes, at, flags + 2);
  return {
    traceId: text.slice(TRACE, SPAN - 1),
    spanId: text.slice(SPAN, FLAGS - 1),
    flags: HEX[bytes[flags]!]! << 4 | HEX[bytes[flags + 1]!]!,
  };
}

/** The bits that some of the hex digits have; negative if one is none. */
function digits(bytes: Uint8Array, from: number, to: number): number {
  let all = 0;
  for (let at = from; at < to; at++) all |= HEX[bytes[at]!]!;
  return all;
}

function isHex(code: number): boolean {
  return code >= 0x30 && code <= 0x39 || code >= 0x61 && code <= 0x66;
}
