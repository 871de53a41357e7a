/**
 * Text of others in pieces that can be shown safely: what cannot be seen or reorders a line is named, what was redacted
 * is marked.
 *
 * @module
 */

/** A piece of text. */
export type Segment =
  | { readonly kind: "plain"; readonly text: string }
  /** One character that is invisible or dangerous; `text` stands for it. */
  | { readonly kind: "hidden"; readonly text: string; readonly code: string }
  /** What redaction put in the place of a value: `docs/redaction.md`. */
  | { readonly kind: "redacted"; readonly text: string; readonly of: string; readonly hash: string | undefined };

/** Nothing in it needs a closer look. */
const HARMLESS = /^[\x20-\x7e\n]*$/;

/**
 * In order: emoji sequences (kept whole, though they hold joiners), piled-up combining marks, and all that moves the
 * cursor, reorders the line or cannot be seen. The same as `sinks/console/visible.ts`.
 */
const SUSPECT = new RegExp(
  [
    "(?<emoji>\\p{Extended_Pictographic}\\p{Emoji_Modifier}?\\ufe0f?(?:\\u200d\\p{Extended_Pictographic}\\p{Emoji_Modifier}?\\ufe0f?){0,8}|[0-9#*]\\ufe0f\\u20e3)",
    "(?<marks>\\p{M}{4})\\p{M}+",
    "(?<hidden>[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}])",
  ].join("|"),
  "gu",
);

/** Tokens of `transforms/redact/tokens.ts`, and credentials as the `http` transform shows them. */
const REDACTED = /<([a-z0-9_.-]{1,64}):hash:([0-9a-f]{12})>|\bsha256:([0-9a-f]{8})(?![0-9a-f])/g;
/** With `mask`: only kinds that are known, as `<b>` is anything. */
const MASKED =
  /<(redacted|password|secret|token|cookie|credential|code|authorization|session_id|email|phone|iban|[a-z0-9]{1,24}_(?:key|token|number|id|address|secret|webhook|string))>/g;

/** The pieces of a text. A line break is a piece of its own, shown as `↵`, unless `lines` is true. */
export function segments(text: string, lines = false): readonly Segment[] {
  if (HARMLESS.test(text) && !text.includes("<") && !text.includes("sha256:") && (lines || !text.includes("\n"))) {
    return text === "" ? [] : [{ kind: "plain", text }];
  }
  const out: Segment[] = [];
  let from = 0;
  for (const { start, end, of, hash } of redactions(text)) {
    hiddenIn(text.slice(from, start), lines, out);
    out.push({ kind: "redacted", text: text.slice(start, end), of, hash });
    from = end;
  }
  hiddenIn(text.slice(from), lines, out);
  return out;
}

/** How many redacted values a text shows. */
export function countRedactions(text: string): number {
  return redactions(text).length;
}

interface Mark {
  readonly start: number;
  readonly end: number;
  readonly of: string;
  readonly hash: string | undefined;
}

function redactions(text: string): readonly Mark[] {
  if (!text.includes("<") && !text.includes("sha256:")) return [];
  const marks: Mark[] = [];
  for (const found of text.matchAll(REDACTED)) {
    const [whole, kind = "credential", hash = found[3]] = found;
    marks.push({ start: found.index, end: found.index + whole.length, of: kind, hash });
  }
  for (const found of text.matchAll(MASKED)) {
    marks.push({ start: found.index, end: found.index + found[0].length, of: found[1] ?? "redacted", hash: undefined });
  }
  return marks.sort((a, b) => a.start - b.start);
}

function hiddenIn(text: string, lines: boolean, out: Segment[]): void {
  let from = 0;
  const plain = (to: number) => {
    if (to > from) out.push({ kind: "plain", text: text.slice(from, to) });
  };
  for (const found of HARMLESS.test(text) && (lines || !text.includes("\n")) ? [] : text.matchAll(SUSPECT)) {
    const { emoji, marks } = found.groups ?? {};
    if (emoji !== undefined || (lines && found[0] === "\n")) continue;
    plain(found.index);
    from = found.index + found[0].length;
    const code = found[0].codePointAt(0) ?? 0;
    out.push(
      marks === undefined
        ? { kind: "hidden", text: picture(code), code: name(code) }
        : { kind: "plain", text: `${marks}…` },
    );
  }
  plain(text.length);
}

function picture(code: number): string {
  if (code === 0x0a) return "↵";
  if (code === 0x09) return "⇥";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "␡";
  return name(code);
}

function name(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** One line of text in which every character is seen, of at most so many UTF-16 units. */
export function visible(text: string, most = 300): string {
  return segments(cut(text, most)).map((part) => part.kind === "hidden" ? `⟨${part.text}⟩` : part.text).join("") +
    (text.length > most ? "…" : "");
}

/** Cuts without halving a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
