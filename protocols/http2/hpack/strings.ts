/**
 * Turns string literals (RFC 7541 section 5.2) into strings, and remembers some.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { decodedRoom, decodeHuffman } from "./huffman.ts";

/** `latin1Slice` is the fastest way to a string of some length, and missing in the types. */
type Latin1Buffer = Buffer & { latin1Slice(start: number, end: number): string };

/** Literals of up to so many bytes are remembered, in so many places. They are the same for all connections. */
const LONGEST = 64, PLACES = 1024;
const strings: (string | undefined)[] = new Array(PLACES).fill(undefined);
const lengths = new Uint8Array(PLACES);
const literals = new Uint8Array(PLACES * LONGEST);
let scratch = Buffer.alloc(1024) as Latin1Buffer;

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
  const room = huffman ? decodedRoom(end - start) : end - start;
  if (room > scratch.length) scratch = Buffer.alloc(room * 2) as Latin1Buffer;
  let length = room;
  if (huffman) length = decodeHuffman(buffer, start, end, scratch);
  else scratch.set(buffer.subarray(start, end));
  return length < 0 ? undefined : scratch.latin1Slice(0, length);
}
