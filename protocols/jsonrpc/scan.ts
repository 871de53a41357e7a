/**
 * Finds the members of a JSON-RPC message in its bytes without parsing their values. The work is done by `scan.c`, built
 * to WebAssembly with SIMD: 180 ns for a message of 240 bytes where the best JavaScript found took 550 ns.
 *
 * All of it is synchronous and keeps one result, {@linkcode envelope}, that each scan overwrites.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { TextWindow } from "../text_window.ts";
import { WASM_BASE64 } from "./scan_wasm.ts";

/** Default of how deep a message may nest, the message's own object included. */
export const DEFAULT_DEPTH = 256;

/** What a scan found. Negative: no JSON at all, and the reason. */
export const Found = {
  /** Nothing but space; of {@linkcode scanMember}: no more members. */
  blank: 0,
  /** An object; {@linkcode envelope} holds its members. */
  object: 1,
  /** An array, valid as a whole: walk over it by {@linkcode scanMember}. */
  array: 2,
  /** Something that does not start with a brace or a bracket. Not looked at further. */
  other: 3,
  invalidJson: -1,
  invalidUtf8: -2,
  tooDeep: -3,
} as const;
/** One of the values of {@linkcode Found}. */
export type Found = typeof Found[keyof typeof Found];

/** What kind of value the `id` member is. */
export const IdKind = { none: 0, integer: 1, number: 2, string: 3, null: 4, bad: 5 } as const;

/** Offsets are into the scanned buffer, -1 where a member is absent. */
export interface Envelope {
  /** Where the value starts and ends, without the space around it. */
  start: number;
  end: number;
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
  version: number;
  /** Bits of {@linkcode Flag}. */
  flags: number;
  /** One of {@linkcode IdKind}; `integer` is up to nine digits, its value in `id`. */
  idKind: number;
  id: number;
  /** Number of the method's name: the same bytes always get the same, counting from 0. -1: look at the bytes. */
  method: number;
}

/** Bits of {@linkcode Envelope.flags}. */
export const Flag = {
  /** A member of the envelope occurs twice. As with `JSON.parse`, the last one counts. */
  duplicate: 1,
  /** There is a member that JSON-RPC does not know. */
  extra: 2,
  /** There is a newline or carriage return among the space inside the message. */
  breaks: 4,
  /** `method` is not a string. */
  badMethod: 8,
  /** `params` is neither an object nor an array. */
  badParams: 16,
  /** `error` is null. */
  errorNull: 32,
} as const;

/** The result of the last {@linkcode scanMessage} or {@linkcode scanMember} that found an object. */
export const envelope: Envelope = {
  start: 0,
  end: 0,
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
  flags: 0,
  idKind: IdKind.none,
  id: 0,
  method: -1,
};

interface Exports {
  readonly memory: WebAssembly.Memory;
  result(): number;
  heap(): number;
  message(start: number, end: number, depth: number): Found;
  member(start: number, depth: number): Found;
  newline(start: number, end: number): number;
  intern(start: number, end: number): number;
}

/** Room past the end of the text: the scanner loads 64 bytes at a time. */
const SLACK = 128;
/** How much of a large buffer is taken at once when it is scanned piece by piece. */
const WINDOW = 32 * 1024;

const wasm = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64")))
  .exports as unknown as Exports;
let result: Int32Array = new Int32Array();
const texts = new TextWindow(wasm, {
  size: WINDOW,
  slack: SLACK,
  onMemory: (memory) => result = new Int32Array(memory, wasm.result(), 17),
});

/**
 * Forgets what was copied for earlier scans. To be called whenever a buffer seen before may hold other bytes by now, so
 * at the start of each batch: until then a scan may read a buffer beyond the text it was asked for.
 */
export function forget(): void {
  texts.forget();
}

/**
 * Scans `bytes[start, end)`, space around it aside, as one message or batch nested at most `depth` deep (and 4096).
 * Any bytes will do.
 */
export function scanMessage(bytes: Uint8Array, start: number, end: number, depth: number): Found {
  const at = texts.address(bytes, start, end);
  const found = wasm.message(at, at + end - start, depth);
  if (found === Found.object) take(start - at);
  else {
    envelope.start = result[0]! + start - at;
    envelope.end = result[1]! + start - at;
  }
  return found;
}

/**
 * Scans the next member of an array that {@linkcode scanMessage} found valid: `start` is the array's bracket or the last
 * member's end. Sets `envelope.start` and `end` whatever it finds; anything but an object is `other`.
 */
export function scanMember(bytes: Uint8Array, start: number, end: number, depth: number): Found {
  const at = texts.address(bytes, start, end);
  const found = wasm.member(at, depth);
  if (found === Found.object) take(start - at);
  else {
    envelope.start = result[0]! + start - at;
    envelope.end = result[1]! + start - at;
  }
  return found;
}

/** Offset of the first newline in `bytes[start, end)`, or `end`. */
export function findNewline(bytes: Uint8Array, start: number, end: number): number {
  const at = texts.address(bytes, start, end);
  return wasm.newline(at, at + end - start) + start - at;
}

/** Makes sure that a name has a number, whatever comes later. At most 48 bytes of UTF-8. */
export function internName(name: string): number {
  const bytes = new TextEncoder().encode(name);
  const at = texts.copy(bytes, 0, bytes.length);
  return wasm.intern(at, at + bytes.length);
}

/** Moves the scanner's result to `envelope`. */
function take(shift: number): void {
  const r = result;
  envelope.start = r[0]! + shift;
  envelope.end = r[1]! + shift;
  envelope.idStart = r[2] === 0 ? -1 : r[2]! + shift;
  envelope.idEnd = r[3] === 0 ? -1 : r[3]! + shift;
  envelope.methodStart = r[4] === 0 ? -1 : r[4]! + shift;
  envelope.methodEnd = r[5] === 0 ? -1 : r[5]! + shift;
  envelope.paramsStart = r[6] === 0 ? -1 : r[6]! + shift;
  envelope.paramsEnd = r[7] === 0 ? -1 : r[7]! + shift;
  envelope.resultStart = r[8] === 0 ? -1 : r[8]! + shift;
  envelope.resultEnd = r[9] === 0 ? -1 : r[9]! + shift;
  envelope.errorStart = r[10] === 0 ? -1 : r[10]! + shift;
  envelope.errorEnd = r[11] === 0 ? -1 : r[11]! + shift;
  envelope.version = r[12]!;
  envelope.flags = r[13]!;
  envelope.idKind = r[14]!;
  envelope.id = r[15]!;
  envelope.method = r[16]!;
}
