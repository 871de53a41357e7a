/**
 * Patterns with `*` and `?` against text. Case counts for nothing.
 *
 * @module
 */
import { MANY, type Pattern } from "./ast.ts";

/** Tells whether the whole text fits the pattern. */
export function matcher(pattern: Pattern): (text: string) => boolean {
  if (pattern.every((piece) => typeof piece === "string")) {
    const exact = pattern.join(""), wanted = exact.toLowerCase();
    return (text) =>
      text === exact || (text.length === exact.length || !isAscii(exact)) && text.toLowerCase() === wanted;
  }
  const segments = split(pattern);
  return (text) => fits(segments, text.toLowerCase());
}

/** Tells whether the pattern fits some part of the text, which must be in lower case. */
export function finder(pattern: Pattern): (lower: string) => boolean {
  const segments = split([MANY, ...pattern, MANY]);
  return (lower) => fits(segments, lower);
}

/** What stands between two `*`: characters in lower case; undefined for any one. */
type Segment = readonly (string | undefined)[];

function split(pattern: Pattern): readonly Segment[] {
  const segments: (string | undefined)[][] = [[]];
  for (const piece of pattern) {
    const last = segments.at(-1)!;
    if (piece === MANY) segments.push([]);
    else if (typeof piece === "string") last.push(...piece.toLowerCase());
    else last.push(undefined);
  }
  return segments;
}

/**
 * The first segment begins the text, the last ends it, and those between follow each other, each as early as it can be:
 * no way back is needed, so the time is at most that of the text's length times the segment's.
 */
function fits(segments: readonly Segment[], text: string): boolean {
  const first = segments[0]!;
  let at = lengthAt(first, text, 0);
  if (segments.length === 1) return at === text.length;
  if (at < 0) return false;
  for (const segment of segments.slice(1, -1)) {
    at = find(segment, text, at);
    if (at < 0) return false;
  }
  return endsWith(segments.at(-1)!, text, at);
}

/** Offset just past the segment's first place at or after `from`; -1 if there is none. */
function find(segment: Segment, text: string, from: number): number {
  if (segment.length === 0) return from;
  const [first] = segment;
  for (let at = from; at < text.length; at++) {
    if (first !== undefined && (at = text.indexOf(first, at)) < 0) return -1;
    const end = lengthAt(segment, text, at);
    if (end >= 0) return end;
  }
  return -1;
}

function endsWith(segment: Segment, text: string, from: number): boolean {
  let end = text.length;
  for (let k = segment.length - 1; k >= 0; k--) {
    const wanted = segment[k];
    if (end <= from) return false;
    const low = end >= 2 && isLow(text.charCodeAt(end - 1)) && isHigh(text.charCodeAt(end - 2));
    const start = end - (low ? 2 : 1);
    if (start < from || (wanted !== undefined && text.slice(start, end) !== wanted)) return false;
    end = start;
  }
  return true;
}

/** Offset just past the segment, if it stands at `at`; else -1. */
function lengthAt(segment: Segment, text: string, at: number): number {
  for (const wanted of segment) {
    if (at >= text.length) return -1;
    if (wanted === undefined) {
      at += isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1)) ? 2 : 1;
    } else {
      if (!text.startsWith(wanted, at)) return -1;
      at += wanted.length;
    }
  }
  return at;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
