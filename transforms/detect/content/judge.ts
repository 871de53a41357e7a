/**
 * Judges whether a text gives orders to a model.
 *
 * @module
 */
import { findActs } from "./acts.ts";
import { findAddresses, OFFICES } from "./address.ts";
import { contextFactor, findQuotes, type Quote, shapeFactor } from "./context.ts";
import { rot13 } from "./encodings.ts";
import { type Hidden } from "./hidden.ts";
import { normalize, type Normalized } from "./normalize.ts";
import { findPattern, parsePattern, type Pattern, type Span } from "./patterns.ts";
import { SIGNALS, type TextKind } from "./signals.ts";
import { findWords, type Words } from "./words.ts";

/** Why a text looks hostile. */
export interface Reason {
  /** The sign's stable name. */
  readonly name: string;
  /** What the text does, for a person. */
  readonly says: string;
  /** What it adds, 0 to 1. */
  readonly weight: number;
  /** The words that show it, made plain. */
  readonly text: string;
}

/** What was concluded. */
export interface Judgement {
  /** 0 to 1. */
  readonly score: number;
  /** The heaviest first. */
  readonly reasons: readonly Reason[];
}

/** How a text is judged. */
export interface JudgeOptions {
  readonly kind: TextKind;
  /** Characters that are read. */
  readonly maxChars?: number | undefined;
  /** Of a definition: its first sentence says what it does, in the imperative. */
  readonly opens?: boolean | undefined;
  /** Whether any word may begin an order, as in names. */
  readonly anywhere?: boolean | undefined;
}

interface Ready {
  readonly name: string;
  readonly says: string;
  readonly weight: Readonly<Record<TextKind, number>>;
  readonly patterns: readonly (readonly [pattern: Pattern, scale: number])[];
  readonly shapes: readonly RegExp[];
  readonly quotable: boolean;
}

/** Encodings within encodings that are read. */
const MOST_LEVELS = 2;
/** Characters of evidence. */
const MOST_EVIDENCE = 160;
/** Spaces or empty lines in a row that push what follows out of sight. */
const PADDING = /[ \t\u00a0]{60}|\n[ \t]{0,8}(?:\n[ \t]{0,8}){11}/;
/** What stands before an order. */
const LEADS = new Set(
  "please must should then and also now first always just immediately next kindly silently secretly quietly you simply finally instead will shall bitte afterwards subsequently by"
    .split(" "),
);
const WILLING = new Set(
  "need needs require requires ask tell expect command order want have has required want sure remember order instructed asked supposed forget going"
    .split(" "),
);

let ready: readonly Ready[] | undefined;

/** Makes the tables, once. */
function prepare(): readonly Ready[] {
  return SIGNALS.map(({ name, says, weight, patterns = [], shapes = [], quotable = false }) => ({
    name,
    says,
    weight,
    patterns: patterns.map((source) => {
      const [sequence = "", scale = "1"] = source.split(" =");
      return [parsePattern(sequence), Number(scale)] as const;
    }),
    shapes,
    quotable,
  }));
}

/** Judges a text. */
export function judge(text: string, options: JudgeOptions): Judgement {
  return judgeLevel(text, options, 0);
}

function judgeLevel(source: string, options: JudgeOptions, level: number): Judgement {
  ready ??= prepare();
  const plain = normalize(source, options), { text } = plain;
  const reasons = hiddenReasons(plain, options.kind, level);
  const words = findWords(text), quotes = findQuotes(text), markedQuotes = findQuotes(plain.marked);
  const begins = (token: number) => beginsOrder(token, words, text, options);
  for (const { name, says, weight, patterns, shapes, quotable } of ready) {
    let best = 0, shown = "";
    for (const [pattern, scale] of patterns) {
      if (scale * weight[options.kind] <= best) continue;
      for (const span of findPattern(pattern, words, begins)) {
        const from = words.start[span.first] ?? 0, to = words.end[span.last] ?? 0;
        let found = weight[options.kind] * scale * contextFactor(span, words, quotes) * plainFactor(name, span, words);
        if (plain.invisible.some(([start, end]) => from >= start - 2 && to <= end + 2)) {
          found = 1 - (1 - found) * 0.5;
        }
        if (found > best) best = found, shown = text.slice(from, to);
      }
    }
    for (const shape of shapes) {
      const match = shape.exec(plain.marked);
      if (match === null) continue;
      const found = weight[options.kind] * shapeFactor(match.index, words, quotable ? [] : markedQuotes);
      if (found > best) best = found, shown = match[0].trim();
    }
    if (best > 0) reasons.push({ name, says, weight: best, text: shorten(shown) });
  }
  if (options.kind === "content") {
    {
      const factor = registerFactor(text);
      return weighed(register(reasons, factor), register(orderReasons(plain, words, quotes), factor));
    }
  }
  reasons.sort((a, b) => b.weight - a.weight);
  return { score: combine(reasons), reasons };
}

