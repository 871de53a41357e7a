/**
 * What stages say while a screen is shown: on the screen, and where the pipeline ended by itself, below it afterwards.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { Output } from "../_context.ts";

/** Lines that are kept to be said again. */
const MOST = 50;

/** Standard error, with something in front of it. */
export class Said implements Output {
  readonly #stderr: Output;
  readonly #held: string[] = [];
  #take: ((line: string) => void) | undefined;

  constructor(stderr: Output) {
    this.#stderr = stderr;
  }

  get isTTY(): boolean {
    return this.#stderr.isTTY;
  }

  write(text: string): void {
    if (this.#take === undefined) return this.#stderr.write(text);
    this.#held.push(text);
    if (this.#held.length > MOST) this.#held.shift();
    for (const line of stripVTControlCharacters(text).trimEnd().split("\n")) {
      this.#take(line.replace(/^mcpsonde: /, ""));
    }
  }

  /** From now on lines go to a function. */
  divert(take: (line: string) => void): void {
    this.#take = take;
  }

  /** From now on they go to standard error again; `all`: those that went elsewhere, too. */
  release(all: boolean): void {
    this.#take = undefined;
    if (all) { for (const text of this.#held) this.#stderr.write(text); }
    this.#held.length = 0;
  }
}
