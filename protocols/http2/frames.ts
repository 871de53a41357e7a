/**
 * Tells HTTP/2 frames from other bytes (RFC 9113 sections 4.1 and 6).
 *
 * @module
 */

/** Frame types; also ALTSVC (RFC 7838), ORIGIN (RFC 8336) and PRIORITY_UPDATE (RFC 9218). */
export const FrameType = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  promise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
  altsvc: 10,
  origin: 12,
  priorityUpdate: 16,
} as const;

/** Bits of a frame's flags. */
export const FrameFlag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

/** Bytes of a frame's header: 24 bits of length, 8 of type, 8 of flags, 1 reserved, 31 of stream. */
export const HEAD_BYTES = 9;
/** What a frame's payload may have unless the receiver allows more. */
const MAX_FRAME = 16384;
/** So many headers in a row, and frames are found. */
const CHAIN = 3;
/** The longest part of a chain of frames that {@linkcode findFrames} may ask to keep. */
export const MAX_UNDECIDED = (CHAIN - 1) * (HEAD_BYTES + MAX_FRAME) + HEAD_BYTES;

/** What a client sends first (RFC 9113 section 3.4). */
export const PREFACE: Uint8Array = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** So much of it is enough to tell. */
const PREFACE_SIGN = 16;

/** Which flags are defined, least and largest length, and whether it goes with a stream: never 0, always 1, either 2. */
interface Shape {
  readonly flags: number;
  readonly least: number;
  readonly most: number;
  readonly stream: 0 | 1 | 2;
}

const SHAPES: readonly (Shape | undefined)[] = shapes();

function shapes(): (Shape | undefined)[] {
  const of: (Shape | undefined)[] = new Array(FrameType.priorityUpdate + 1).fill(undefined);
  const define = (type: number, flags: number, least: number, most: number, stream: 0 | 1 | 2) =>
    of[type] = { flags, least, most, stream };
  define(FrameType.data, 0x09, 0, Infinity, 1);
  define(FrameType.headers, 0x2d, 1, Infinity, 1);
  define(FrameType.priority, 0, 5, 5, 1);
  define(FrameType.reset, 0, 4, 4, 1);
  define(FrameType.settings, 0x01, 0, Infinity, 0);
  define(FrameType.promise, 0x0c, 5, Infinity, 1);
  define(FrameType.ping, 0x01, 8, 8, 0);
  define(FrameType.goaway, 0, 8, Infinity, 0);
  define(FrameType.windowUpdate, 0, 4, 4, 2);
  define(FrameType.continuation, 0x04, 1, Infinity, 1);
  define(FrameType.altsvc, 0, 2, Infinity, 2);
  define(FrameType.origin, 0, 0, Infinity, 0);
  define(FrameType.priorityUpdate, 0, 4, Infinity, 0);
  return of;
}

/**
 * Whether a frame of this kind breaks the connection: wrong length or stream for its type. Unknown types are to be passed
 * over, a PRIORITY of the wrong length too.
 */
export function isBadFrame(type: number, flags: number, length: number, streamId: number): boolean {
  const shape = SHAPES[type];
  if (shape === undefined || type > FrameType.continuation) return false;
  if ((streamId === 0 && shape.stream === 1) || (streamId !== 0 && shape.stream === 0)) return true;
  switch (type) {
    case FrameType.settings:
      return length % 6 !== 0 || (length > 0 && (flags & FrameFlag.ack) !== 0);
    case FrameType.reset:
    case FrameType.ping:
    case FrameType.windowUpdate:
    case FrameType.goaway:
      return length < shape.least || length > shape.most;
    default:
      return false;
  }
}

/** Whether the nine bytes at `at` may well be a frame's header. Stricter than the RFC: known types and flags only. */
export function isLikelyFrame(buffer: Uint8Array, at: number): boolean {
  const length = lengthAt(buffer, at), flags = buffer[at + 4]!, top = buffer[at + 5]!;
  const shape = SHAPES[buffer[at + 3]!];
  if (shape === undefined || length > MAX_FRAME || (flags & ~shape.flags) !== 0 || top >= 0x80) return false;
  const streamId = streamAt(buffer, at);
  if (streamId === 0 ? shape.stream === 1 : shape.stream === 0) return false;
  // Only what was pushed has an even stream, which is rare; a header read from its second byte on often has one.
  if (shape.stream === 1 && streamId % 2 === 0) return false;
  if (length < shape.least || length > shape.most) return false;
  switch (buffer[at + 3]) {
    case FrameType.data: // an empty one is of use at the end only
      return flags === 0 ? length > 0 : (flags & FrameFlag.padded) === 0 || length > 0;
    case FrameType.headers:
      return length > ((flags & FrameFlag.padded) !== 0 ? 1 : 0) + ((flags & FrameFlag.priority) !== 0 ? 5 : 0);
    case FrameType.settings:
      return flags === FrameFlag.ack ? length === 0 : length % 6 === 0;
    default:
      return true;
  }
}

