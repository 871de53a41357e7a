/**
 * Goes over JSON in its text, string by string.
 *
 * @module
 */

const HYPHEN = 0x2d, QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;
const OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d, OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d;
/** What a string has of what makes it worth a look. */
export const Has = { escape: 1, sign: 2, percent: 4, flag: 8 } as const;
const HAS = new Uint8Array(128);
HAS[COLON] = HAS[0x3d] = Has.sign;
HAS[0x25] = Has.percent;

/** A place in a text of JSON, or of what is nearly JSON. */
export class JsonCursor {
  /** True as long as all that was seen is JSON. */
  clean = true;
  readonly text: string;
  /** Where it is. */
  at = 0;
  /** What the string that was passed last has: bits of {@linkcode Has}. */
  has = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Goes to the end of a container. */
  pass(): void {
    const text = this.text;
    for (let depth = 0; this.at < text.length;) {
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) this.endOfString();
      else this.at++;
      if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
      else if ((code === CLOSE_OBJECT || code === CLOSE_ARRAY) && --depth === 0) return;
    }
  }

  /** Reads a string at its quote. */
  literal(): string {
    const start = this.at;
    this.endOfString();
    return this.read(start, this.at);
  }

  /** The string that was just passed, as it stands between these offsets. */
  read(start: number, end: number): string {
    const text = this.text;
    const isClosed = end > start + 1 && text.charCodeAt(end - 1) === QUOTE;
    if ((this.has & Has.escape) === 0) return text.slice(start + 1, isClosed ? end - 1 : end);
    try {
      return String(JSON.parse(text.slice(start, end)));
    } catch {
      this.clean = false;
      return unescaped(text.slice(start + 1, isClosed ? end - 1 : end));
    }
  }

  /** Goes past the string that starts here, and notes what it has. */
  endOfString(): void {
    const text = this.text;
    const { length } = text;
    let has = 0;
    for (let at = this.at + 1; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        this.has = has;
        return;
      }
      if (code === BACKSLASH) {
        has |= Has.escape;
        at++;
      } else if (code === HYPHEN) {
        if (text.charCodeAt(at + 1) === HYPHEN) has |= Has.flag;
      } else if (code < 128) has |= HAS[code]!;
    }
    this.at = length;
    this.has = has | Has.escape;
    this.clean = false;
  }

  /** Goes past white space. */
  space(): void {
    const text = this.text;
    let at = this.at;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
    }
    this.at = at;
  }
}

/** True for what ends a number or a word. */
export function endsBare(code: number): boolean {
  return code <= 0x20 || code === COMMA || code === COLON || code === QUOTE || code === OPEN_OBJECT ||
    code === CLOSE_OBJECT || code === OPEN_ARRAY || code === CLOSE_ARRAY;
}

/** Reads the escapes of a string that has wrong ones. */
function unescaped(raw: string): string {
  return raw.replace(
    /\\(?:u([0-9a-fA-F]{4})|(["\\/]))/g,
    (_, hex: string | undefined, mark: string | undefined) =>
      hex === undefined ? mark ?? "" : String.fromCharCode(parseInt(hex, 16)),
  );
}
