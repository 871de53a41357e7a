/**
 * What the screen asks of the machine.
 *
 * @module
 */

/** Side effects, apart from the feed's. */
export interface Io {
  /** Puts text on the clipboard of the terminal; false if it is too long. */
  copy(text: string): boolean;
  /** Writes a file that was not there; resolves with its name. Rejects with a sentence. */
  write(path: string, parts: AsyncIterable<string>): Promise<string>;
  /** Goes to the background. */
  suspend(): void;
  /** Draws all anew. */
  redraw(): void;
  /** Ends. */
  quit(): void;
}
