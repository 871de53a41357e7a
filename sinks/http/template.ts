/**
 * Text with an event's values in it: `{"text": "${severity}: ${message}", "ms": ${call.duration_ms}}`.
 *
 * - `${call.tool}` is the value of that member of the event's JSON line (docs/jsonl.md); `${params.items.0}` an element of an
 *   array; `${.}` the whole line; `${record_id}` the record's id. `$${` is a plain `${`.
 * - In a template of JSON a value between quotes is escaped and without quotes of its own, one outside is JSON: what comes
 *   out is JSON whatever the values are. What is not there is nothing between quotes, `null` outside.
 * - In other text values are as they are, on one line.
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";
import { wrongPath } from "./template_fields.ts";

/** One mistake. */
export interface TemplateProblem {
  /** Offset of the first character that is wrong, in UTF-16 units from 0. */
  readonly at: number;
  /** What is wrong, without a full stop. */
  readonly message: string;
}

/** What a template is made of. */
type Piece =
  | { readonly text: string }
  | { readonly path: readonly string[]; readonly quoted: boolean };

/** A template that can be used. */
export interface Template {
  /** Fills it in with an event's line and its id. */
  render(line: string, id: string): string;
}

/** What came of a text. */
export type Parsed =
  | { readonly template: Template; readonly problems?: never }
  | { readonly template?: never; readonly problems: readonly TemplateProblem[] };

const PATH = /^(?:\.|[^\s.${}]+(?:\.[^\s.${}]+)*)$/;

/** Reads a template. `json` says that what comes out has to be JSON. */
export function parseTemplate(text: string, json: boolean): Parsed {
  const problems: TemplateProblem[] = [];
  const pieces: Piece[] = [];
  let plain = "", quoted = false, at = 0;
  const flush = () => {
    if (plain !== "") pieces.push({ text: plain });
    plain = "";
  };
  while (at < text.length) {
    if (text.startsWith("$${", at)) {
      plain += "${";
      at += 3;
    } else if (text.startsWith("${", at)) {
      const end = text.indexOf("}", at);
      const name = text.slice(at + 2, end < 0 ? undefined : end).trim();
      if (end < 0) problems.push({ at, message: '"${" without "}"; write "$${" for a plain "${"' });
      else if (!PATH.test(name)) problems.push({ at, message: `"${name}" is no name such as call.tool` });
      else {
        const path = name === "." ? [] : name.split(".");
        const wrong = wrongPath(path);
        if (wrong !== undefined) problems.push({ at: at + 2, message: wrong });
        flush();
        pieces.push({ path, quoted });
      }
      at = end < 0 ? text.length : end + 1;
    } else {
      const character = text[at++]!;
      if (json && quoted && character === "\\") plain += character + (text[at++] ?? "");
      else {
        if (character === '"') quoted = !quoted;
        plain += json && !quoted && /[\r\n]/.test(character) ? " " : character;
      }
    }
  }
  flush();
  if (problems.length === 0 && json) problems.push(...isNoJson(pieces));
  return problems.length > 0 ? { problems } : { template: { render: (line, id) => render(pieces, json, line, id) } };
}

/** The mistakes in words, each with its place: `line 2, column 5: no event has "tool"; did you mean "call.tool"?`. */
export function describeProblems(text: string, problems: readonly TemplateProblem[]): string {
  const many = text.includes("\n");
  return problems.map(({ at, message }) => {
    const before = text.slice(0, at).split("\n");
    const column = `column ${before.at(-1)!.length + 1}`;
    return `${many ? `line ${before.length}, ` : ""}${column}: ${message}`;
  }).join("; ");
}

function isNoJson(pieces: readonly Piece[]): TemplateProblem[] {
  const filled = pieces.map((piece) => "text" in piece ? piece.text : piece.quoted ? "" : "null").join("");
  try {
    JSON.parse(filled);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{
      at: 0,
      message: `the template gives no JSON (${message}); with another "content_type" it need not`,
    }];
  }
}

function render(pieces: readonly Piece[], json: boolean, line: string, id: string): string {
  const event: Json = JSON.parse(line);
  let text = "";
  for (const piece of pieces) {
    if ("text" in piece) text += piece.text;
    else if (piece.path.length === 0) text += json && piece.quoted ? inside(line) : line;
    else {
      const value = piece.path.length === 1 && piece.path[0] === "record_id" ? id : valueAt(event, piece.path);
      text += !json ? flat(asText(value)) : piece.quoted ? inside(asText(value)) : JSON.stringify(value ?? null);
    }
  }
  return text;
}

function valueAt(event: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = event;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as { [member: string]: Json })[name];
  }
  return at;
}

function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** As it stands between the quotes of a JSON string. */
function inside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Without what breaks a line or moves a cursor. */
function flat(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}
