/**
 * What the declarations of detectors say, for the reference.
 *
 * @module
 */
import type { ComponentParts } from "../../pipeline/component.ts";
import type { DetectorDeclaration } from "./detector.ts";

/** The detectors as parts of the component. */
export function partsOf(detectors: readonly DetectorDeclaration[]): ComponentParts {
  return {
    title: "Detectors",
    options: ["severity", "detectors"],
    page: "detect.md",
    list: detectors.map(({ name, summary, options, rules, state }) => ({
      name,
      summary,
      options,
      lines: [
        ...rules.map(({ code, severity, summary, references }) =>
          `${code} (${severity}): ${summary}.${references.length === 0 ? "" : ` See ${references.join(", ")}.`}`
        ),
        `It remembers: ${state}`,
      ],
    })),
  };
}
