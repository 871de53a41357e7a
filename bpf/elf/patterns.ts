/**
 * Finds functions in programs without symbols by the bytes that they start with.
 *
 * A pattern is the machine code of a function from its first byte on, in hexadecimal, with `??` where it differs from build
 * to build: addresses, line numbers, distances of jumps that leave the pattern. A result counts only if it is the only one.
 *
 * A search goes through all code once, whatever the number of patterns: 100 MiB take some 0.1 s.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** Functions that patterns are kept for. */
export type PatternFunction = "SSL_read" | "SSL_write" | "SSL_free";

/** One build's form of one function. */
export interface Pattern {
  readonly fn: PatternFunction;
  readonly machine: "x86_64" | "aarch64";
  /** The function's first bytes: two hexadecimal digits or `??` each, separated by spaces. */
  readonly bytes: string;
  /** The programs it was taken from. */
  readonly from: string;
}

/** Where a function starts. */
export interface PatternMatch {
  readonly fn: PatternFunction;
  /** Offset in the file of the function's first byte. */
  readonly offset: number;
  /** The programs that the pattern was taken from. */
  readonly from: string;
}

/** A part of a file. */
export interface PatternRange {
  readonly offset: number;
  readonly size: number;
}

/** A file and the parts of it to be searched. */
export interface PatternImage {
  readonly segments: readonly PatternRange[];
  /** The bytes from an offset on; fewer where the file ends. They may change with the next call. */
  read(offset: number, length: number): Uint8Array;
}

/** Waits for a turn of the event loop when it is time for one; called about once a millisecond of work. */
export type Rest = () => Promise<void> | undefined;

/** Bytes searched in one go. */
const SLICE = 1 << 20;
/** Where functions start: at multiples of this, in all builds seen. It makes the search sixteen times shorter. */
const ALIGNMENT = 16;
/** Bytes of a pattern that are looked for; the rest is compared where they are found. */
const WORD = 4;
/** Below this much code a program has no TLS library of its own in it that is worth a search. */
const MIN_CODE = 4 << 20;
/** Most bytes searched: of code for patterns, of constants for the marker. The largest program seen has 113 MiB of code. */
const MAX_CODE = 512 << 20, MAX_CONSTANTS = 128 << 20;
/** The source file's name that BoringSSL's error records have, whatever the folder it was built in. OpenSSL's ends in `.c`. */
const MARKER = Buffer.from("ssl_lib.cc\0", "latin1");

interface Compiled {
  readonly pattern: Pattern;
  /** -1 is a wildcard. */
  readonly bytes: Int16Array;
}

/**
 * True if a program may have BoringSSL inside: it is large, and its constants name BoringSSL's source. Without it, a search
 * for patterns is wasted; with it, a search without result means a build that the table lacks.
 *
 * @param code The segments with code
 * @param constants The segments of the file that are neither code nor writable
 */
export async function worthScanning(
  code: readonly PatternRange[],
  constants: PatternImage,
  rest: Rest = noRest,
): Promise<boolean> {
  if (code.reduce((sum, segment) => sum + segment.size, 0) < MIN_CODE) return false;
  let left = MAX_CONSTANTS;
  for (const { offset, size } of constants.segments) {
    const searched = Math.min(left, size);
    for await (const { chunk } of slices(constants, { offset, size: searched }, MARKER.length - 1, rest)) {
      if (chunk.includes(MARKER)) return true;
    }
    left -= searched;
  }
  return false;
}

/**
 * Where the table's functions are. Undefined unless both `SSL_read` and `SSL_write` were found, and each function found was
 * found in one place only: one half of a conversation is of no use, and a wrong probe is worse than none.
 *
 * @param image The segments with code
 * @param table Patterns of the image's architecture
 */
export async function findPatterns(
  image: PatternImage,
  table: readonly Pattern[],
  rest: Rest = noRest,
): Promise<readonly PatternMatch[] | undefined> {
  const patterns = table.map((pattern) => ({ pattern, bytes: parsePattern(pattern.bytes) }));
  const longest = Math.max(WORD, ...patterns.map(({ bytes }) => bytes.length));
  const found = new Map<PatternFunction, PatternMatch>();
  let left = MAX_CODE;
  for (const segment of image.segments) {
    const searched = { offset: segment.offset, size: Math.min(left, segment.size) };
    left -= searched.size;
    const needles = chooseNeedles(patterns, histogram(image, searched));
    for await (const { chunk, offset } of slices(image, searched, longest, rest)) {
      for (const { pattern, at } of matches(chunk, needles)) {
        const match = found.get(pattern.fn);
        if (match === undefined) found.set(pattern.fn, { fn: pattern.fn, offset: offset + at, from: pattern.from });
        else if (match.offset !== offset + at) return undefined;
      }
    }
  }
  return found.has("SSL_read") && found.has("SSL_write") ? [...found.values()] : undefined;
}

