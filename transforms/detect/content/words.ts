/**
 * Finds the classes of a text's words.
 *
 * @module
 */
import { foldLetters } from "./confusables.ts";
import { LEXICON, type WordClass } from "./lexicon.ts";

/** Where words of one class stand: token numbers, in their order; a phrase has several tokens. */
export interface Places {
  /** First tokens. */
  readonly first: number[];
  /** Last tokens. */
  readonly last: number[];
}

/** A text's words. */
export interface Words {
  /** Number of tokens. */
  readonly count: number;
  /** The tokens in lower case, without apostrophes. */
  readonly tokens: readonly string[];
  /** Offset in the text where the token starts. */
  readonly start: readonly number[];
  /** Offset just past it. */
  readonly end: readonly number[];
  /** Number of the sentence it is in. */
  readonly sentence: readonly number[];
  /** Where words of the class stand. */
  of(name: TokenClass): Places;
}

/** Classes of words, and those that are told by their form. */
export type TokenClass = WordClass | "URL" | "EMAIL" | "PATH" | "SECRETPATH" | "IDENTIFIER" | "NUMBER" | "QUOTED";

interface Phrase {
  readonly rest: readonly string[];
  readonly classes: TokenClass[];
}

/** Tokens of one text that are looked at. */
const MOST_TOKENS = 20_000;
/** Places of one class that are remembered. */
const MOST_PLACES = 512;
/** Words whose classes are kept ready. */
const MOST_CACHED = 8192;
/** One token: a URL, an address, a path, a name with underscores, a word. Each part has a bound. */
const TOKEN =
  /\+\d[\d ()-]{7,18}\d|(?:https?|ftp|wss?|file):\/\/[^\s"'<>()[\]{}`]{1,2048}|[\p{L}\p{N}][\w.+-]{0,63}@[\w-]{1,63}\.[\w.-]{1,63}|(?:~|\.{1,2}|%\w{1,32}%|\$\w{1,32}|[A-Za-z]:)?[\\/][\w.~$@-][\w.~$@\\/-]{0,255}|\.[a-z][\w.-]{0,63}|[\p{L}\p{N}][\p{L}\p{M}\p{N}_'\u2019]{0,63}(?:[.-][\p{L}\p{N}_]{1,32}){0,4}|[.!?:;\n\u3002\uff01\uff1f\uff1b\u0964]/gu;
const BREAK = /^[.!?:;\n\u3002\uff01\uff1f\uff1b\u0964]$/;
const CJK = /[\u3040-\u30ff\u3400-\u9fff]/;
const TRAILING = /[.,;:!?]{1,8}$/;
/** Articles and the like before a vowel, in French and Italian. */
const ELISION = /^(?:[ldjsnmtc]|qu|dell|all|nell|sull)['\u2019](?=\p{L}{3})/u;
const APOSTROPHE = /['\u2019]/g;

/** Files that hold secrets, and those of clients that name servers. */
const SECRET_PATH =
  /\.ssh(?:\W|$)|id_(?:rsa|dsa|ecdsa|ed25519)|\.env(?:\W|$)|(?:^|\W)mcp(?:_config|_settings|[-_]servers)?\.json|claude_desktop_config|\.aws(?:\W|$)|\.azure(?:\W|$)|\.gcloud|gcloud\W|\.kube(?:\W|$)|kubeconfig|\.docker\Wconfig|\.npmrc|\.pypirc|\.netrc|\.git-credentials|\.gnupg|\.pgpass|\/etc\/(?:passwd|shadow|sudoers|secrets?)|\/proc\/(?:self|\d+)\/environ|credentials?(?:\.\w{2,5})?$|secrets?(?:\.\w{2,5})$|\.pem$|\.p12$|\.pfx$|\.key$|\.keychain|keychain|wallet\.dat|\.bash_history|\.zsh_history|login data|cookies\.sqlite|\.config\/(?:gh|hub|op)|api[_-]?keys?\.\w{2,5}$|\.terraform\.d|\.vault-token|tokens?\.json$|service[-_]?account[\w-]*\.json/i;

/** Telephone and account numbers, IBANs (ISO 13616), addresses of Ethereum and Bitcoin. */
const NUMBER =
  /^(?:\+\d[\d ()-]{7,18}\d|\d[\d-]{6,30}|[a-z]{2}\d{2}[a-z0-9]{10,30}|0x[0-9a-f]{40}|bc1[a-z0-9]{20,62})$/;
/** A word with digits for letters. */
const LEET = /^(?=.{0,30}[a-z])[a-z0-9]{0,30}[013457][a-z0-9]{0,30}$/;
const LETTERS: Readonly<Record<string, string>> = { 0: "o", 3: "e", 4: "a", 5: "s", 7: "t" };
/** Parts of names of tables, columns and variables that hold secrets. */
const SECRET_PART =
  /(?:^|_)(?:tokens?|secrets?|passwords?|passwd|credentials?|api_?keys?|private_key|ssh_keys?|cookies?)(?:_|$)/;

let exact: Map<string, TokenClass[]> | undefined;
let stems: Map<string, TokenClass[]>;
let stemLengths: number[];
let phrases: Map<string, Phrase[]>;
let runs: Map<string, { text: string; classes: TokenClass[] }[]>;
const cache = new Map<string, readonly TokenClass[]>();

/** Makes the tables of the words, once. */
function prepare(): Map<string, TokenClass[]> {
  const words = new Map<string, TokenClass[]>();
  stems = new Map();
  phrases = new Map();
  runs = new Map();
  const add = (map: Map<string, TokenClass[]>, key: string, name: TokenClass) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [name]);
    else if (!list.includes(name)) list.push(name);
  };
  for (const name of Object.keys(LEXICON) as WordClass[]) {
    for (const entry of foldLetters(LEXICON[name]).split(", ")) {
      const parts = entry.trim().split(" ");
      const [head = ""] = parts;
      if (CJK.test(entry)) {
        const first = entry[0] ?? "", list = runs.get(first) ?? [];
        const same = list.find(({ text }) => text === entry);
        if (same === undefined) list.push({ text: entry, classes: [name] });
        else if (!same.classes.includes(name)) same.classes.push(name);
        runs.set(first, list.sort((a, b) => b.text.length - a.text.length));
      } else if (parts.length > 1) {
        const list = phrases.get(head) ?? [], rest = parts.slice(1);
        const same = list.find((phrase) => phrase.rest.join(" ") === rest.join(" "));
        if (same === undefined) list.push({ rest, classes: [name] });
        else if (!same.classes.includes(name)) same.classes.push(name);
        phrases.set(head, list);
      } else if (head.endsWith("*")) add(stems, head.slice(0, -1), name);
      else if (head !== "") add(words, head, name);
    }
  }
  stemLengths = [...new Set([...stems.keys()].map(({ length }) => length))].sort((a, b) => a - b);
  return words;
}

/** Finds the words of a text that was made plain. */
export function findWords(text: string): Words {
  exact ??= prepare();
  const start: number[] = [], end: number[] = [], sentence: number[] = [], tokens: string[] = [];
  const given: (readonly TokenClass[])[] = [];
  const places = new Map<TokenClass, Places>();
  const put = (name: TokenClass, first: number, last: number) => {
    let list = places.get(name);
    if (list === undefined) places.set(name, list = { first: [], last: [] });
    if (list.first.length < MOST_PLACES) list.first.push(first), list.last.push(last);
  };
  let sentences = 0;
  const push = (token: string, from: number) => {
    tokens.push(token);
    start.push(from);
    end.push(from + token.length);
    sentence.push(sentences);
  };
  for (const match of text.matchAll(TOKEN)) {
    if (tokens.length >= MOST_TOKENS) break;
    const token = match[0], at = match.index;
    if (token.length === 1 && BREAK.test(token)) {
      // A line that is merely wrapped goes on: the next one begins with a small letter.
      if (token !== "\n" || !/^\s{0,8}[a-z(`'"]/.test(text.slice(at + 1, at + 10))) sentences++;
    } else if (CJK.test(token)) {
      for (const [from, run, classes] of splitRun(token)) {
        push(run, at + from);
        given[tokens.length - 1] = classes;
      }
    } else {
      // What ends a sentence may stand at the end of a URL or path, and is not part of it.
      const word = token.replace(TRAILING, "");
      if (word === "") continue;
      push(word.toLowerCase().replace(ELISION, "").replace(APOSTROPHE, ""), at);
      end[end.length - 1] = at + word.length;
      if (word !== token && /[.!?;]/.test(token.slice(word.length))) sentences++;
    }
  }
  for (let k = 0; k < tokens.length; k++) {
    const token = tokens[k] ?? "";
    for (const name of given[k] ?? classesOf(token)) put(name, k, k);
    const mark = text[(start[k] ?? 0) - 1];
    if ((mark === "`" || mark === "'" || mark === '"') && text[end[k] ?? 0] === mark) put("QUOTED", k, k);
    for (const { rest, classes } of phrases.get(token) ?? []) {
      if (rest.every((word, n) => matches(tokens[k + 1 + n], word))) {
        for (const name of classes) put(name, k, k + rest.length);
      }
    }
  }
  const none: Places = { first: [], last: [] };
  return { count: tokens.length, tokens, start, end, sentence, of: (name) => places.get(name) ?? none };
}

/** Classes of a word whose letters are written as digits: of long words only, short ones are versions and units. */
function unleet(token: string): readonly TokenClass[] {
  const plain = token.replace(/[03457]/g, (digit) => LETTERS[digit] ?? digit);
  for (const one of ["i", "l"]) {
    const classes = exact?.get(plain.replaceAll("1", one));
    if (classes !== undefined) return classes;
  }
  return [];
}

function matches(token: string | undefined, word: string): boolean {
  return token !== undefined && (word.endsWith("*") ? token.startsWith(word.slice(0, -1)) : token === word);
}

function classesOf(token: string): readonly TokenClass[] {
  const kept = cache.get(token);
  if (kept !== undefined) return kept;
  const classes = new Set<TokenClass>(exact?.get(token));
  for (const length of stemLengths) {
    if (length > token.length) break;
    for (const name of stems.get(token.slice(0, length)) ?? []) classes.add(name);
  }
  if (/^[a-z]{2,5}:\/\//.test(token)) classes.add("URL");
  else if (token.includes("@") && !token.includes("/")) classes.add("EMAIL");
  else if (/[\\/]/.test(token) || token.startsWith(".")) classes.add("PATH");
  else if (/^[a-z0-9]+(?:[_-][a-z0-9]+)+$/.test(token) && token.includes("_")) {
    classes.add("IDENTIFIER");
    if (SECRET_PART.test(token)) classes.add("SECRET");
  }
  if (NUMBER.test(token)) classes.add("NUMBER");
  if (classes.size === 0 && LEET.test(token)) { for (const name of unleet(token)) classes.add(name); }
  if (!classes.has("URL") && SECRET_PATH.test(token) && /[./_~\\]/.test(token)) classes.add("SECRETPATH");
  if (token.includes("-") && classes.size === 0) {
    for (const part of token.split("-")) {
      for (const name of exact?.get(part) ?? []) classes.add(name);
    }
  }
  const list = [...classes];
  if (cache.size >= MOST_CACHED) cache.clear();
  if (token.length <= 64) cache.set(token, list);
  return list;
}

/** Known words in a run of characters without spaces; what is between them counts as one token for each 3 characters. */
function* splitRun(run: string): Generator<readonly [from: number, text: string, classes: readonly TokenClass[]]> {
  let plain = 0;
  for (let at = 0; at < run.length;) {
    const known = runs.get(run[at] ?? "")?.find(({ text }) => run.startsWith(text, at));
    if (known === undefined) {
      if (++at - plain >= 3) yield [plain, run.slice(plain, at), []], plain = at;
      continue;
    }
    if (plain < at) yield [plain, run.slice(plain, at), []];
    yield [at, known.text, known.classes];
    plain = at += known.text.length;
  }
  if (plain < run.length) yield [plain, run.slice(plain), []];
}
