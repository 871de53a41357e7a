/**
 * A detector at work, and what keeps its faults from the others.
 *
 * @module
 */
import type { z } from "zod";
import type { Severity } from "../../pipeline/event.ts";
import type { Clock } from "./clock.ts";
import type { Detector, DetectorContext, DetectorDeclaration, Found, Rule } from "./detector.ts";

/** Where what a detector found goes. */
export type Report = (rule: Rule, detector: string, severity: Severity, found: Found) => void;

/** What is made of a rule: its severity, or `off`. */
export type RuleSeverity = Severity | "off";

/** One detector. */
export class Running {
  /** Its declaration. */
  readonly declaration: DetectorDeclaration;
  /** The detector. */
  readonly detector: Detector;
  /** The last search that found some of its `callNeedles`, by number. */
  heldIn = 0;
  // What it has of the methods that are asked for most: to find them in objects of many shapes takes longer than to call them.
  readonly called: Detector["called"];
  readonly message: Detector["message"];
  readonly within: Detector["within"];
  readonly ended: Detector["ended"];
  /** Times that it threw. */
  failures = 0;

  /** Makes the detector. What it throws by that goes to the operator. */
  constructor(
    declaration: DetectorDeclaration,
    options: z.output<z.ZodObject>,
    severities: Readonly<Record<string, RuleSeverity | undefined>>,
    { log, tools, clock }: Pick<DetectorContext, "log" | "tools"> & { readonly clock: Clock },
    report: Report,
  ) {
    this.declaration = declaration;
    const { name } = declaration;
    const rules = new Map(declaration.rules.map((rule) => [rule.code, rule]));
    this.detector = declaration.create(options, {
      log: {
        info: (text) => log.info(`${name}: ${text}`),
        warn: (text) => log.warn(`${name}: ${text}`),
        error: (text) => log.error(`${name}: ${text}`),
      },
      report(code, found) {
        const rule = rules.get(code);
        if (rule === undefined) throw new TypeError(`${name} declares no rule "${code}"`);
        const severity = severities[code] ?? found.severity ?? rule.severity;
        if (severity !== "off") report(rule, name, severity, found);
      },
      tools,
      wallTime: () => clock.wall.now(),
    });
    const { called, message, within, ended } = this.detector;
    this.called = called;
    this.message = message;
    this.within = within;
    this.ended = ended;
  }
}