/** The bytes of a pattern, -1 for a wildcard. Throws a `SyntaxError` at what is neither. */
export function parsePattern(text: string): Int16Array {
  return Int16Array.from(text.trim().split(/\s+/), (digits) => {
    if (digits === "??") return -1;
    if (!/^[0-9a-f]{2}$/i.test(digits)) throw new SyntaxError(`not a byte of a pattern: '${digits}'`);
    return parseInt(digits, 16);
  });
}

/** The file's slices in order, from aligned offsets on; each starts at least `overlap` bytes before the last one's end. */
async function* slices(
  image: PatternImage,
  range: PatternRange,
  overlap: number,
  rest: Rest,
): AsyncGenerator<{ readonly chunk: Buffer; readonly offset: number }> {
  const end = range.offset + range.size;
  const first = range.offset - range.offset % ALIGNMENT;
  for (let start = first; start < end; start += SLICE) {
    const bytes = image.read(start, Math.min(SLICE + overlap, end - start));
    if (bytes.length === 0) return; // cut off
    yield { chunk: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: start };
    const pause = rest();
    if (pause !== undefined) await pause;
  }
}

function* matches(chunk: Buffer, needles: readonly Needle[]): Generator<{ pattern: Pattern; at: number }> {
  const aligned = chunk.byteOffset % WORD === 0 ? chunk : Buffer.from(Uint8Array.from(chunk).buffer);
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / WORD));
  for (const { value, within, uses } of needles) {
    for (let k = within / WORD; k < words.length; k += ALIGNMENT / WORD) {
      if (words[k] !== value) continue;
      const at = k * WORD - within;
      for (const { pattern, bytes } of uses) if (fits(chunk, at, bytes)) yield { pattern, at };
    }
  }
}

function fits(chunk: Uint8Array, start: number, bytes: Int16Array): boolean {
  if (start + bytes.length > chunk.length) return false; // in the next slice
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0 && byte !== chunk[start + i]) return false;
  }
  return true;
}

/** How often each byte is in a sample from the segment's middle. */
function histogram(image: PatternImage, { offset, size }: PatternRange): Float64Array {
  const counts = new Float64Array(256).fill(1);
  const sample = image.read(offset + Math.floor(size / 2), Math.min(1 << 16, Math.ceil(size / 2)));
  for (const byte of sample) counts[byte]!++;
  return counts;
}

/** Four bytes that patterns have at the same place. */
interface Needle {
  /** As a little-endian number. */
  readonly value: number;
  /** Where they are in the pattern, a multiple of four. */
  readonly within: number;
  readonly uses: Compiled[];
}

/** For each pattern the word that most patterns share, and of those the rarest. */
function chooseNeedles(patterns: readonly Compiled[], counts: Float64Array): Needle[] {
  const all = new Map<string, Needle>();
  const wordsOf = (compiled: Compiled): Needle[] => {
    const words: Needle[] = [];
    for (let within = 0; within + WORD <= compiled.bytes.length; within += WORD) {
      const word = compiled.bytes.subarray(within, within + WORD);
      if (word.includes(-1)) continue;
      const value = new DataView(Uint8Array.from(word).buffer).getUint32(0, true);
      const key = `${within}:${value}`;
      const needle = all.get(key) ?? { value, within, uses: [] };
      all.set(key, needle);
      words.push(needle);
    }
    return words;
  };
  const candidates = patterns.map(wordsOf);
  const shared = new Map<Needle, number>();
  for (const needle of candidates.flat()) shared.set(needle, (shared.get(needle) ?? 0) + 1);
  const frequency = ({ value }: Needle): number =>
    [0, 8, 16, 24].reduce((sum, shift) => sum + Math.log(counts[(value >>> shift) & 0xff]!), 0);
  const better = (a: Needle, b: Needle): Needle => {
    const more = shared.get(a)! - shared.get(b)!;
    return more > 0 || (more === 0 && frequency(a) < frequency(b)) ? a : b;
  };
  candidates.forEach((words, k) => {
    if (words.length === 0) throw new SyntaxError(`only wildcards in a pattern: '${patterns[k]!.pattern.bytes}'`);
    words.reduce(better).uses.push(patterns[k]!);
  });
  return [...all.values()].filter(({ uses }) => uses.length > 0);
}

const noRest: Rest = () => undefined;
