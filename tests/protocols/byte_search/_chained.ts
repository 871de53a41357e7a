/**
 * Finds `chained` in plain TypeScript, to compare with.
 *
 * @module
 */
/** The names to look for. */
export const NAMES: ReadonlySet<string> = new Set(["cat", "rm", "ls", "base64", "7z", "if", "shutdown1234"]);
/** Of the longest program's name, and one more. */
const LONGEST = 12;
/** Bytes that are passed over between a separator and a command: spaces, quotes, brackets, escaped ones too. */
const MOST_PASSED = 12;

/** Kinds of bytes: 1 a separator, 2 a dollar sign, 3 less than, 4 greater than, 5 a backslash. */
const KIND = new Uint8Array(256);
for (const [kind, characters] of ["", ";|&`", "$", "<", ">", "\\"].entries()) {
  for (const character of characters) KIND[character.charCodeAt(0)] = kind;
}

/** True if a separator, or a line break in a text, comes before a program's name or a path; or something else of a shell. */
export function mayChain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const kind = KIND[bytes[at] ?? 0] ?? 0;
    if (kind === 0) continue;
    const next = bytes[at + 1] ?? 0;
    if (kind === 1) {
      if (leadsToProgram(bytes, at + 1, end)) return true;
    } else if (kind === 2) {
      if (next === 0x28 || next === 0x7b || next === 0x27 || (next | 0x20) === 0x69) return true; // $( ${ $I
    } else if (kind === 3) {
      if (next === 0x28) return true; // <(
    } else if (kind === 4) {
      if (redirects(bytes, at + 1)) return true;
    } else if (next === 0x6e || next === 0x72) { // an escaped line break
      if (leadsToProgram(bytes, at + 2, end)) return true;
    } else if (next === 0x5c) at++;
  }
  return false;
}

function redirects(bytes: Uint8Array, from: number): boolean {
  let at = bytes[from] === 0x3e ? from + 1 : from;
  for (let k = 0; k < 4; k++) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0x20) at++;
    else if (bytes[at] === 0x5c && (next === 0x6e || next === 0x72 || next === 0x74)) at += 2;
    else break;
  }
  const first = bytes[at] ?? 0, letter = first | 0x20, next = bytes[at + 1];
  return first === 0x2f || first === 0x7e || first === 0x5c && next === 0x2f ||
    letter >= 0x61 && letter <= 0x7a && next === 0x3a;
}

function leadsToProgram(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  // In JSON a quotation mark and a line break within a text have a backslash before them.
  while (at < end && at - from < MOST_PASSED) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x5c) at += 2;
    else if (byte === 0x20 || byte === 0x27 || byte === 0x28) at++;
    else break;
  }
  if (at >= end) return false;
  const first = bytes[at] ?? 0;
  if (first === 0x2f || first === 0x2e || first === 0x7e || first === 0x24 || first === 0x21) return true; // / . ~ $ !
  let name = "";
  for (let k = at; k < end && k - at < LONGEST; k++) {
    const byte = bytes[k] ?? 0, letter = byte | 0x20;
    if (letter >= 0x61 && letter <= 0x7a) name += String.fromCharCode(letter);
    else if (byte >= 0x30 && byte <= 0x39) name += String.fromCharCode(byte);
    else return byte === 0x2f || byte === 0x5c || byte === 0x28 || NAMES.has(name); // a path, a function, or a program
  }
  return NAMES.has(name);
}
