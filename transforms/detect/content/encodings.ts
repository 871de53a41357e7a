/**
 * Text that is written as something else: escapes, entities, percent signs, base64, hexadecimal digits.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** Text that was found encoded in another. */
export interface Decoded {
  /** How it was written. */
  readonly how: "base64" | "hex" | "rot13";
  /** What it says. */
  readonly text: string;
  /** Offset of the encoded piece. */
  readonly at: number;
}

/** Pieces that are decoded of one text. */
const MOST_PIECES = 16;
/** Characters of one encoded piece that are decoded. */
const MOST_ENCODED = 16_384;
/** Named character references that stand for what markup and words are made of: HTML, section 13.5. */
const NAMED = new Map(Object.entries({
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: " ",
  lsquo: "'",
  rsquo: "'",
  ldquo: '"',
  rdquo: '"',
  colon: ":",
  comma: ",",
  period: ".",
  sol: "/",
  lowbar: "_",
  NewLine: "\n",
  Tab: "\t",
  zwj: "\u200d",
  zwnj: "\u200c",
  ZeroWidthSpace: "\u200b",
  shy: "\u00ad",
  lbrack: "[",
  rbrack: "]",
  vert: "|",
  num: "#",
  commat: "@",
}));
const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,16}));?/g;
const PERCENT = /(?:%[0-9A-Fa-f]{2})+/g;
const ESCAPE = /\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|([nrt"'\/\\]))/g;
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\n", t: "\t" };
const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const HEX = /(?:(?:0x|\\x|%)?[0-9a-fA-F]{2}[ :,]?){8,}/g;

/** Undoes character references, percent-encoding and backslash escapes, one level of each. */
export function undoEscapes(text: string): string {
  let out = text;
  if (out.includes("\\")) out = out.replace(ESCAPE, unescape);
  if (out.includes("&")) out = out.replace(ENTITY, dereference);
  if (out.includes("%")) {
    out = out.replace(PERCENT, (run) => {
      const decoded = Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8");
      return decoded.includes("\ufffd") ? run : decoded;
    });
  }
  return out;
}

function unescape(whole: string, code?: string, byte?: string, letter?: string): string {
  if (letter !== undefined) return CONTROLS[letter] ?? letter;
  return character(parseInt(code ?? byte ?? "", 16)) ?? whole;
}

function dereference(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED.get(name) ?? whole;
  return character(decimal === undefined ? parseInt(hex ?? "", 16) : parseInt(decimal, 10)) ?? whole;
}

function character(code: number): string | undefined {
  return code >= 9 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : undefined;
}

/** Fewest characters of an encoded piece. */
const FEWEST = 16;
const BASE = 1, DIGIT = 2, BETWEEN = 4;
const ALPHABETS = new Uint8Array(0x80);
for (const [signs, bit] of [[/[A-Za-z0-9+/_-]/, BASE], [/[0-9a-fA-F]/, DIGIT], [/[ :,%\\x]/, BETWEEN]] as const) {
  for (let code = 0; code < 0x80; code++) if (signs.test(String.fromCharCode(code))) ALPHABETS[code]! |= bit;
}

/** Which alphabets an encoded piece may be of, bit by bit: mostly none, which one look at each character tells. */
function alphabetsIn(text: string): number {
  let base = 0, digits = 0, between = 0, found = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at), alphabets = code < 0x80 ? ALPHABETS[code] ?? 0 : 0;
    base = (alphabets & BASE) !== 0 ? base + 1 : 0;
    if ((alphabets & DIGIT) !== 0) digits++, between = 0;
    else if ((alphabets & BETWEEN) === 0 || ++between > 2) digits = between = 0;
    if (base >= FEWEST) found |= BASE;
    if (digits >= FEWEST) found |= DIGIT;
  }
  return found;
}

/** Pieces of base64 or hexadecimal digits in a text that decode to readable text. */
export function decodePieces(text: string): Decoded[] {
  const found: Decoded[] = [];
  const alphabets = alphabetsIn(text);
  for (const match of (alphabets & BASE) === 0 ? [] : text.matchAll(BASE64)) {
    if (found.length >= MOST_PIECES) break;
    const piece = match[0];
    if (isWord(piece) || !/[A-Za-z]{2}/.test(piece)) continue;
    const decoded = readable(Buffer.from(piece.slice(0, MOST_ENCODED), /[-_]/.test(piece) ? "base64url" : "base64"));
    if (decoded !== undefined) found.push({ how: "base64", text: decoded, at: match.index });
  }
  for (const match of (alphabets & DIGIT) === 0 ? [] : text.matchAll(HEX)) {
    if (found.length >= MOST_PIECES) break;
    const digits = match[0].slice(0, MOST_ENCODED).replace(/0x|\\x|[% :,]/g, "");
    const decoded = readable(Buffer.from(digits, "hex"));
    if (decoded !== undefined) found.push({ how: "hex", text: decoded, at: match.index });
  }
  return found;
}

/** The text turned by 13 letters. */
export function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0), first = code < 97 ? 65 : 97;
    return String.fromCharCode(first + (code - first + 13) % 26);
  });
}

/** Whether a piece looks like a path, an identifier or a long word rather than base64. */
function isWord(piece: string): boolean {
  return /^(?:[a-z]+|[A-Z]+|\d+)(?:[-_/][a-z0-9]*|[A-Z][a-z]+)*$/.test(piece.slice(0, 256)) &&
    !/[A-Z].*[0-9].*[A-Z]/.test(piece.slice(0, 64));
}

/** The bytes as text if it reads like some: printable, with letters and more than one word. */
function readable(bytes: Buffer): string | undefined {
  if (bytes.length < 8) return undefined;
  const text = bytes.toString("utf8");
  if (text.includes("\ufffd")) return undefined;
  let letters = 0, spaces = 0;
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    if (code < 0x20 && code !== 9 && code !== 10 && code !== 13 || code === 0x7f) return undefined;
    if (code === 0x20 || code === 10) spaces++;
    else if (code >= 0x41 && code <= 0x5a || code >= 0x61 && code <= 0x7a || code > 0xbf) letters++;
  }
  return letters >= text.length * 0.6 && (spaces > 0 || letters >= text.length * 0.8) ? text : undefined;
}
