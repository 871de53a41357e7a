/**
 * Makes finding events of what detectors report. What comes from peers is shortened here, once for all detectors.
 *
 * @module
 */
import type { Event, EventBase, FindingEvent, Json, Severity } from "../../pipeline/event.ts";
import type { Found, Rule } from "./detector.ts";

/** Longest message and longest evidence, in UTF-16 code units. */
const MESSAGE = 500;
const EVIDENCE = 300;
/** Longest text, most members of one object or array, and deepest nesting in `details`. */
const DETAIL = 1000, MEMBERS = 64, DEPTH = 6;

/** What a finding takes its origin from where it names none itself: the event at hand, or no event. */
export type At = Event | (EventBase & { readonly kind: "none" });

/** The event of something found under a rule by a detector. */
export function findingOf(rule: Rule, detector: string, severity: Severity, found: Found, at: At): FindingEvent {
  const current = at.kind === "mcp" ? at : undefined;
  const event = found.event ?? found.call?.request ?? current;
  const base = event ?? at;
  return {
    kind: "finding",
    time: found.time ?? event?.time ?? at.time,
    source: base.source,
    process: base.process,
    peer: base.peer,
    rule: rule.code,
    severity,
    message: shortened(found.message, MESSAGE),
    evidence: found.evidence === undefined ? undefined : shortened(found.evidence, EVIDENCE),
    stream: event?.stream,
    detector,
    category: rule.category,
    score: found.score,
    target: rule.target,
    references: rule.references,
    details: found.details === undefined ? undefined : members(found.details, 0),
    event: found.event ?? current,
    call: found.call ?? event?.context?.call,
    session: found.session ?? event?.context?.session,
  };
}

/** The text, or its beginning and `…`; a surrogate pair is not halved. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 2);
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 2 : length - 1)}…`;
}

function members(value: { readonly [name: string]: Json }, depth: number): { [name: string]: Json } {
  const entries = Object.entries(value);
  const kept = entries.slice(0, MEMBERS).map(([name, member]) => [shortened(name, DETAIL), small(member, depth + 1)]);
  if (entries.length > MEMBERS) kept.push(["…", `${entries.length - MEMBERS} more`]);
  return Object.fromEntries(kept);
}

function small(value: Json, depth: number): Json {
  if (typeof value === "string") return shortened(value, DETAIL);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEPTH) return "…";
  if (!Array.isArray(value)) return members(value, depth);
  const kept = value.slice(0, MEMBERS).map((item) => small(item, depth + 1));
  return value.length > MEMBERS ? [...kept, `… ${value.length - MEMBERS} more`] : kept;
}
