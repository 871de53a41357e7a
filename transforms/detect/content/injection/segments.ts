/**
 * Cuts a text into sentences of words, and says what the words and the sentences are about.
 *
 * @module
 */
import { foldLetters } from "../confusables.ts";
import { findQuotes, type Quote } from "../context.ts";
import { CONCEPTS } from "./concepts.ts";

/** What is told by a word's form or a sentence's place, besides the meanings. */
const FORMS = [
  "URL",
  "EMAIL",
  "PATH",
  "NAME_", // snake_case: a tool, a variable
  "ACCOUNT",
  "CALLED", // a machine's name near the beginning, with a mark behind it
  "TOLD_SURELY", // somebody is spoken to who is a machine: see `address.ts`
  "TOLD",
  "TOLD_PERHAPS",
  "FIRST", // begins with what is wanted
  "QUOTED", // most of it
  "QUOTING", // some of it
  "COMMENT",
  "INVISIBLE",
  "DECODED",
  "LABEL",
  "ITEM",
  "CAPS",
  "EXCLAIM",
  "ASK",
] as const;

/** Number of meanings and forms. */
export const COUNT = Object.keys(CONCEPTS).length + FORMS.length;
const IDS = new Map([...Object.keys(CONCEPTS), ...FORMS].map((name, id) => [name, id]));
/** All of them, by id. */
export const NAMES: readonly string[] = [...IDS.keys()];

/** A meaning's number. */
export function idOf(name: string): number {
  const id = IDS.get(name);
  if (id === undefined) throw new RangeError(`no such meaning: '${name}'`);
  return id;
}

/** A sentence, or a line. */
export interface Segment {
  /** What it is a part of, and where. */
  readonly text: string;
  readonly start: number;
  end: number;
  readonly words: string[];
  /** Of each word its meanings, mostly none. */
  readonly meanings: (readonly number[])[];
  /** What holds for the whole of it. */
  readonly forms: Set<number>;
}

/** Words of one segment: a longer one is cut. */
const MOST_WORDS = 48;
/** Segments of one text. */
const MOST_SEGMENTS = 4000;
/** Words whose meanings are kept ready. */
const MOST_KEPT = 8192;
/** Longest phrase, in words, and longest run of Chinese or Japanese that is looked up. */
const MOST_PHRASE = 5, MOST_RUN = 8;
const CJK = /[\u3040-\u30ff\u3400-\u9fff]/;
const NONE: readonly number[] = [];

interface Phrase {
  readonly rest: readonly string[];
  readonly id: number;
}
let words: Map<string, number[]> | undefined;
let stems: Map<string, number[]>;
let stemMost = 0, stemLeast = 0;
let phrases: Map<string, Phrase[]>;
let runs: Map<string, number[]>;
/** What is known of a word: as it is counted, its meanings, and the phrases that begin with it. */
interface Known {
  readonly word: string;
  readonly meanings: readonly number[];
  readonly phrases: readonly Phrase[] | undefined;
}
const kept = new Map<string, Known>();

/** Makes the tables, once: some milliseconds. */
function prepare(): Map<string, number[]> {
  const made = new Map<string, number[]>();
  stems = new Map(), phrases = new Map(), runs = new Map(), stemLeast = 99;
  const add = (map: Map<string, number[]>, key: string, id: number) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [id]);
    else if (!list.includes(id)) list.push(id);
  };
  for (const [name, text] of Object.entries(CONCEPTS)) {
    const id = idOf(name);
    for (const entry of foldLetters(text).toLowerCase().split(", ")) {
      const plain = entry.trim().replaceAll("\u2019", "'");
      if (plain === "") continue;
      if (CJK.test(plain)) add(runs, plain, id);
      else if (plain.includes(" ")) {
        const [head = "", ...rest] = plain.split(" ");
        const list = phrases.get(head) ?? [];
        list.push({ rest, id });
        phrases.set(head, list);
      } else if (plain.endsWith("*")) {
        const stem = plain.slice(0, -1);
        add(stems, stem, id);
        stemMost = Math.max(stemMost, stem.length), stemLeast = Math.min(stemLeast, stem.length);
      } else add(made, plain, id);
    }
  }
  return made;
}

