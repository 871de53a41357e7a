/**
 * Fields of any event, of findings and of gaps.
 *
 * @module
 */
import { SEVERITIES } from "../../event.ts";
import { type Field, one } from "../field.ts";
import { messageOf } from "../_subject.ts";
import { searcher } from "../_search.ts";

/** What an event is, and when. */
export const EVENT_FIELDS: readonly Field[] = [
  {
    name: "text",
    type: "search",
    summary: "Any text of the message, head or body, finding or gap; a bare word is the same",
    example: 'text:"foo bar"',
    cost: 2,
    search: searcher,
  },
  {
    name: "kind",
    type: "name",
    names: ["mcp", "http", "sensor", "finding", "gap", "chunk"],
    summary:
      "What the event is: a message, HTTP without one, what a sensor told, what a detector found, what was not seen, raw bytes",
    example: "kind:(mcp|finding)",
    cost: 0,
    read: (event, test) => test(event.kind),
  },
  {
    name: "time",
    type: "time",
    summary: "When: local time of day, or a date",
    example: "time:18:08..18:09:30",
    cost: 0,
    read: (event, test) => test(event.time),
  },
  {
    name: "source",
    type: "text",
    summary: "Name of the source that saw it",
    example: "source:kernel",
    cost: 0,
    read: (event, test) => test(event.source),
  },
];

/** What detectors found and what was not seen. */
export const JUDGED_FIELDS: readonly Field[] = [
  {
    name: "severity",
    type: "name",
    names: SEVERITIES,
    ordered: true,
    summary: "How bad a finding is",
    example: "severity>=high",
    cost: 0,
    read: (event, test) => event.kind === "finding" ? test(event.severity) : undefined,
  },
  {
    name: "rule",
    type: "text",
    summary: "Rule of a finding",
    example: "rule:mcp.http.*",
    cost: 0,
    read: (event, test) => event.kind === "finding" ? test(event.rule) : undefined,
  },
  {
    name: "detector",
    type: "text",
    summary: "Detector of a finding",
    example: "detector:tool_drift",
    cost: 0,
    read: (event, test) => event.kind === "finding" ? event.detector !== undefined && test(event.detector) : undefined,
  },
  {
    name: "category",
    type: "text",
    summary: "Kind of risk of a finding",
    example: "category:prompt_injection",
    cost: 0,
    read: (event, test) => event.kind === "finding" ? event.category !== undefined && test(event.category) : undefined,
  },
  {
    name: "score",
    type: "number",
    summary: "How sure the detector is, 0 to 1",
    example: "score>=0.8",
    cost: 0,
    read: (event, test) => event.kind === "finding" ? event.score !== undefined && test(event.score) : undefined,
  },
  {
    name: "reason",
    type: "text",
    summary: "Why something was not seen: of a gap, of HTTP that is not whole, of a malformed message",
    example: "reason:ring_full",
    cost: 0,
    read: (event, test) =>
      one(
        event.kind === "gap" ? event.reason : event.kind === "http" ? event.incomplete : messageOf(event)?.malformed,
        test,
      ),
  },
];
