/**
 * What `mcpsonde check` reports, whatever the format.
 *
 * @module
 */
import type { FindingEvent, Severity } from "../../pipeline/event.ts";

/** A rule that was checked. */
export interface ReportRule {
  /** `mcp.tool.changed`. */
  readonly code: string;
  /** The worst that was found under it, else what it usually is. */
  readonly severity: Severity;
  /** One line. */
  readonly summary: string;
  /** The detector, or the stage that found it. */
  readonly detector: string;
  /** What the detector does, one line. */
  readonly about: string | undefined;
  /** Kind of risk. */
  readonly category: string | undefined;
  /** Entries of public catalogues. */
  readonly references: readonly string[];
}

/** Findings of one rule about one thing. */
export interface Issue {
  /** 32 hexadecimal digits: the same for the same rule, server and tool, in each run over each capture. */
  readonly fingerprint: string;
  readonly rule: string;
  /** The worst of the findings. */
  readonly severity: Severity;
  /** The server it is about, as a person would call it. */
  readonly server: string | undefined;
  /** The tool or prompt it is about. */
  readonly subject: string | undefined;
  /** What was judged. */
  readonly target: FindingEvent["target"];
  /** The first finding's. */
  readonly message: string;
  readonly evidence: string | undefined;
  readonly details: FindingEvent["details"];
  /** The highest, 0 to 1. */
  readonly score: number | undefined;
  /** How many findings there were. */
  readonly count: number;
  /** Milliseconds since the epoch of the first and of the last. */
  readonly first: number;
  readonly last: number;
}

/** How much was looked at. */
export interface Seen {
  readonly messages: number;
  readonly calls: number;
  readonly sessions: number;
  readonly servers: number;
  /** Messages that could not be read. */
  readonly malformed: number;
  /** By reason: what was not seen. */
  readonly gaps: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch of the first event and the last; undefined if there was none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The threshold: findings as bad as this fail the check. */
export type FailOn = Severity | "never";

/** A whole report. */
export interface Report {
  /** The capture, as the user named it. */
  readonly capture: string;
  /** mcpsonde's. */
  readonly version: string;
  readonly failOn: FailOn;
  /** Whether anything is as bad as that. */
  readonly failed: boolean;
  /** False if the pipeline failed on its way. */
  readonly complete: boolean;
  /** By code. */
  readonly rules: readonly ReportRule[];
  /** The worst first, then by rule, server, subject. */
  readonly issues: readonly Issue[];
  /** Issues that are not in the list, for lack of room. */
  readonly leftOut: number;
  readonly seen: Seen;
}

/** Sorts things into groups, in the order in which the groups first appear. */
export function grouped<T, K>(things: Iterable<T>, keyOf: (thing: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}
