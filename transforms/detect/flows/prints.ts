/**
 * Fingerprints of text: hashes of some of its stretches, chosen by their own value, so that a stretch that two texts share
 * is chosen in both (U. Manber, "Finding similar files in a large file system", 1994; S. Schleimer et al., "Winnowing",
 * 2003).
 *
 * Text is JSON as it was sent. Only letters, digits and what is not ASCII count, letters in lower case; escapes are
 * skipped: so it does not matter how the text is quoted, indented or broken into lines.
 *
 * @module
 */

/** Characters in a stretch. The hash relies on it being 32. */
export const STRETCH = 32;
/** One stretch in so many is chosen: a power of two. */
export const ONE_IN = 8;

/** What counts of a byte: 0 if nothing. */
const COUNTS = new Uint8Array(256);
/** Random numbers by byte: for a hash by cyclic polynomial (J. Cohen, 1997). */
const RANDOM = new Int32Array(256);
{
  let state = 0x2545f491;
  for (let byte = 0; byte < 256; byte++) {
    const isCapital = byte >= 0x41 && byte <= 0x5a, isSmall = byte >= 0x61 && byte <= 0x7a;
    if (isCapital) COUNTS[byte] = byte | 0x20;
    else if (isSmall || (byte >= 0x30 && byte <= 0x39) || byte >= 0x80) COUNTS[byte] = byte;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    RANDOM[byte] = Math.imul(state, 0x9e3779b1);
  }
}
const BACKSLASH = 0x5c, SMALL_U = 0x75;
/** Letters of escapes: of JSON's, also where JSON stands in a string of JSON. */
const ESCAPES = new Set([..."nrtbf"].map((letter) => letter.charCodeAt(0)));

/** The fingerprints of one text, reused from text to text. */
export class Prints {
  /** How many there are. */
  count = 0;
  /** Characters that counted. */
  length = 0;
  /** The hashes, unsigned. */
  readonly hashes: Uint32Array;
  /** How many characters counted up to the end of each stretch. */
  readonly places: Uint32Array;
  /** Offset in the buffer just past each stretch. */
  readonly offsets: Uint32Array;
  readonly #last = new Uint8Array(STRETCH);

  /** Room for so many. */
  constructor(capacity: number) {
    this.hashes = new Uint32Array(capacity);
    this.places = new Uint32Array(capacity);
    this.offsets = new Uint32Array(capacity);
  }

  /** Takes those of `buffer[from, to)`, as many as there is room for. */
  take(buffer: Uint8Array, from: number, to: number): void {
    const last = this.#last, capacity = this.hashes.length;
    let count = 0, length = 0, hash = 0, previous = 0;
    for (let at = from; at < to; at++) {
      const byte = buffer[at]!;
      if (byte === BACKSLASH) {
        while (buffer[at + 1] === BACKSLASH) at++;
        const letter = buffer[at + 1]!;
        if (letter === SMALL_U) at += 5;
        else if (ESCAPES.has(letter)) at++;
        continue;
      }
      const counts = COUNTS[byte]!;
      if (counts === 0) continue;
      const slot = length++ % STRETCH;
      // 32 steps turn a number of 32 bits once around: what leaves does so as it came.
      hash = (hash << 1 | hash >>> 31) ^ RANDOM[counts]! ^ (length > STRETCH ? RANDOM[last[slot]!]! : 0);
      last[slot] = counts;
      // Stretches of one character over and over are no text. A product has the best of its bits on top.
      const mixed = Math.imul(hash, 0x85ebca6b);
      if (length < STRETCH || mixed >>> 29 !== 0 || mixed === previous) continue;
      this.hashes[count] = previous = mixed;
      this.places[count] = length;
      this.offsets[count] = at + 1;
      if (++count === capacity) break;
    }
    this.count = count;
    this.length = length;
  }
}
