/**
 * Key presses.
 *
 * @module
 */

/** A key: a name such as `up`, `enter` or `ctrl-u`, or the character that it types. */
export type Press = string;

/** Names of the characters that are no text. */
const CONTROLS: Readonly<Record<string, Press>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\x1b": "escape",
  "\x7f": "backspace",
  "\b": "backspace",
  " ": "space",
};

const graphemes = new Intl.Segmenter();

/** The keys of some input: several, if more was typed or pasted than was read in time. */
export function presses(input: string): Press[] {
  return [...graphemes.segment(input)].flatMap(({ segment }) => {
    const named = CONTROLS[segment];
    if (named !== undefined) return [named];
    const code = segment.charCodeAt(0);
    if (code < 0x20) return segment === "\r\n" ? ["enter"] : [`ctrl-${String.fromCharCode(code + 0x60)}`];
    return [segment];
  });
}

/** The text that a key types; undefined if it types none. */
export function typed(press: Press): string | undefined {
  if (press === "space") return " ";
  const [first, second] = graphemes.segment(press);
  return first !== undefined && second === undefined ? press : undefined;
}
