/**
 * Lines that begin in the middle of another.
 *
 * @module
 */
import { Buffer } from "node:buffer";

const BEGINNING = '{"event":{';
/** How many places are tried. */
const TRIES = 4;

/**
 * Where a whole line of BlueRock's envelope may begin within `bytes[start, end)`, a line that is no JSON: a writer died in
 * the middle of a line, and another with the same pid went on behind it. In that order, none of them at `start`.
 */
export function beginnings(bytes: Uint8Array, start: number, end: number): number[] {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  const found: number[] = [];
  for (let at = line.indexOf(BEGINNING, 1, "latin1"); at > 0 && found.length < TRIES;) {
    found.push(start + at);
    at = line.indexOf(BEGINNING, at + 1, "latin1");
  }
  return found;
}
