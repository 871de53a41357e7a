/** Reports for the tests of their formats. */
import { z } from "zod";
import { Collector } from "../../../commands/_check/collector.ts";
import type { Report } from "../../../commands/_check/report.ts";
import type { Event, FindingEvent } from "../../../pipeline/event.ts";
import { defineDetector, type DetectorDeclaration } from "../../../transforms/detect/detector.ts";
import { Talk } from "../../transforms/detect/_talk.ts";

/** A detector with three rules. */
export const detector: DetectorDeclaration = defineDetector({
  name: "test_detector",
  summary: "Finds what a test says",
  state: "None.",
  options: z.strictObject({}),
  rules: (["high", "medium", "info"] as const).map((severity) => ({
    code: `test.${severity}`,
    severity,
    summary: `Something ${severity}`,
    category: "prompt_injection",
    references: ["OWASP-LLM01:2025"],
    target: "tool_call" as const,
  })),
  create: () => ({}),
});

/** A finding of the detector, in a conversation. */
export function finding(talk: Talk, more: Partial<FindingEvent> = {}): FindingEvent {
  const event = talk.call("search", { q: "x" });
  return {
    kind: "finding",
    time: event.time,
    source: "test",
    rule: "test.high",
    severity: "high",
    message: "Something is wrong",
    detector: "test_detector",
    target: "tool_call",
    event,
    call: event.context?.call,
    session: talk.session,
    ...more,
  };
}

/** What is reported of events. */
export function reportOf(events: Iterable<Event>, more: Partial<Pick<Report, "failOn" | "complete">> = {}): Report {
  const collector = new Collector([detector]);
  for (const event of events) collector.add(event);
  return collector.report({ capture: "a b.capture", version: "1.2.3", failOn: "high", complete: true, ...more });
}

/** Text that has everything that a format may stumble over. */
export const HOSTILE =
  `]]> <b a='1' c="2"> & \u0000 \u001b[2J \u009b \ufffe \ud800 \u202e \u2028 😀 \r\n\t &#0; <!-- -- --> \\u0000`;