const URL_ = idOf("URL"), EMAIL = idOf("EMAIL"), PATH = idOf("PATH"), NAME_ = idOf("NAME_"), ACCOUNT = idOf("ACCOUNT");
const CALLED = idOf("CALLED"), MACHINE = idOf("MACHINE"), SECRETS = idOf("SECRETS");
const QUOTED = idOf("QUOTED"),
  QUOTING = idOf("QUOTING"),
  COMMENT = idOf("COMMENT"),
  LABEL = idOf("LABEL"),
  ITEM = idOf("ITEM");
const CAPS = idOf("CAPS"), EXCLAIM = idOf("EXCLAIM"), ASK = idOf("ASK"), FIRST = idOf("FIRST");
/** Meanings that are wanted of somebody if a sentence begins with them. */
const WANTED = new Set(
  "SET_ASIDE SEND INSERT FETCH READ RUN DESTROY MONEY GRANT CLAIMS_OUT JUDGE REMEMBER BECOME CONCEAL_NEG SPEAK_NEG UNASKED"
    .split(" ").map(idOf),
);
const LONG_NUMBER = /^(?:\+?\d[\d-]{7,30}|[a-z]{2}\d{2}[a-z0-9]{10,30}|0x[0-9a-f]{20,62}|bc1[a-z0-9]{20,62})$/;
const SECRET_FILE =
  /\.ssh|id_rsa|id_ed25519|\.env$|\.aws|\.kube|\.npmrc|\.netrc|\.pgpass|passwd|shadow|credential|secret|token|\.pem$|\.key$|mcp\.json|hosts\.yml|wallet|cookies/;

/** Articles and the like before a vowel, in French and Italian. */
const ELISION = /^(?:[ldjsnmtc]|qu|dell|nell|sull)'(?=\p{L}{3})/u;

function knownOf(token: string): Known {
  let known = kept.get(token);
  if (known !== undefined) return known;
  const word = plainWord(token);
  known = { word, meanings: meaningsOf(word), phrases: phrases.get(word) };
  if (kept.size >= MOST_KEPT) kept.clear();
  if (token.length <= 48) kept.set(token, known);
  return known;
}

function meaningsOf(word: string): readonly number[] {
  words ??= prepare();
  if (word[1] === "'" || word[2] === "'" || word[4] === "'") {
    const rest = word.replace(ELISION, "");
    if (rest !== word) return meaningsOf(rest);
  }
  const found = [...words.get(word) ?? []];
  for (let length = Math.min(stemMost, word.length); length >= stemLeast; length--) {
    for (const id of stems.get(word.slice(0, length)) ?? NONE) if (!found.includes(id)) found.push(id);
  }
  if (word.includes("://") || word.startsWith("www.")) found.push(URL_);
  else if (word.includes("@") && word.length > 4) found.push(EMAIL);
  else if (/[\\/~]/.test(word) || /^\.[a-z]/.test(word)) found.push(PATH);
  else if (/^[a-z]+(?:_[a-z0-9]+)+/.test(word)) found.push(NAME_);
  else if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:example|com|net|org|io|dev|app|ru|cn)$/.test(word)) found.push(URL_);
  if (LONG_NUMBER.test(word)) found.push(ACCOUNT);
  if (/[._~/]/.test(word) && SECRET_FILE.test(word) && !found.includes(SECRETS)) found.push(SECRETS);
  if (/_(?:token|key|secret|password)s?$/.test(word) && !found.includes(SECRETS)) found.push(SECRETS);
  return found.length === 0 ? NONE : found;
}

