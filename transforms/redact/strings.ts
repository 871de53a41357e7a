/**
 * Redacts one string or number of a document.
 *
 * @module
 */
import { type Finding, findSensitive } from "../../protocols/sensitive/mod.ts";
import { isNoValue, schemeLength } from "./assignments.ts";
import { redactEncoded } from "./encoded.ts";
import type { Frame } from "./frame.ts";
import { JsonWalk } from "./json_walk.ts";
import { redactAll, redactParts, takesAll } from "./parts.ts";
import type { Deed, Rule } from "./rule.ts";
import type { Run } from "./run.ts";

/** How many texts within texts are looked into. */
const NESTED = 4;
/** Shortest number that a detector looks at, in characters. */
const SHORTEST_NUMBER = 8;

/**
 * The parts of a text that may not be seen replaced, in JSON that it holds too.
 *
 * @param frame What holds where the text stands: JSON in it goes on from there.
 * @param known What the built-in detectors found in it, where that is known.
 * @param kept True if a rule keeps it: only rules before that one count then.
 */
export function redactString(
  text: string,
  run: Run,
  rules: readonly Rule[],
  frame: Frame,
  nesting: number,
  known?: readonly Finding[],
  kept = false,
): string {
  if (text.length < 2) return text;
  if (kept) return rules.length === 0 ? text : redactParts(text, run, rules);
  let shown = text;
  if (nesting < NESTED && mayHoldJson(text)) {
    const walk = new JsonWalk(text, run, nesting + 1);
    shown = walk.walk(frame);
    if (walk.clean) return shown;
  }
  shown = redactAll(shown, run, rules, shown === text ? known : undefined);
  return nesting < NESTED && shown.includes("%") ? redactEncoded(shown, run, rules, frame, nesting) : shown;
}

/** What a deed makes of a whole text; undefined: it is to be left out. */
export function redactWhole(
  text: string,
  run: Run,
  deed: Deed,
  frame: Frame,
  known?: readonly Finding[],
): string | undefined {
  if (isKept(text, frame.parts)) return text;
  if (deed.order !== Infinity) return run.replace(deed, text);
  if (isNoValue(text)) return text;
  const scheme = schemeLength(text);
  const value = text.slice(scheme);
  const own = (known ?? findSensitive(text, run.kinds)).find(({ start, end }) =>
    start <= scheme && end === text.length
  );
  const specific = own === undefined ? undefined : run.policy.kinds.get(own.kind);
  if (specific !== undefined || scheme === 0) return run.replace(specific ?? deed, text) ?? "";
  return text.slice(0, scheme) + (run.replace(deed, value) ?? "");
}

/** A number, or `true`, `false`, `null`, as it is written; what it becomes is a string unless it stays. */
export function redactNumber(
  text: string,
  isNumber: boolean,
  run: Run,
  frame: Frame,
  named: Deed | undefined,
): string | undefined {
  const deed = frame.whole ?? (isNumber ? named : undefined);
  if (deed?.action === "keep" || (deed?.action === "truncate" && !isNumber)) return text;
  if (deed !== undefined) return isKept(text, frame.parts) ? text : run.replace(deed, text);
  if (!isNumber || (text.length < SHORTEST_NUMBER && frame.parts.length === 0)) return text;
  return redactAll(text, run, frame.parts);
}

/** True if a rule before the one for the whole text keeps all of it. */
function isKept(text: string, rules: readonly Rule[]): boolean {
  return rules.some((rule) => rule.deed.action === "keep" && takesAll(text, rule));
}

/** True for what begins as JSON does, or has escapes that hide what it says. */
function mayHoldJson(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === 0x7b || first === 0x5b || first === 0x22) return true;
  if (first <= 0x20) {
    const start = text.trimStart()[0];
    if (start === "{" || start === "[") return true;
  }
  return text.includes("\\u") || text.includes("\\/");
}