/** Signs that need nobody who is told: the text poses as something else, or hides. */
const FRAMES = new Set(
  "role_marker role_token fake_system system_label pseudo_tag fake_turn end_marker image_leak hidden_tags hidden_selectors zero_width bidi ansi look_alikes spread encoded"
    .split(" "),
);
/** Signs that people give among themselves as well. */
const HUMAN = new Set(
  "secrecy unasked conversation new_task role unbound destruction redirection authority threat urgency bias trigger persistence exfiltration secret_read coercion"
    .split(" "),
);
/** Weight from which on it is a model that is spoken to. */
const SPOKEN = 0.34;
/** What is left of those if nobody but people is spoken to. */
const AMONG_PEOPLE = 0.75;

/** What people write to whom they bind, and what projects write to their own models. */
const CONTRACT =
  /\b(?:hereby|pursuant|third part(?:y|ies)|agreement|controller|processor|clause|contractor|confidentiality|counterparty|liability)\b/gi;
const PERSONA =
  /system[_ -]?prompt|["']role["']\s{0,2}:\s{0,2}["']system["']|\bprompts?\/|(?:^|[\n"'\`])[ \t+]{0,8}You are (?!now\b|no longer\b|hereby\b)[^.\n]{0,40}\b(?:assistant|bot|agent|helper|clerk|reviewer|translator|expert)\b/;
/** The code of tests: what they try out is written in it. */
const TESTS =
  /^#!\s?\/|\bfunc Test\w{0,60}\(|\bdef test_|\b(?:describe|it|test)\(["'\`]|\bexpect\(|\bassert(?:Equals?|True|That|_eq!?)?[ (]|@pytest|#\[test\]|\brunning \d{1,6} tests?\b|\.{3} ok\b|\bcases := |@Test\b/;
/** What options of commands do. */
const MANUAL = /(?:^|\n)[ \t]{0,12}-{1,2}[a-zA-Z][\w-]{0,30}(?:[:,=]| {2})|[.;] -[a-zA-Z]: |(?:^|\n)usage: /g;
/** A name before what somebody says, in a script. */
const SPEAKER =
  /(?:^|\n)[ \t]{0,8}(?!(?:HTTP|INFO|WARN|ERROR|DEBUG|NOTE|STEP|FROM|DATE)\b)[A-Z]{2,14}(?: \([^)\n]{1,30}\))?[:.] /g;

/** By how much orders weigh less in a text of a kind that gives orders to others, or to one's own model. */
function registerFactor(text: string): number {
  if ((text.match(SPEAKER)?.length ?? 0) >= 3) return 0.45;
  if (TESTS.test(text)) return 0.5;
  if ((text.match(MANUAL)?.length ?? 0) >= 2 || (text.match(CONTRACT)?.length ?? 0) >= 2 || OFFICES.test(text)) {
    return 0.6;
  }
  return PERSONA.test(text) && !/\byou are now\b/i.test(text) ? 0.6 : 1;
}

/** Lowers what belongs to such a text; what poses, hides or overrides stays. */
function register(reasons: Reason[], factor: number): Reason[] {
  return factor === 1
    ? reasons
    : reasons.map((reason) =>
      FRAMES.has(reason.name) && reason.name !== "system_label" && reason.name !== "role_token" ||
        reason.name === "override" && factor > 0.55
        ? reason
        : { ...reason, weight: reason.weight * factor }
    );
}

/** Takes the stronger of two views: what the words say by themselves, and what a model is told to do. */
function weighed(reasons: Reason[], orders: Reason[]): Judgement {
  const frames = reasons.filter(({ name }) => FRAMES.has(name));
  // Who is spoken to is told by the orders, if there are any.
  const spoken = orders.filter(({ name }) => name === "told");
  const others = reasons.filter(({ name }) => name !== "addressed" && name !== "commanded");
  const words = spoken.some(({ weight }) => weight > SPOKEN) || frames.length > 0
    ? [...others, ...spoken]
    : [...spoken, ...others].map((reason) =>
      HUMAN.has(reason.name) ? { ...reason, weight: reason.weight * AMONG_PEOPLE } : reason
    );
  const acts = orders.length > 0 ? [...orders, ...frames] : [];
  const best = combine(acts) > combine(words) ? acts : words;
  best.sort((a, b) => b.weight - a.weight);
  return { score: combine(best), reasons: best };
}

