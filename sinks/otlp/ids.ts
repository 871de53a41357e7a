/**
 * Ids of spans. They are made of what is seen of a call, and so are the same when the same call is read again: after a
 * crash, or from the same capture. MurmurHash3 (x86, 128 bits, by A. Appleby, public domain), over words.
 *
 * @module
 */
import type { JsonRpcId } from "../../pipeline/event.ts";

const C1 = 0x239b961b, C2 = 0xab0e9789, C3 = 0x38b34ae5, C4 = 0xa1e38b93;

/** What an id is made of. */
export interface Origin {
  /** When the call began, in milliseconds since the epoch. */
  readonly time: number;
  /** Of its request. */
  readonly id: JsonRpcId | undefined;
  /** Who asks and who is asked; 0 where unknown. */
  readonly from: number;
  readonly to: number;
  /** A hash of the rest: its method, and the port that it came from. */
  readonly what: number;
}

const double = new Float64Array(1), words = new Uint32Array(double.buffer);

/** The ids of one call: four words of the trace, two each of the client's span, the server's, and the caller's. */
export const ids: Uint32Array = new Uint32Array(10);

/** Where each begins in {@linkcode ids}. */
export const TRACE = 0, CLIENT = 4, SERVER = 6, PARENT = 8;

/** Sets {@linkcode ids}. */
export function makeIds({ time, id, from, to, what }: Origin): void {
  double[0] = time;
  let h1 = 0x6d637073, h2 = 0x6f6e6465, h3 = what | 0, h4 = 0;
  for (let block = 0; block < 2; block++) {
    let k1 = block === 0 ? words[0]! : from, k2 = block === 0 ? words[1]! : to;
    let k3 = block === 0 ? idHash(id) : typeof id === "string" ? id.length : 1, k4 = what | 0;
    k1 = Math.imul(rotl(Math.imul(k1, C1), 15), C2);
    h1 = Math.imul(rotl(h1 ^ k1, 19) + h2, 5) + 0x561ccd1b | 0;
    k2 = Math.imul(rotl(Math.imul(k2, C2), 16), C3);
    h2 = Math.imul(rotl(h2 ^ k2, 17) + h3, 5) + 0x0bcaa747 | 0;
    k3 = Math.imul(rotl(Math.imul(k3, C3), 17), C4);
    h3 = Math.imul(rotl(h3 ^ k3, 15) + h4, 5) + 0x96cd1c35 | 0;
    k4 = Math.imul(rotl(Math.imul(k4, C4), 18), C1);
    h4 = Math.imul(rotl(h4 ^ k4, 13) + h1, 5) + 0x32ac3b17 | 0;
  }
  h1 = h1 + h2 + h3 + h4 | 0;
  h2 = h2 + h1 | 0, h3 = h3 + h1 | 0, h4 = h4 + h1 | 0;
  h1 = mix(h1), h2 = mix(h2), h3 = mix(h3), h4 = mix(h4);
  h1 = h1 + h2 + h3 + h4 | 0;
  h2 = h2 + h1 | 0, h3 = h3 + h1 | 0, h4 = h4 + h1 | 0;
  ids[0] = h1, ids[1] = h2, ids[2] = h3, ids[3] = h4 | 1; // an id of zeros is none
  ids[4] = mix(h1 ^ 0x434c4945), ids[5] = mix(h2 ^ 0x4e545350) | 1;
  ids[6] = mix(h3 ^ 0x53455256), ids[7] = mix(h4 ^ 0x45525350) | 1;
}

/** Sets those of the trace and of the caller, which are lower-case hex. */
export function joinTrace(traceId: string, spanId: string): void {
  for (let k = 0; k < 4; k++) ids[TRACE + k] = word(traceId, k * 8);
  for (let k = 0; k < 2; k++) ids[PARENT + k] = word(spanId, k * 8);
}

/** Some of {@linkcode ids} as hex. */
export function hexOf(from: number, count: 2 | 4): string {
  let text = "";
  for (let k = from; k < from + count; k++) text += ids[k]!.toString(16).padStart(8, "0");
  return text;
}

/** FNV-1a over a text's code units. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return hash;
}

function idHash(id: JsonRpcId | undefined): number {
  if (typeof id === "string") return textHash(id);
  if (typeof id !== "number") return 0;
  return Number.isInteger(id) && Math.abs(id) < 2 ** 31 ? id | 0 : textHash(String(id));
}

function word(hex: string, from: number): number {
  let value = 0;
  for (let k = from; k < from + 8; k++) {
    const code = hex.charCodeAt(k);
    value = value << 4 | (code < 0x3a ? code - 0x30 : code - 0x57);
  }
  return value;
}

function rotl(value: number, bits: number): number {
  return value << bits | value >>> 32 - bits;
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return h ^ h >>> 16;
}
