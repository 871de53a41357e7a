/**
 * The short way through a document of JSON that no rule of the user's is for: it tells which strings need a look, and
 * leaves all else alone. It makes no objects on its way, so it takes a fraction of the time of {@linkcode JsonWalk}.
 *
 * @module
 */
import type { Finding } from "../../protocols/sensitive/mod.ts";
import { mayAssign } from "./assignments.ts";
import type { Frame } from "./frame.ts";
import { isSchemaRoot } from "./json_schema.ts";
import type { Deed, Rule } from "./rule.ts";
import type { Run } from "./run.ts";
import { kindOfKeyIn } from "./sensitive_keys.ts";
import { redactString, redactWhole } from "./strings.ts";

const QUOTE = 0x22, PERCENT = 0x25, HYPHEN = 0x2d, COLON = 0x3a, EQUALS = 0x3d, BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b, OPEN_ARRAY = 0x5b;
/** What a string has of what makes it worth a look; all else is 0. */
const Has = { escape: 1, sign: 2, percent: 4, flag: 8, end: 16 } as const;
const HAS = new Uint8Array(128);
HAS[QUOTE] = Has.end;
HAS[BACKSLASH] = Has.escape;
HAS[COLON] = HAS[EQUALS] = Has.sign;
HAS[PERCENT] = Has.percent;
HAS[HYPHEN] = Has.flag;
/** Room for so many strings is kept. */
const MOST_KEPT = 4096;
const NO_RULES: readonly Rule[] = [];

/** Strings that need a look, of the text that was passed last: where they start and end, with their quotes. */
const starts: number[] = [], ends: number[] = [], deeds: (Deed | undefined)[] = [];
/** Index of the first finding that does not end before the string. */
const firsts: number[] = [];

/**
 * The text, redacted; the same if nothing had to be; undefined if that takes a careful walk.
 *
 * @param text Valid JSON, without the escapes `\\u` and `\\/`.
 * @param found What the detectors found in it.
 */
export function quickWalk(text: string, run: Run, frame: Frame, found: readonly Finding[]): string | undefined {
  const count = pass(text, run, found);
  if (count < 0) return undefined;
  let out = "", last = 0;
  for (let k = 0; k < count; k++) { // nothing that is called here comes back to this list
    const start = starts[k]!, end = ends[k]!, deed = deeds[k];
    const written = text.slice(start + 1, end - 1);
    const value = written.includes("\\") ? JSON.parse(text.slice(start, end)) as string : written;
    const known = value === written ? within(found, firsts[k]!, start + 1, end - 1) : unlessAny(found, firsts[k]!, end);
    const shown = deed === undefined
      ? redactString(value, run, NO_RULES, frame, 0, known)
      : redactWhole(value, run, deed, frame, known) ?? "";
    if (shown === value) continue;
    out += text.slice(last, start) + JSON.stringify(shown);
    last = end;
  }
  if (count > MOST_KEPT) { for (const list of [starts, ends, deeds, firsts]) list.length = 0; }
  return last === 0 ? text : out + text.slice(last);
}

/** Lists the strings that need a look, and gives their number; -1 if a careful walk is needed. */
function pass(text: string, run: Run, found: readonly Finding[]): number {
  const { named } = run;
  let count = 0, next = 0, before = 0; // `before`: the end of the last string
  let deed: Deed | undefined;
  for (let quote = text.indexOf('"'); quote >= 0;) {
    const start = quote;
    let has = 0, at = start + 1;
    for (;; at++) {
      const code = text.charCodeAt(at);
      if (!(code < 128)) {
        if (Number.isNaN(code)) return -1;
        continue;
      }
      const what = HAS[code]!;
      if (what === 0) continue;
      if (what === Has.end) break;
      if (what === Has.escape) at++;
      else if (what === Has.flag && text.charCodeAt(at + 1) !== HYPHEN) continue;
      has |= what;
    }
    const end = at + 1;
    for (; next < found.length && found[next]!.end <= start; next++) {
      if (found[next]!.start >= before) return -1; // in a number
    }
    let isWorth = (has & Has.percent) !== 0;
    for (let k = next; k < found.length && found[k]!.start < end; k++) {
      if (found[k]!.start <= start || found[k]!.end >= end) return -1; // more than the string
      isWorth = true;
    }
    before = end;
    if (!isWorth && named && (has & (Has.sign | Has.flag)) !== 0) isWorth = mayAssign(text, start + 1, at, run);
    if (!isWorth && end - start >= 4) isWorth = mayHoldJson(text.charCodeAt(start + 1));
    const after = skipSpace(text, end);
    if (text.charCodeAt(after) === COLON) {
      if (isWorth || (has & Has.escape) !== 0) return -1;
      quote = text.indexOf('"', end);
      if (!named) continue;
      const kind = kindOfKeyIn(text, start + 1, at);
      deed = kind === undefined ? undefined : run.builtin(kind);
      const value = skipSpace(text, after + 1), code = text.charCodeAt(value);
      if (deed !== undefined ? code !== QUOTE : code === OPEN_OBJECT && isSchemaRoot(text, start + 1, at)) return -1;
      continue;
    }
    if (deed !== undefined || isWorth) {
      starts[count] = start;
      ends[count] = end;
      firsts[count] = next;
      deeds[count++] = deed;
      deed = undefined;
    }
    quote = text.indexOf('"', end);
  }
  return next < found.length && found[found.length - 1]!.end > before ? -1 : count;
}

/** True for what a string begins with that may hold JSON. */
function mayHoldJson(first: number): boolean {
  return first === OPEN_OBJECT || first === OPEN_ARRAY || first === BACKSLASH || first <= 0x20;
}

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

/** What was found in a string between these offsets, by its own. */
function within(found: readonly Finding[], first: number, start: number, end: number): readonly Finding[] {
  const own: Finding[] = [];
  for (let k = first; k < found.length && found[k]!.start < end; k++) {
    const { kind, ...at } = found[k]!;
    own.push({ start: at.start - start, end: at.end - start, kind });
  }
  return own;
}

/** Offsets of what was found in a string with escapes are not those of what it says: it has to be searched then. */
function unlessAny(found: readonly Finding[], first: number, end: number): readonly Finding[] | undefined {
  const finding = found[first];
  return finding === undefined || finding.start >= end ? [] : undefined;
}
