/**
 * Turns string literals (RFC 7541 section 5.2) into strings, and remembers some.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { decodedRoom, decodeHuffman } from "./huffman.ts";

type Slice = (this: Uint8Array, start: number, end: number) => string;
/** The fastest way to a string of some length; it works on any Uint8Array, and is missing in the types. */
const { latin1Slice } = Buffer.prototype as unknown as { readonly latin1Slice: Slice };

/** Literals of up to so many bytes are remembered, in so many places. They are the same for all connections. */
const LONGEST = 64, PLACES = 1024;
const strings: (string | undefined)[] = new Array(PLACES).fill(undefined);
const lengths = new Uint8Array(PLACES);
const literals = new Uint8Array(PLACES * LONGEST);
let scratch = new Uint8Array(1024);

/** The string whose literal is `buffer[start, end)`; undefined if it is not in the Huffman code and should be. */
export function readString(buffer: Uint8Array, start: number, end: number, huffman: boolean): string | undefined {
  const length = end - start;
  if (length === 0) return "";
  if (length > LONGEST) return decode(buffer, start, end, huffman);
  let hash = huffman ? length : ~length;
  for (let k = start; k < end; k++) hash = Math.imul(hash ^ buffer[k]!, 0x01000193); // FNV-1a
  const place = (hash ^ hash >>> 15) & (PLACES - 1);
  const mark = huffman ? length | 128 : length, from = place * LONGEST;
  if (lengths[place] === mark && equal(buffer, start, from, length)) return strings[place];
  const string = decode(buffer, start, end, huffman);
  if (string === undefined) return undefined;
  for (let k = 0; k < length; k++) literals[from + k] = buffer[start + k]!;
  lengths[place] = mark;
  strings[place] = string;
  return string;
}

function equal(buffer: Uint8Array, start: number, from: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (buffer[start + k] !== literals[from + k]) return false;
  return true;
}

function decode(buffer: Uint8Array, start: number, end: number, huffman: boolean): string | undefined {
  if (!huffman) return latin1Slice.call(buffer, start, end);
  const room = decodedRoom(end - start);
  if (room > scratch.length) scratch = new Uint8Array(room * 2);
  const length = decodeHuffman(buffer, start, end, scratch);
  return length < 0 ? undefined : latin1Slice.call(scratch, 0, length);
}
