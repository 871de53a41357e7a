/**
 * W3C Trace Context, <https://www.w3.org/TR/trace-context/>, section 3.2: `00-<trace id>-<parent id>-<flags>`.
 *
 * @module
 */

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

function isHex(code: number): boolean {
  return code >= 0x30 && code <= 0x39 || code >= 0x61 && code <= 0x66;
}
