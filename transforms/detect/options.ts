/**
 * Options of the `detect` transform, made of what its detectors declare.
 *
 * @module
 */
import { z } from "zod";
import { SEVERITIES } from "../../pipeline/event.ts";
import type { DetectorDeclaration } from "./detector.ts";

/** What may be set. */
export type OptionsSchema = z.ZodObject<{
  only: z.ZodOptional<z.ZodArray<z.ZodEnum<Record<string, string>>>>;
  except: z.ZodOptional<z.ZodArray<z.ZodEnum<Record<string, string>>>>;
  severity: z.ZodDefault<z.ZodObject<Record<string, z.ZodOptional<z.ZodEnum<typeof LEVELS>>>>>;
  detectors: z.ZodDefault<
    z.ZodObject<Record<string, z.ZodOptional<z.ZodUnion<readonly [z.ZodObject, z.ZodLiteral<false>]>>>>
  >;
  max_findings_per_minute: z.ZodDefault<z.ZodInt>;
}>;

/** The options, checked. */
export type Options = z.output<OptionsSchema>;

const LEVELS = {
  off: "off",
  ...Object.fromEntries(SEVERITIES.map((name) => [name, name])) as { [S in typeof SEVERITIES[number]]: S },
} as const;

/** The options where these are the detectors. */
export function optionsOf(detectors: readonly DetectorDeclaration[]): OptionsSchema {
  const name = z.enum(Object.fromEntries(detectors.map(({ name }) => [name, name])));
  const rules = detectors.flatMap(({ rules }) => rules);
  return z.strictObject({
    only: z.array(name).min(1).optional().describe("The detectors to run. All, if absent."),
    except: z.array(name).optional().describe("The detectors not to run."),
    severity: z.strictObject(
      Object.fromEntries(rules.map(({ code, severity, summary }) => [
        code,
        z.enum(LEVELS).optional().describe(`${summary}. Usually ${severity}.`),
      ])),
    ).default({}).describe("How bad the findings of a rule are, whatever its detector says; `off` leaves them out."),
    detectors: z.strictObject(
      Object.fromEntries(detectors.map(({ name, options, summary }) => [
        name,
        z.union([options, z.literal(false)]).optional().describe(`${summary}. Its options, or false not to run it.`),
      ])),
    ).default({}).describe("Options of single detectors."),
    max_findings_per_minute: z.int().min(1).default(20)
      .describe(
        "How many findings of one rule are told for one session in a minute. More are told in one, at its end.",
      ),
  });
}

/** The detectors that are to run, each with its options. */
export function chosen(
  detectors: readonly DetectorDeclaration[],
  options: Options,
): (readonly [DetectorDeclaration, z.output<z.ZodObject>])[] {
  return detectors.flatMap((detector) => {
    const { name } = detector;
    const own = options.detectors[name];
    if (own === false || options.except?.includes(name)) return [];
    if (options.only !== undefined && !options.only.includes(name)) return [];
    return [[detector, own ?? detector.options.parse({})] as const];
  });
}
