/**
 * The shortest way through a message that is valid JSON and that no rule of the user's is for: only strings in which
 * something lies are read, and what is to be replaced is told by its place in the bytes.
 *
 * @module
 */
import type { Frame } from "./frame.ts";
import type { Deed, Rule } from "./rule.ts";
import type { Replaced, Run } from "./run.ts";
import { Bit } from "./signs.ts";
import { redactString, redactWhole } from "./strings.ts";

const QUOTE = 0x22, OPEN_OBJECT = 0x7b, BACKSLASH = "\\";
/** Room for so many strings is kept. */
const MOST_KEPT = 1024;
const LAST_WORD = "authorization";
const NO_RULES: readonly Rule[] = [];
const NONE: readonly Replaced[] = [];
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What is to stand in the place of `buffer[start, end)`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /** JSON. */
  readonly text: string;
  /** How many bytes it has in UTF-8: set where it is written. */
  size: number;
}

/** Strings to be read, of the message that was looked at last: where they are, quotes included, and what is in them. */
const starts: number[] = [], ends: number[] = [], bits: number[] = [], deeds: (Deed | undefined)[] = [];

/**
 * What is to be replaced in the message that starts at `start` and was searched last, in order; undefined if that takes a
 * careful walk. It is valid JSON in valid UTF-8, without the escapes `\\u` and `\\/`.
 */
export function editsIn(buffer: Uint8Array, start: number, run: Run, frame: Frame): readonly Edit[] | undefined {
  const count = list(buffer, start, run);
  if (count < 0) return undefined;
  const { signs, decisions } = run.policy;
  const edits: Edit[] = [];
  for (let k = 0; k < count; k++) { // nothing that is called here comes back to these lists
    const from = starts[k]!, to = ends[k]!, own = bits[k]!, deed = deeds[k];
    const written = decoder.decode(buffer.subarray(from + 1, to - 1));
    const known = deed === undefined ? decisions.get(written) : undefined;
    let text: string | undefined;
    if (known === undefined) {
      const value = written.includes(BACKSLASH) ? JSON.parse(`"${written}"`) as string : written;
      run.kinds = signs.kinds(own, buffer, from, to);
      run.named = (own & Bit.key) !== 0;
      text = deed === undefined ? decide(written, value, run, frame) : whole(value, run, deed, frame);
    } else {
      run.again(known.replaced);
      text = known.text;
    }
    if (text !== undefined) edits.push({ start: from, end: to, text, size: 0 });
  }
  if (count > MOST_KEPT) { for (const list of [starts, ends, bits, deeds]) list.length = 0; }
  return edits;
}

/** What stands in the place of the value, as JSON, for the name that it stands under; undefined: it stays. */
function whole(value: string, run: Run, deed: Deed, frame: Frame): string | undefined {
  const shown = redactWhole(value, run, deed, frame) ?? "";
  return shown === value ? undefined : JSON.stringify(shown);
}

/** The same for what is in it; remembers it. */
function decide(written: string, value: string, run: Run, frame: Frame): string | undefined {
  const { replaced: before, count } = run;
  run.replaced = undefined;
  const shown = redactString(value, run, NO_RULES, frame, 0), replaced = run.replaced ?? NONE;
  const text = shown === value ? undefined : JSON.stringify(shown);
  if (replaced.length === run.count - count) run.policy.decisions.set(written, { text, replaced });
  run.replaced = before;
  for (const one of replaced) run.remember(one);
  return text;
}

/** Lists the strings to be read and gives their number; -1 if a careful walk is needed. */
function list(buffer: Uint8Array, start: number, run: Run): number {
  const { signs, names } = run.policy, { strings } = signs;
  const found = strings?.strings() ?? -1;
  if (strings === undefined || found < 0 || strings.outside !== 0 || (strings.inStrings & Bit.around) !== 0) return -1;
  const hasNames = (strings.inStrings & Bit.key) !== 0;
  let count = 0;
  let deed: Deed | undefined; // for the value of the member whose name was met last
  for (let k = 0; k < found; k++) {
    const from = start + strings.start(k), to = start + strings.end(k), own = strings.groups(k);
    const value = strings.value(k);
    if (value > 0) {
      const name = names.read(buffer, from + 1, to - 1), first = buffer[start + value];
      if (name.isOdd || (hasNames && (own & Bit.schema) !== 0 && first === OPEN_OBJECT)) return -1;
      deed = name.kind === undefined ? undefined : run.builtin(name.kind);
      if (deed === undefined ? first === QUOTE && (own & Bit.before) !== 0 : first !== QUOTE) return -1;
      continue;
    }
    if (deed === undefined) {
      if (own === 0) continue;
      if ((own & Bit.before) !== 0 && endsWithWord(buffer, from, to - 1)) return -1;
    }
    starts[count] = from;
    ends[count] = to;
    bits[count] = own;
    deeds[count++] = deed;
    deed = undefined;
  }
  return count;
}

/** True for `["Authorization", "Bearer x"]` at the first of both. */
function endsWithWord(buffer: Uint8Array, start: number, end: number): boolean {
  if (end - start < LAST_WORD.length) return false;
  for (let k = 1; k <= LAST_WORD.length; k++) {
    if ((buffer[end - k]! | 0x20) !== LAST_WORD.charCodeAt(LAST_WORD.length - k)) return false;
  }
  return true;
}
