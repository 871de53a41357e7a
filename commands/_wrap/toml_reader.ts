/**
 * Where the values of a TOML document stand (toml.io/en/v1.0.0). What they are is left to a real parser, which has found
 * the text valid.
 *
 * @module
 */

/** A value: a string, a list, or anything else. */
export interface TomlValue {
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Of a string: what it says. */
  readonly text?: string | undefined;
  /** Of a list: its items. */
  readonly items?: readonly TomlValue[] | undefined;
  /** Where its key starts. */
  readonly key: number;
}

/** All values by their paths, inline tables gone through. Throws a SyntaxError where it does not understand the text. */
export function tomlValues(text: string): TomlValue[] {
  return new Reader(text).document();
}

const BARE = /[A-Za-z0-9_-]/;

class Reader {
  readonly #text: string;
  readonly #values: TomlValue[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): TomlValue[] {
    let table: string[] = [];
    for (;;) {
      this.#space(true);
      if (this.#at >= this.#text.length) return this.#values;
      if (this.#text[this.#at] === "[") {
        const double = this.#text[this.#at + 1] === "[";
        this.#at += double ? 2 : 1;
        table = this.#keys();
        this.#expect(double ? "]]" : "]");
      } else this.#pair(table);
    }
  }

  #pair(table: readonly string[]): void {
    const key = this.#at;
    const path = [...table, ...this.#keys()];
    this.#expect("=");
    this.#space(false);
    this.#value(path, key);
  }

  #keys(): string[] {
    const keys: string[] = [];
    do {
      this.#space(false);
      const quote = this.#text[this.#at];
      if (quote === '"' || quote === "'") keys.push(this.#string());
      else {
        const start = this.#at;
        while (BARE.test(this.#text[this.#at] ?? "")) this.#at++;
        if (this.#at === start) this.#fail();
        keys.push(this.#text.slice(start, this.#at));
      }
      this.#space(false);
    } while (this.#text[this.#at] === "." && this.#at++ >= 0);
    return keys;
  }

  #value(path: readonly string[], key: number): TomlValue {
    const start = this.#at, first = this.#text[start];
    let value: TomlValue;
    if (first === '"' || first === "'") {
      const text = this.#string();
      value = { path, key, start, end: this.#at, text };
    } else if (first === "[") {
      value = { path, key, start, items: this.#list(path), end: this.#at };
    } else if (first === "{") {
      this.#at++;
      this.#space(true);
      while (this.#text[this.#at] !== "}") {
        this.#pair(path);
        this.#space(true);
        if (this.#text[this.#at] === ",") this.#at++;
        this.#space(true);
        if (this.#at >= this.#text.length) this.#fail();
      }
      this.#at++;
      value = { path, key, start, end: this.#at };
    } else {
      while (!/[\s,\]}#]/.test(this.#text[this.#at] ?? "\n")) this.#at++;
      if (this.#at === start) this.#fail();
      value = { path, key, start, end: this.#at };
    }
    this.#values.push(value);
    return value;
  }

  #list(path: readonly string[]): TomlValue[] {
    const items: TomlValue[] = [];
    this.#at++;
    for (;;) {
      this.#space(true);
      if (this.#text[this.#at] === "]") break;
      items.push(this.#value([...path, String(items.length)], this.#at));
      this.#space(true);
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#text[this.#at] !== "]") this.#fail();
    }
    this.#at++;
    return items;
  }

  #string(): string {
    const quote = this.#text[this.#at] ?? "";
    const long = this.#text.startsWith(quote.repeat(3), this.#at);
    const mark = long ? quote.repeat(3) : quote;
    const start = this.#at + mark.length;
    let end = start;
    for (; !this.#text.startsWith(mark, end); end++) {
      if (end >= this.#text.length) this.#fail();
      if (quote === '"' && this.#text[end] === "\\") end++;
    }
    while (long && this.#text[end + 3] === quote) end++; // up to two quotes may stand before the mark
    this.#at = end + mark.length;
    const inner = this.#text.slice(start, end);
    if (quote === "'" || !inner.includes("\\")) return inner;
    return long ? inner : unescaped(inner);
  }

  #space(lines: boolean): void {
    for (;;) {
      const code = this.#text[this.#at];
      if (code === " " || code === "\t" || code === "\ufeff" || (lines && (code === "\n" || code === "\r"))) this.#at++;
      else if (lines && code === "#") {
        while (this.#at < this.#text.length && this.#text[this.#at] !== "\n") this.#at++;
      } else return;
    }
  }

  #expect(text: string): void {
    if (!this.#text.startsWith(text, this.#at)) this.#fail();
    this.#at += text.length;
  }

  #fail(): never {
    throw new SyntaxError(`line ${this.#text.slice(0, this.#at).split("\n").length} is not understood`);
  }
}

/** The escapes of a basic string. */
function unescaped(text: string): string {
  return text.replace(/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)/g, (_, code: string) => {
    if (/^[uU]./.test(code)) return String.fromCodePoint(parseInt(code.slice(1), 16));
    return { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\x1b" }[code] ?? code;
  });
}
