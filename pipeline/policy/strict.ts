/**
 * Finds what two readers of the same JSON may understand differently. A policy has to be sure that the server will read
 * a message as it did.
 *
 * @module
 */

const NAMES_OF_ENVELOPE = new Set(["jsonrpc", "id", "method", "params", "result", "error"]);
const NAMES_OF_PARAMS = new Set(["name", "arguments", "uri", "_meta"]);

/** Why the text of a valid JSON value may mean two things, as the end of a sentence; undefined if it may not. */
export function ambiguity(text: string): string | undefined {
  const open: Set<string>[] = [];
  const isObject: boolean[] = [];
  let expectsName = false;
  /** Objects around that are the envelope (1) or its `params` (2), told by the names on the way. */
  const names: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      const end = closing(text, at);
      if (expectsName) {
        const name = nameIn(text, at, end);
        const seen = open.at(-1);
        if (seen?.has(name)) return `the name "${shown(name)}" stands twice in an object`;
        seen?.add(name);
        const wrong = misspelled(name, text.slice(at + 1, end).includes("\\"), open.length, names[0]);
        if (wrong !== undefined) return wrong;
        names[open.length - 1] = name;
        expectsName = false;
      }
      at = end;
    } else if (code === 0x7b) {
      open.push(new Set());
      isObject.push(true);
      expectsName = true;
    } else if (code === 0x5b) {
      open.push(EMPTY);
      isObject.push(false);
      expectsName = false;
    } else if (code === 0x7d || code === 0x5d) {
      open.pop();
      isObject.pop();
      expectsName = false;
    } else if (code === 0x2c) {
      expectsName = isObject.at(-1) === true;
    }
  }
  return undefined;
}

const EMPTY: Set<string> = new Set();

/** Some readers take names in any case, and some do not undo escapes: for what is judged, neither may matter. */
function misspelled(name: string, escaped: boolean, depth: number, first: string | undefined): string | undefined {
  const wanted = depth === 1 ? NAMES_OF_ENVELOPE : depth === 2 && first === "params" ? NAMES_OF_PARAMS : undefined;
  if (wanted === undefined) return undefined;
  if (escaped) return `the name "${shown(name)}" is written with escapes`;
  if (wanted.has(name) || !wanted.has(fold(name))) return undefined;
  return `the name "${shown(name)}" is like "${fold(name)}" and is not it`;
}

/** Case undone, also of the two letters outside of ASCII that some take for ASCII ones: U+017F for s, U+212A for k. */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase();
}

function closing(text: string, at: number): number {
  for (at++; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at++;
  }
  return at;
}

function nameIn(text: string, start: number, end: number): string {
  const name = text.slice(start + 1, end);
  return name.includes("\\") ? String(JSON.parse(text.slice(start, end + 1))) : name;
}

function shown(name: string): string {
  const plain = JSON.stringify(name.slice(0, 40)).slice(1, -1);
  return name.length > 40 ? `${plain}…` : plain;
}
