/**
 * What is wrong with a text as JSONC, in words.
 *
 * @module
 */
import { type ParseErrorCode, printParseErrorCode } from "jsonc-parser";

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: "expected a value or a name in double quotes",
  InvalidNumberFormat: "not a number that JSON knows",
  PropertyNameExpected: "expected a name in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: 'expected ":"',
  CommaExpected: 'expected ","',
  CloseBraceExpected: 'expected "}"',
  CloseBracketExpected: 'expected "]"',
  EndOfFileExpected: "expected the end of the file",
  InvalidCommentToken: "expected a comment",
  UnexpectedEndOfComment: "a comment is left open",
  UnexpectedEndOfString: "a string is left open",
  UnexpectedEndOfNumber: "a number breaks off",
  InvalidUnicode: "\\u must be followed by four hex digits",
  InvalidEscapeCharacter: "no such escape in JSON",
  InvalidCharacter: "a control character must be escaped",
};

/** A sentence about one error of the parser, quoting the text that it stands on. */
export function syntaxMessage(code: ParseErrorCode, text: string): string {
  const quoted = text.trim() === "" ? "" : `, got ${shorten(text)}`;
  return `${MESSAGES[printParseErrorCode(code)] ?? "not JSON"}${quoted}`;
}

/** True where what follows may have ended up in the wrong object. */
export function isUnclosed(code: ParseErrorCode): boolean {
  return ["CloseBraceExpected", "CloseBracketExpected"].includes(printParseErrorCode(code));
}

/** At most 40 characters of one line. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`;
}
