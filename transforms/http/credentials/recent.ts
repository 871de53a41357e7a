/**
 * A small memory of results.
 *
 * @module
 */

/** Entries of one generation. */
const MOST = 256;
/** Longest key in UTF-16 units that is remembered. */
const LONGEST = 1024;

/** Results by text, in two generations: at most {@linkcode MOST} of each; what is asked for again stays. */
export class Recent<Value> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** The result for this text; `make` makes it if it is not remembered. */
  get(text: string, make: (text: string) => Value): Value {
    let value = this.#young.get(text);
    if (value !== undefined) return value;
    value = this.#old.get(text) ?? make(text);
    if (text.length > LONGEST) return value;
    if (this.#young.size >= MOST) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, value);
    return value;
  }
}