/** Payload length in the frame header at `at`. */
export function lengthAt(buffer: Uint8Array, at: number): number {
  return buffer[at]! << 16 | buffer[at + 1]! << 8 | buffer[at + 2]!;
}

/** Stream in the frame header at `at`. */
export function streamAt(buffer: Uint8Array, at: number): number {
  return (buffer[at + 5]! & 0x7f) << 24 | buffer[at + 6]! << 16 | buffer[at + 7]! << 8 | buffer[at + 8]!;
}

/**
 * Finds the first place in `buffer[start, end)` from which frames follow one another: {@linkcode CHAIN} likely headers in a
 * row, or whole frames up to `end`, given that a write ends there (`exact`). If it takes more bytes to tell, gives the
 * complement (`~place`) of the first place that may be one, and the bytes from there on are to be kept. With `last` there
 * are no more, and two headers are enough if there is nothing better.
 */
export function findFrames(buffer: Uint8Array, start: number, end: number, exact: boolean, last = false): number {
  let maybe = -1;
  for (let at = start; at < end; at++) {
    if (buffer[at] !== 0) continue; // no frame that is looked for has 64 KiB
    const frames = chain(buffer, at, end, exact, last);
    if (frames === CHAIN) return at;
    if (maybe < 0 && frames > (last ? 1 : 0)) maybe = at; // but what is sure comes before it
  }
  if (maybe < 0) return ~end;
  return last ? maybe : ~maybe;
}

/**
 * How many likely headers there are in a row, one of which `end` may cut; CHAIN if that is enough, 0 if something else
 * follows.
 */
function chain(buffer: Uint8Array, start: number, end: number, exact: boolean, last: boolean): number {
  let at = start, block = 0, frames = 0;
  while (frames < CHAIN) {
    if (at === end && exact && (frames > 1 || last || isTelling(buffer, start))) return CHAIN;
    if (end - at < HEAD_BYTES) return mayBegin(buffer, at, end) ? Math.max(frames, 1) : 0;
    if (!isLikelyFrame(buffer, at)) return 0;
    const type = buffer[at + 3]!, streamId = streamAt(buffer, at);
    // Within a header block there is nothing but CONTINUATION, and nowhere else; but the start may be within one.
    if (frames > 0 && (type === FrameType.continuation ? streamId !== block : block !== 0)) return 0;
    const opens = type === FrameType.headers || type === FrameType.promise || type === FrameType.continuation;
    block = opens && (buffer[at + 4]! & FrameFlag.endHeaders) === 0 ? streamId : 0;
    at += HEAD_BYTES + lengthAt(buffer, at);
    frames++;
    if (at > end) break;
  }
  return frames;
}

/**
 * Whether a likely frame by itself is enough. It must be of one of the first 2^24 streams, as text behind a header would
 * make a larger number; and empty DATA has too many zeros, which may belong to two other frames.
 */
function isTelling(buffer: Uint8Array, at: number): boolean {
  return buffer[at + 5] === 0 && (buffer[at + 3] !== FrameType.data || lengthAt(buffer, at) > 0);
}

/** Whether less than nine bytes may begin a likely header. */
function mayBegin(buffer: Uint8Array, at: number, end: number): boolean {
  return at === end || (buffer[at] === 0 && (at + 1 >= end || buffer[at + 1]! <= MAX_FRAME >> 8) &&
    (at + 3 >= end || SHAPES[buffer[at + 3]!] !== undefined));
}

/**
 * Whether `buffer[start, end)` begins a client's connection, or begins with frames as in the midst of one (or at a
 * server's start): two headers, or one and nothing else. Looks at `start` only, and takes `end` for the end of a write:
 * undefined may become `frames` with more bytes.
 */
export function looksLikeHttp2(buffer: Uint8Array, start: number, end: number): "preface" | "frames" | undefined {
  let same = 0;
  while (same < PREFACE.length && start + same < end && buffer[start + same] === PREFACE[same]) same++;
  if (same === PREFACE.length || (same >= PREFACE_SIGN && start + same === end)) return "preface";
  if (end - start < HEAD_BYTES) return undefined;
  const frames = chain(buffer, start, end, true, false);
  return frames >= 2 || (frames === 1 && end - start === HEAD_BYTES) ? "frames" : undefined;
}
