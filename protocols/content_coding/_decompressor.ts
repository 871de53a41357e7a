/**
 * What undoes one coding.
 *
 * @module
 */

/** Undoes one coding piece by piece. */
export interface Decompressor {
  /** It takes no more: bytes came after the end. */
  readonly stuck: boolean;
  /** What comes out now, at most `max` bytes. Throws {@linkcode TooLarge}, or another error if the bytes are bad. */
  write(bytes: Uint8Array, max: number): Uint8Array;
  /** Ends it. False if the end has not come. */
  close(): boolean;
}

/** Thrown by a {@linkcode Decompressor} when more would come out than allowed. */
export class TooLarge extends Error {}
