/**
 * Patterns of users for values. None can take longer than linear time on hostile text: one that repeats nothing without
 * a bound runs as a RegExp, any other in RE2's way.
 *
 * @module
 */

/** Tells of each match: `text.slice(start, end)`. */
export type Pattern = (text: string, found: (start: number, end: number) => void) => void;

/** What cannot be used; the message says why. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** Longest pattern, in UTF-16 units. */
const LONGEST = 1000;
/** How many ways a RegExp may have to go from one place of the text. */
const MOST_WAYS = 128;
/** What makes the number of ways hard to tell: repetition with no end, repeated groups, look-around, back references. */
const UNBOUNDED = /[*+]|\{\d*,\}|\)\{|\(\?<?[=!]|\\[1-9k]/;

/**
 * Compiles a pattern in the syntax of RegExp, with the `u` flag; `i` if it starts with `(?i)`.
 *
 * @throws {PatternError} if it is none, or one that cannot be used.
 */
export async function compilePattern(source: string): Promise<Pattern> {
  if (source.length > LONGEST) throw new PatternError(`expected a pattern of at most ${LONGEST} characters`);
  const ignoreCase = source.startsWith("(?i)");
  const body = ignoreCase ? source.slice(4) : source;
  let native: RegExp;
  try {
    native = new RegExp(body, ignoreCase ? "giu" : "gu");
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : String(error);
    throw new PatternError(`expected a regular expression: ${reason}`);
  }
  if (native.test("")) throw new PatternError("expected a pattern that does not match the empty text");
  if (!UNBOUNDED.test(withoutClasses(body)) && ways(body) <= MOST_WAYS) {
    return (text, found) => each(native, text, found);
  }
  return await linear(body, ignoreCase);
}

function each(pattern: RegExp, text: string, found: (start: number, end: number) => void): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === "") pattern.lastIndex++;
    else found(match.index, match.index + match[0].length);
  }
}

async function linear(body: string, ignoreCase: boolean): Promise<Pattern> {
  const { RE2JS } = await import("re2js");
  let compiled: ReturnType<typeof RE2JS.compile>;
  try {
    compiled = RE2JS.compile(RE2JS.translateRegExp(body), ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, "");
    throw new PatternError(
      `a pattern with * or + is run in linear time, which has no look-around and no back references: ${reason}`,
    );
  }
  return (text, found) => {
    const matcher = compiled.matcher(text);
    while (matcher.find()) if (matcher.end() > matcher.start()) found(matcher.start(), matcher.end());
  };
}

/** The pattern with each class and each escaped character as one letter. */
function withoutClasses(source: string): string {
  return source.replace(/\\[^1-9k]|\[(?:\\.|[^\]\\])*\]/gu, "x");
}

/** An upper bound of the ways: what can be done so often, times each other. */
function ways(source: string): number {
  let product = 1;
  const plain = withoutClasses(source);
  for (const [, low = "0", , high] of plain.matchAll(/\{(\d+)(,(\d+))?\}/g)) {
    product *= high === undefined ? 1 : Number(high) - Number(low) + 1;
  }
  product *= 2 ** (plain.match(/\?/g)?.length ?? 0);
  return product * ((plain.match(/\|/g)?.length ?? 0) + 1);
}
