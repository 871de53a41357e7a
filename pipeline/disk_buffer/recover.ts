/**
 * What an earlier run has left in a buffer's folder.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { remove } from "./files.ts";
import { HEADER_BYTES, VERSION } from "./header.ts";
import type { Position } from "./position.ts";
import { RECORD_BYTES } from "./record.ts";
import { Segment, SEGMENT_NAME } from "./segment.ts";
import { Walker } from "./walker.ts";

/** What was found. */
export interface Recovered {
  /** The buffer's id, 16 hex digits; a new one if nothing says which it is. */
  readonly id: string;
  /** Segments that have records which are not acknowledged, the oldest first. */
  readonly segments: Segment[];
  /** The number of the first record that is not acknowledged. */
  readonly next: number;
  /** The number that the next new record gets. */
  readonly end: number;
  /** The number after the last record that is known of. */
  readonly after: number;
  /** Bytes that were cut off the end: of a record that was not written whole. */
  readonly torn: number;
  /** Bytes of a last segment of which nothing can be told. */
  readonly lost: number;
}

/** Looks into the folder, cuts a torn end off, removes what is acknowledged. Throws a sentence, or the errors of `node:fs`. */
export function recover(dir: string, position: Position, format: string): Recovered {
  const { found } = position;
  const segments = list(dir);
  const headers = [found, ...segments.map(({ header }) => header)].filter((header) => header !== undefined);
  for (const { version, format: theirs } of headers) {
    if (version !== VERSION) {
      throw new Error(
        `${dir} was written by another version of mcpsonde (its files have version ${version}, expected ${VERSION}). Deliver it with that one, or take another \`buffer_dir\``,
      );
    }
    if (theirs !== format) {
      throw new Error(
        `${dir} has records of another kind of sink (${theirs}, expected ${format}). Take another \`buffer_dir\`, or remove that one`,
      );
    }
  }
  const id = headers[0]?.buffer ?? randomBytes(8).toString("hex");
  segments.forEach((segment, k) => {
    const following = segments[k + 1];
    if (following !== undefined) segment.end = Math.max(segment.first, following.header?.after ?? following.first);
  });
  const last = segments.at(-1);
  const torn = last === undefined ? 0 : settleLast(last);
  const after = last?.end ?? 0;
  // What was cut may have been more than a torn record: the numbers that it may have had are not given again.
  const beyond = last === undefined ? 0 : spare(last, torn);
  const next = Math.max(found?.number ?? 0, segments[0]?.first ?? 0);
  const end = Math.max(next, after + beyond);
  const lost = last !== undefined && last.header === undefined ? last.size : 0;
  const waiting = segments.filter((segment) => {
    const isOver = segment.end <= next || segment.end === segment.first; // or nothing was written to it
    return !isOver || !remove(segment.path);
  });
  return { id, segments: waiting, next, end, after: Math.max(after, next), torn, lost };
}

function list(dir: string): Segment[] {
  const segments: Segment[] = [];
  for (const name of readdirSync(dir).filter((name) => SEGMENT_NAME.test(name)).sort()) {
    const path = join(dir, name);
    const stat = statSync(path);
    if (!stat.isFile()) continue;
    if (stat.size < HEADER_BYTES) remove(path); // a process ended while it made it
    else segments.push(Segment.found(path, parseInt(name, 16), stat.size, stat.mtimeMs));
  }
  return segments;
}

/** Finds the end of the last segment; gives the bytes that were cut. */
function settleLast(segment: Segment): number {
  if (segment.header === undefined) return 0;
  const walker = new Walker(segment.open(), segment.header.salt);
  try {
    while (walker.find(segment.size)) {
      walker.pass();
      segment.end = segment.first + walker.index + 1;
    }
  } finally {
    segment.release();
  }
  const torn = segment.size - walker.good;
  segment.size = walker.good;
  if (torn > 0) segment.cut();
  return torn;
}

function spare({ header, size }: Segment, torn: number): number {
  const bytes = header === undefined ? size : torn;
  return Math.ceil(bytes / RECORD_BYTES);
}
