/**
 * One line of text that is edited, with the keys of a shell.
 *
 * @module
 */
import { type Press, typed } from "./press.ts";

const graphemes = new Intl.Segmenter();

/** Text and a cursor in it. */
export class Editor {
  #text: string;
  #cursor: number;
  readonly #longest: number;

  /** Begins with a text, the cursor at its end. At most `longest` UTF-16 units are taken. */
  constructor(text = "", longest = 4096) {
    this.#text = text;
    this.#cursor = text.length;
    this.#longest = longest;
  }

  get text(): string {
    return this.#text;
  }

  /** Offset in UTF-16 units. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Puts text in the place of what stands from one offset to another, and the cursor behind it. */
  replace(from: number, to: number, text: string): void {
    const changed = this.#text.slice(0, from) + text + this.#text.slice(to);
    if (changed.length > this.#longest) return;
    this.#text = changed;
    this.#cursor = from + text.length;
  }

  /** Takes a key; false if it does not edit. */
  press(press: Press): boolean {
    const cursor = this.#cursor, end = this.#text.length;
    switch (press) {
      case "left":
      case "ctrl-b":
        this.#cursor = this.#before();
        return true;
      case "right":
      case "ctrl-f":
        this.#cursor = this.#after();
        return true;
      case "home":
      case "ctrl-a":
        this.#cursor = 0;
        return true;
      case "end":
      case "ctrl-e":
        this.#cursor = end;
        return true;
      case "backspace":
      case "ctrl-h":
        this.replace(this.#before(), cursor, "");
        return true;
      case "delete":
      case "ctrl-d":
        this.replace(cursor, this.#after(), "");
        this.#cursor = cursor;
        return true;
      case "ctrl-w":
        this.replace(this.#text.slice(0, cursor).trimEnd().lastIndexOf(" ") + 1, cursor, "");
        return true;
      case "ctrl-u":
        this.replace(0, cursor, "");
        return true;
      case "ctrl-k":
        this.replace(cursor, end, "");
        return true;
    }
    const text = typed(press);
    if (text === undefined) return false;
    this.replace(cursor, cursor, text);
    return true;
  }

  #before(): number {
    let start = 0;
    for (const { index } of graphemes.segment(this.#text.slice(0, this.#cursor))) start = index;
    return start;
  }

  #after(): number {
    const [next] = graphemes.segment(this.#text.slice(this.#cursor));
    return this.#cursor + (next?.segment.length ?? 0);
  }
}
