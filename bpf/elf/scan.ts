/**
 * Searches in long parts of a file, in slices.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { ByteFile } from "./file.ts";
import type { Pace } from "./pace.ts";

/** Bytes looked at in one go: about a millisecond for a dozen needles. */
const CHUNK = 1 << 18;

/** A part of a file. */
export interface Range {
  readonly offset: number;
  readonly size: number;
}

/** Where a needle was found: `chunk[at]` is its first byte, and stands at `offset` in the file. */
export interface Found {
  readonly needle: number;
  readonly offset: number;
  readonly chunk: Buffer;
  readonly at: number;
}

/**
 * Calls `found` for every occurrence of every needle (no longer than 256 bytes). `around` bytes of the range are in the
 * chunk before and after it, where there are as many. Ends early when `found` returns true.
 */
export async function occurrences(
  file: ByteFile,
  range: Range,
  needles: readonly Uint8Array[],
  pace: Pace,
  found: (found: Found) => boolean | void,
  around = 0,
): Promise<void> {
  const overlap = 256 + around;
  const end = range.offset + range.size;
  for (let start = range.offset; start < end; start += CHUNK) {
    const from = Math.max(range.offset, start - around);
    const bytes = file.read(from, Math.min(start + CHUNK + overlap, end) - from);
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = start - from;
    for (let needle = 0; needle < needles.length; needle++) {
      const bytes = needles[needle]!;
      for (let at = chunk.indexOf(bytes, first); at >= 0 && at < first + CHUNK; at = chunk.indexOf(bytes, at + 1)) {
        if (found({ needle, offset: from + at, chunk, at })) return;
      }
    }
    await pace.rest();
  }
}
