/**
 * Characters that a person does not see and a model reads: format characters, tag characters, control sequences.
 *
 * @module
 */

/** What was taken out of a text, and how often. */
export interface Hidden {
  /** Characters of no width between visible ones, other than joiners where a script or an emoji needs them. */
  zeroWidth: number;
  /** Bidirectional overrides, embeddings and isolates. */
  bidi: number;
  /** Tag characters (U+E0020 to U+E007E) outside of flags. */
  tags: number;
  /** Variation selectors beyond the one that an emoji or an ideograph may have. */
  selectors: number;
  /** Terminal sequences that conceal, erase or move: not those that colour. */
  concealing: number;
  /** Terminal sequences of all kinds. */
  ansi: number;
  /** Characters hidden by piling combining marks on them. */
  marks: number;
  /** Words of Latin letters with look-alikes of other scripts among them. */
  mixedWords: number;
  /** What tag characters and variation selectors say, decoded. */
  text: string;
}

/** Nothing hidden. */
export function nothingHidden(): Hidden {
  return {
    zeroWidth: 0,
    bidi: 0,
    tags: 0,
    selectors: 0,
    concealing: 0,
    ansi: 0,
    marks: 0,
    mixedWords: 0,
    text: "",
  };
}

/** Combining marks in a row that are kept: more are no language's. */
const MOST_MARKS = 4;
/** Characters of decoded hidden text that are kept. */
const MOST_HIDDEN = 16_384;
/** Combining marks of Latin, Greek and Cyrillic, and those for symbols. */
const MARK = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/;
/** CSI, OSC and other sequences of ECMA-48, sections 5.4 and 5.6. Lengths are bounded: an unfinished one is text. */
const ANSI =
  // deno-lint-ignore no-control-regex
  /(?:\x1b\[|\x9b)([0-9;:?<=>]{0,64})[ -/]{0,4}([@-~])|\x1b\][^\x07\x1b]{0,2048}(?:\x07|\x1b\\)|\x1b[@-Z\\^_=>78cDEHM]/g;
/** SGR parameters that hide: conceal, black on black and white on white by number. */
const HIDING_SGR =
  /(?:^|;)8(?:;|$)|38;5;(\d{1,3});48;5;\1(?:;|$)|38;5;23[12](?:;|$)|(?:^|;)30;40(?:;|$)|(?:^|;)37;47(?:;|$)/;

/** Takes terminal sequences out. */
export function stripAnsi(text: string, hidden: Hidden): string {
  return text.replace(ANSI, (_, parameters: string | undefined, final: string | undefined) => {
    hidden.ansi++;
    if (final === "m" ? HIDING_SGR.test(parameters ?? "") : final === undefined || /[A-HJKSTfsu]/.test(final)) {
      hidden.concealing++;
    }
    return "";
  });
}

/** Takes invisible characters out, and decodes what they say. */
export function stripInvisible(text: string, hidden: Hidden): string {
  let out = "", from = 0, marks = 0, selectors = 0, flag = false, before = 0;
  const say = (character: string) => {
    if (hidden.text.length < MOST_HIDDEN) hidden.text += character;
  };
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0, length = code > 0xffff ? 2 : 1;
    let drop = false;
    if (code < 0x80) marks = selectors = 0;
    else if (MARK.test(text[at] ?? "") && length === 1) {
      if (++marks > MOST_MARKS) drop = true, hidden.marks++;
    } else if (isSelector(code)) {
      // One is ordinary after an emoji, a symbol or an ideograph. A run of them carries bytes.
      drop = true;
      selectors++;
      if (selectors > 1 || code >= 0xe0100 && before < 0x2e80) hidden.selectors++;
      const byte = code >= 0xe0100 ? code - 0xe0100 + 16 : code - 0xfe00;
      if (byte >= 0x20 && byte < 0x7f) say(String.fromCharCode(byte));
    } else if (code >= 0xe0000 && code <= 0xe007f) {
      drop = true;
      if (!flag) {
        hidden.tags++;
        if (code >= 0xe0020 && code < 0xe007f) say(String.fromCharCode(code - 0xe0000));
      }
      if (code === 0xe007f) flag = false;
    } else if (code >= 0x202a && code <= 0x202e || code >= 0x2066 && code <= 0x2069) drop = true, hidden.bidi++;
    else if (isInvisible(code)) {
      drop = true;
      if (!isNeeded(code, before, at)) hidden.zeroWidth++;
    } else marks = selectors = 0;
    if (drop) {
      out += text.slice(from, at);
      from = at + length;
    } else {
      if (code < 0xe0000) flag = code === 0x1f3f4; // tags after a black flag name a region
      before = code;
    }
    at += length;
  }
  return from === 0 ? text : out + text.slice(from);
}

function isSelector(code: number): boolean {
  return code >= 0xfe00 && code <= 0xfe0f || code >= 0xe0100 && code <= 0xe01ef;
}

/** Default-ignorable characters and others without a glyph. */
function isInvisible(code: number): boolean {
  return code >= 0x200b && code <= 0x200f || code >= 0x2060 && code <= 0x2064 || code >= 0x206a && code <= 0x206f ||
    code === 0xfeff || code === 0xad || code === 0x34f || code === 0x61c || code === 0x115f || code === 0x1160 ||
    code === 0x17b4 || code === 0x17b5 || code === 0x180e || code === 0x3164 || code === 0xffa0 ||
    code >= 0x1d173 && code <= 0x1d17a;
}

/** Whether a script or an emoji uses it where it stands: joiners, direction marks, a BOM, soft hyphens. */
function isNeeded(code: number, before: number, at: number): boolean {
  if (code === 0xad) return true;
  if (code === 0xfeff) return at === 0;
  if (code === 0x200d) {
    return before >= 0x1f000 || before >= 0x2190 && before < 0x2c00 || before >= 0x600 && before < 0x1100;
  }
  if (code === 0x200c) return before >= 0x600 && before < 0x1100;
  if (code === 0x200e || code === 0x200f || code === 0x61c) return true;
  return false;
}
