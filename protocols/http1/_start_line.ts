/**
 * Start lines (RFC 9112, sections 3 and 4).
 *
 * @module
 */

/** What a parser reads. */
export type Http1Kind = "request" | "response";

/** A start line's parts; the ones that the kind does not have are undefined. */
export interface StartLine {
  readonly version: "1.0" | "1.1";
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly status: number | undefined;
}

/** A longer word is no method. The longest registered one (UPDATEREDIRECTREF) has 17 letters. */
const MAX_METHOD = 32;
/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** A space or a control character ends or spoils a target. */
const NO_TARGET = /[\0-\x20\x7f]/;
const METHODS = new Set(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"]);

/** True for a token. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Reads the line `text[at, end)`, which has no line end; undefined if it is no start line. */
export function readStartLine(kind: Http1Kind, text: string, at: number, end: number): StartLine | undefined {
  return kind === "request" ? requestLine(text, at, end) : statusLine(text, at, end);
}

function requestLine(text: string, at: number, end: number): StartLine | undefined {
  const version = end - 8;
  if (version - at < 4 || text.charCodeAt(version - 1) !== 0x20) return undefined;
  const number = readVersion(text, version);
  const space = text.indexOf(" ", at);
  if (number === undefined || space >= version - 2 || space - at > MAX_METHOD) return undefined;
  const method = text.slice(at, space);
  if (!METHODS.has(method) && !TOKEN.test(method)) return undefined;
  const target = text.slice(space + 1, version - 1);
  return NO_TARGET.test(target) ? undefined : { version: number, method, target, status: undefined };
}

function statusLine(text: string, at: number, end: number): StartLine | undefined {
  if (end - at < 12 || text.charCodeAt(at + 8) !== 0x20) return undefined;
  const version = readVersion(text, at);
  if (version === undefined || (end - at > 12 && text.charCodeAt(at + 12) !== 0x20)) return undefined;
  const a = text.charCodeAt(at + 9) - 48, b = text.charCodeAt(at + 10) - 48, c = text.charCodeAt(at + 11) - 48;
  if (a < 1 || a > 9 || b < 0 || b > 9 || c < 0 || c > 9) return undefined;
  return { version, method: undefined, target: undefined, status: a * 100 + b * 10 + c };
}

/** `HTTP/1.x` at `at`; a minor version that is not known stands for the highest that is (RFC 9110, section 2.5). */
function readVersion(text: string, at: number): "1.0" | "1.1" | undefined {
  if (!text.startsWith("HTTP/1.", at)) return undefined;
  const minor = text.charCodeAt(at + 7) - 48;
  return minor === 0 ? "1.0" : minor > 0 && minor <= 9 ? "1.1" : undefined;
}

const STATUS_LINE = "HTTP/1.0 000 ";

/** True if these first characters of a line may become a start line. */
export function mayStart(kind: Http1Kind, text: string): boolean {
  if (kind === "request") {
    const space = text.indexOf(" ");
    const method = space < 0 ? text : text.slice(0, space);
    return text === "" || (method.length <= MAX_METHOD && TOKEN.test(method));
  }
  for (let k = 0; k < Math.min(text.length, STATUS_LINE.length); k++) {
    const want = STATUS_LINE.charCodeAt(k), is = text.charCodeAt(k);
    if (want === 0x30 ? is < 0x30 || is > 0x39 : is !== want && !(k === 12 && is === 13)) return false;
  }
  return true;
}
