/**
 * Makes finding events of what detectors report. What comes from peers is shortened here, once for all detectors.
 *
 * @module
 */
import type { Event, EventBase, FindingEvent, Severity } from "../../pipeline/event.ts";
import { shortened } from "../../pipeline/shortened.ts";
import { smallDetails } from "./details.ts";
import type { Found, Rule } from "./detector.ts";

/** Longest message and longest evidence, in UTF-16 code units. */
const MESSAGE = 500;
const EVIDENCE = 300;

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
    details: found.details === undefined ? undefined : smallDetails(found.details),
    event: found.event ?? current,
    call: found.call ?? event?.context?.call,
    session: found.session ?? event?.context?.session,
  };
}