/** Digits that stand for letters. */
const LEET = /^(?=.{0,30}[a-z])[a-z0-9@$]{0,30}[013457@$][a-z0-9@$]{0,30}$/;
const DIGIT = /[013457@$]/;
const LETTERS: Readonly<Record<string, string>> = { 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t", "@": "a", $: "s" };

/** With one kind of apostrophe, and with letters for digits if that makes a known word. */
function plainWord(token: string): string {
  const word = token.includes("\u2019") ? token.replace("\u2019", "'") : token;
  if (word.length < 3 || !DIGIT.test(word) || !LEET.test(word)) return word;
  const plain = word.replace(/[013457@$]/g, (digit) => LETTERS[digit] ?? digit);
  return words?.has(plain) === true ? plain : word;
}

/** Longest word, and longest URL or path. */
const MOST_LETTERS = 64, MOST_PATH = 512;
/** What a character is: of a word, Chinese or Japanese, an end of a sentence, or nothing of these. */
const WORD = 1, RUN = 2, END = 3, JOINT = 4;
const KINDS = new Uint8Array(0x80);
for (let code = 0x30; code < 0x7b; code++) if (/[\w@]/.test(String.fromCharCode(code))) KINDS[code] = WORD;
for (const sign of "$%+~") KINDS[sign.charCodeAt(0)] = WORD;
for (const sign of "!?;\n|") KINDS[sign.charCodeAt(0)] = END;
for (const sign of "'-./\\:&=#") KINDS[sign.charCodeAt(0)] = JOINT;

function kindOf(code: number): number {
  if (code < 0x80) return KINDS[code] ?? 0;
  if (code >= 0x3040 && code <= 0x30ff || code >= 0x3400 && code <= 0x9fff) return RUN;
  if (code === 0x3002 || code === 0xff01 || code === 0xff1f || code === 0x964 || code === 0xb7) return END;
  if (code === 0x2019) return JOINT;
  return code >= 0xaa && code < 0x2000 && code !== 0xab && code !== 0xbb && code !== 0xbf ||
      code >= 0x2c00 && code < 0x3000 ||
      code >= 0xa000 && code < 0xff00 || code > 0xff0f
    ? WORD
    : 0;
}

/** Where the word ends that begins here. */
function wordEnd(text: string, from: number): number {
  let at = from + 1, most = from + MOST_LETTERS, isPath = text[from] === "/" || text[from] === "~";
  if (isPath) most = from + MOST_PATH;
  for (; at < text.length && at < most; at++) {
    const kind = kindOf(text.charCodeAt(at));
    if (kind === WORD) continue;
    if (isPath && text[at] === "?" && kindOf(text.charCodeAt(at + 1)) === WORD) continue;
    if (kind !== JOINT) break;
    const sign = text[at];
    if (sign === ":" && !isPath && text[at + 1] === "/" && text[at + 2] === "/") {
      isPath = true;
      most = from + MOST_PATH;
      at += 2;
    } else if (isPath ? sign === "'" : sign === ":" || sign === "&" || sign === "=" || sign === "#") break;
    else if (kindOf(text.charCodeAt(at + 1)) !== WORD && !(isPath && sign === "/")) break;
  }
  return at;
}

/** The sentences of a text that was made plain. `spans`: what of it a reader does not see. */
export function segmentsOf(
  text: string,
  invisible: readonly (readonly [start: number, end: number])[] = [],
  always: readonly number[] = [],
): Segment[] {
  words ??= prepare();
  const lower = text.toLowerCase(), source = lower.length === text.length ? lower : text;
  const found: Segment[] = [];
  const quotes = findQuotes(text), begun: number[] = []; // words of the current segment that may begin a phrase
  let current: Segment | undefined, hiddenAt = 0;
  const begin = (at: number): Segment => {
    const segment: Segment = { text, start: at, end: at, words: [], meanings: [], forms: new Set(always) };
    while (hiddenAt < invisible.length && (invisible[hiddenAt]?.[1] ?? 0) <= at) hiddenAt++;
    const span = invisible[hiddenAt];
    if (span !== undefined && at >= span[0] - 2 && at < span[1]) segment.forms.add(INVISIBLE);
    return segment;
  };
  const finish = (mark: number) => {
    if (current === undefined) return;
    complete(current, text, mark, begun);
    begun.length = 0;
    const quoted = quotedIn(current, quotes);
    if (quoted > 0) current.forms.add(quoted > (current.end - current.start) / 2 ? QUOTED : QUOTING);
    found.push(current);
    current = undefined;
  };
  for (let at = 0; at < source.length && found.length < MOST_SEGMENTS;) {
    const code = source.charCodeAt(at), kind = kindOf(code), next = source.charCodeAt(at + 1);
    if (kind === END || code === 0x2e && !(next > 0x20) || code === 0x22 && (next === 0x2c || next === 0x7d)) {
      // A line that is merely wrapped goes on.
      if (code !== 0x0a || !goesOn(text, at + 1)) finish(code);
      at++;
    } else if (kind === WORD || kind === JOINT && code !== 0x3a && kindOf(next) === WORD && isRoot(code)) {
      current ??= begin(at);
      const end = wordEnd(source, at), known = knownOf(source.slice(at, end));
      if (known.phrases !== undefined) begun.push(current.words.length);
      current.words.push(known.word);
      current.meanings.push(known.meanings);
      at = current.end = end;
    } else if (kind === RUN) {
      current ??= begin(at);
      let end = at + 1;
      while (end < source.length && end < at + MOST_LETTERS && kindOf(source.charCodeAt(end)) === RUN) end++;
      splitRun(source.slice(at, end), current);
      at = current.end = end;
    } else at++;
    if (current !== undefined && current.words.length >= MOST_WORDS) finish(0);
  }
  finish(0);
  return found;
}

const INVISIBLE = idOf("INVISIBLE");
/** What a path may begin with: `.env`, `/etc`. */
function isRoot(code: number): boolean {
  return code === 0x2e || code === 0x2f;
}

/** Characters of a segment that are quoted. */
function quotedIn({ start, end }: Segment, quotes: readonly Quote[]): number {
  let total = 0;
  for (const [from, to] of quotes) total += Math.max(0, Math.min(to, end) - Math.max(from, start));
  return total;
}

function goesOn(text: string, from: number): boolean {
  let at = from;
  while (at < from + 8 && (text[at] === " " || text[at] === "\t")) at++;
  const code = text.charCodeAt(at);
  return code >= 0x61 && code <= 0x7a;
}

/** Words of Chinese and Japanese: known ones wherever they stand, else two letters at a time. */
function splitRun(run: string, { words: list, meanings }: Segment): void {
  for (let at = 0; at < run.length;) {
    let length = Math.min(MOST_RUN, run.length - at), ids: readonly number[] | undefined;
    for (; length > 0; length--) if ((ids = runs.get(run.slice(at, at + length))) !== undefined) break;
    const size = ids === undefined ? 1 : length;
    list.push(ids === undefined ? run.slice(at, at + 2) : run.slice(at, at + size));
    meanings.push(ids ?? NONE);
    at += size;
  }
}

/** What stands before comments and items of lists. */
const MARK = /[/*#;%m.)+\u2022-]$/, COMMENTED = /(?:\/\/|\/\*|#|--|\*|;|%|rem)$/;
const LISTED = /(?:^|\n)[ \t]{0,6}(?:[-*\u2022+]|\d{1,2}[.)])$/;
const SMALL = /\p{Ll}/u;
/** Characters in which a label ends. */
const MOST_LABEL = 60;

/** Phrases, and what holds for the whole segment. */
function complete(segment: Segment, text: string, mark: number, begun: readonly number[]): void {
  const { words: list, meanings, forms, start, end } = segment;
  for (const k of begun) {
    for (const { rest, id } of phrases.get(list[k] ?? "") ?? NO_PHRASES) {
      if (rest.length < MOST_PHRASE && rest.every((word, n) => fits(list[k + 1 + n], word))) {
        const own = meanings[k] ?? NONE;
        if (!own.includes(id)) meanings[k] = [...own, id];
      }
    }
  }
  if (mark === 0x21 || mark === 0xff01) forms.add(EXCLAIM);
  else if (mark === 0x3f || mark === 0xff1f) forms.add(ASK);
  const before = text.slice(Math.max(0, start - 8), start).trimEnd();
  if (before !== "" && MARK.test(before)) {
    if (COMMENTED.test(before)) forms.add(COMMENT);
    if (LISTED.test(before)) forms.add(ITEM);
  }
  const line = text.slice(start, Math.min(end, start + MOST_LABEL));
  const ascii = line.indexOf(":"), colon = ascii < 0 ? line.indexOf("\uff1a") : ascii;
  if (colon > 0) forms.add(LABEL);
  if (line.length > 12 && !SMALL.test(line) && line !== line.toLowerCase()) forms.add(CAPS);
  // Somebody is called: `Claude, …`, `AI agents: …`, `@copilot …`
  for (let k = 0; k < Math.min(list.length, 8); k++) {
    if (!(meanings[k]?.includes(MACHINE) ?? false)) continue;
    if (k === 0 || colon > 0 || /[,\u2014!]/.test(line) || before.endsWith("@")) forms.add(CALLED);
  }
  const [first = NONE, second = NONE] = meanings;
  if (first.some((id) => WANTED.has(id)) || second.some((id) => WANTED.has(id))) forms.add(FIRST);
}

const NO_PHRASES: readonly Phrase[] = [];

function fits(word: string | undefined, wanted: string): boolean {
  return word !== undefined && (wanted.endsWith("*") ? word.startsWith(wanted.slice(0, -1)) : word === wanted);
}