/** What is wanted by itself of nobody. */
const ASIDES = new Set(["claims", "target", "user", "discloses"]);
/** What is left of an address if nothing is wanted in the sentence that follows. */
const LATER = 0.6;

/** Where the first sentence behind an address ends, in a text made plain. */
function sentenceEnd(text: string, from: number): number {
  const behind = text.slice(from, from + 400),
    skip = /^[^\w\n]{0,4}(?:\s{0,8}\n\s{0,8})?/.exec(behind)?.[0].length ?? 0;
  const length = behind.slice(skip + 2).search(/[.!?;\u3002\uff01](?:\s|$|["'<)\]])|\n\s{0,8}\n|[\u3002\uff01]/);
  return length < 0 ? from + behind.length : from + skip + 2 + length;
}

/** The strongest order to a model that the text has: who is told, and what. */
function orderReasons(plain: Normalized, words: Words, quotes: readonly Quote[]): Reason[] {
  const { text } = plain;
  let best: Reason[] = [], score = 0;
  for (const address of findAddresses(text)) {
    const acts = findActs(text, address);
    if (acts.length === 0) continue;
    const factor = shapeFactor(address.start, words, quotes);
    // Who is spoken to is told at once what to do.
    const soon = sentenceEnd(text, address.end);
    const near = acts.some(({ name, start }) => start < soon && !ASIDES.has(name))
      ? 1
      : address.weight >= 0.38
      ? 0.85
      : LATER;
    const reasons = [
      {
        name: "told",
        says: "speaks to the model",
        weight: address.weight * factor * near,
        text: shorten(text.slice(address.start, address.end)),
      },
      ...acts.map(({ name, says, weight, start, end }) => ({
        name,
        says,
        weight: weight * Math.min(factor, shapeFactor(start, words, quotes)),
        text: shorten(text.slice(start, end)),
      })),
    ];
    const found = combine(reasons);
    if (found > score) score = found, best = reasons;
  }
  return best;
}

/** What a person or a thing may be called as well, and what before it says that it is a machine. */
const PEOPLE = new Set("agent agents assistant assistants model bot cursor gemini".split(" "));
const GREETINGS = new Set("dear hey hi hello attention".split(" "));
const MACHINES = new Set("ai llm coding language automated virtual digital an any every".split(" "));

/** Orders that turn into warnings by a negation before them. */
const NEGATABLE = new Set(
  "commanded exfiltration secret_read smuggling conversation coercion coercion_with_secrets destruction prompt_leak redirection"
    .split(" "),
);
const NOT = new Set(
  "not dont never cannot cant shouldnt mustnt nicht niemals ne nunca jamais nao non nie не никогда 不要 请勿 不得"
    .split(" "),
);

/** Who or what is said to put instructions aside, or is made to: told about, not told. */
const REPORTED = new Set(
  "can could may might i we they he she it make makes made making lets let us him her them told asked attempts tries tried wants users attackers contractor employees"
    .split(" "),
);

/** Some words make a sequence mean something else. */
function plainFactor(name: string, span: Span, words: Words): number {
  if (NEGATABLE.has(name)) {
    for (let token = Math.max(0, span.first - 3); token < span.first; token++) {
      if (words.sentence[token] === words.sentence[span.first] && NOT.has(words.tokens[token] ?? "")) return 0.25;
    }
  }
  if ((name === "addressed" || name === "commanded") && !GREETINGS.has(words.tokens[span.first] ?? "")) {
    const called = words.of("AI").first.filter((token) => token >= span.first && token <= span.last);
    const isPerson = called.every((token) =>
      PEOPLE.has(words.tokens[token] ?? "") && !MACHINES.has(words.tokens[token - 1] ?? "")
    );
    return isPerson && called.length > 0 ? 0.6 : 1;
  }
  if (name === "override") {
    for (let token = Math.max(0, span.first - 4); token < span.first; token++) {
      if (words.sentence[token] === words.sentence[span.first] && REPORTED.has(words.tokens[token] ?? "")) return 0.5;
    }
    if (/^\w+ing$/.test(words.tokens[span.first] ?? "") && words.tokens[span.first - 1] !== "by") return 0.5;
    if (
      /\b(?:agreements?|contractors?|clauses?|parties)\b/.test(
        words.tokens.slice(Math.max(0, span.first - 20), span.last + 20).join(" "),
      )
    ) return 0.5;
    return words.of("DOMAIN").first.some((token) => token > span.first && token < span.last + 2) ? 0.3 : 1;
  }
  if (name === "role" && REPORTED.has(words.tokens[span.first - 1] ?? "")) return 0.3;
  if (name === "role" && words.tokens[span.first] === "you") {
    // "You are now entering", "you are now connected"
    return /^(?:\w+ing|in|at|on|able|ready|\w+ed|subscribed|viewing)$/.test(words.tokens[span.last + 1] ?? "")
      ? 0.2
      : 1;
  }
  return 1;
}

/** Chance that at least one reason is right, taken as independent. */
export function combine(reasons: readonly Reason[]): number {
  return 1 - reasons.reduce((left, { weight }) => left * (1 - Math.min(weight, 0.95)), 1);
}

function hiddenReasons(plain: Normalized, kind: TextKind, level: number): Reason[] {
  const reasons: Reason[] = [];
  const add = (name: string, says: string, definition: number, content: number, text: string) => {
    const weight = kind === "definition" ? definition : content;
    if (weight > 0) reasons.push({ name, says, weight, text: shorten(text) });
  };
  const hidden: Hidden = plain.hidden;
  if (hidden.tags >= 3) add("hidden_tags", "has text in invisible tag characters", 0.8, 0.75, hidden.text);
  if (hidden.selectors >= 4) add("hidden_selectors", "has data in variation selectors", 0.65, 0.6, hidden.text);
  if (hidden.zeroWidth >= 2) {
    add("zero_width", "has characters of no width between letters", 0.5, 0.3, `${hidden.zeroWidth} characters`);
  }
  if (hidden.bidi > 0) add("bidi", "changes the order in which text is shown", 0.5, 0.25, `${hidden.bidi} characters`);
  if (hidden.concealing > 0) {
    add("ansi", "has terminal sequences that hide text", 0.65, 0.25, `${hidden.concealing} sequences`);
  } else if (hidden.ansi > 0) add("ansi", "has terminal sequences", 0.35, 0, `${hidden.ansi} sequences`);
  if (hidden.mixedWords > 0) {
    const share = Math.min(1, 0.6 + hidden.mixedWords * 0.2);
    add(
      "look_alikes",
      "mixes look-alike letters of other scripts into words",
      0.5 * share,
      0.3 * share,
      `${hidden.mixedWords} words`,
    );
  }
  if (plain.spread.length > 0) add("spread", "spreads the letters of words", 0.3, 0.25, plain.spread.join(" "));
  if (kind === "definition" && PADDING.test(plain.marked.trim())) {
    add("padding", "pushes text out of sight", 0.4, 0, "");
  }
  if (level >= MOST_LEVELS) return reasons;
  const inner: { says: string; text: string }[] = plain.decoded.map(({ how, text }) => ({ says: how, text }));
  if (hidden.text.length > 7) inner.push({ says: "invisible characters", text: hidden.text });
  if (/\brot-?13\b/i.test(plain.text)) inner.push({ says: "rot13", text: rot13(plain.text) });
  let worst: Judgement | undefined, how = "";
  for (const { says, text } of inner) {
    const judgement = judgeLevel(text, { kind }, level + 1);
    if (judgement.score > (worst?.score ?? 0.15)) worst = judgement, how = says;
  }
  const [first] = worst?.reasons ?? [];
  if (worst !== undefined && first !== undefined) {
    const weight = Math.min(0.95, 0.3 + worst.score * 0.7);
    reasons.push({ name: "encoded", says: `${first.says}, in ${how}`, weight, text: first.text });
  } else if (plain.decoded.length > 0) add("blob", "has encoded text", 0.35, 0, plain.decoded[0]?.text ?? "");
  return reasons;
}

/** Whether a word stands where an order begins. */
function beginsOrder(token: number, words: Words, text: string, { kind, opens, anywhere }: JudgeOptions): boolean {
  if (anywhere === true) return true;
  const before = words.tokens[token - 1];
  const first = before === undefined || words.sentence[token] !== words.sentence[token - 1];
  // A tool's own description is in the imperative: "Read a file".
  if (first) return !(kind === "definition" && opens === true && words.sentence[token] === 0);
  if (LEADS.has(before)) return true;
  if (before === "to") {
    const willing = words.tokens[token - 2] ?? "";
    return WILLING.has(willing) || willing === "you" && WILLING.has(words.tokens[token - 3] ?? "");
  }
  const between = text.slice(words.end[token - 1] ?? 0, words.start[token] ?? 0);
  return between.length < 16 && /[,([{"'*>|\n\u2014\u2013-]/.test(between);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MOST_EVIDENCE ? line : `${line.slice(0, MOST_EVIDENCE - 1)}\u2026`;
}
