/**
 * Options of the `filter` transform.
 *
 * @module
 */
import { z } from "zod";
import { expression } from "../../pipeline/query/option.ts";

const SEVERAL = "An array of expressions stands for any of them.";

/** What may be set. */
export const options = z.strictObject({
  where: expression().optional()
    .describe(`Keeps what matches this filter expression (docs/filter.md). ${SEVERAL}`)
    .meta({ examples: ["tool:search* latency>500ms"] }),
  drop: expression().optional()
    .describe(
      `Drops what matches this filter expression. ${SEVERAL} With "where" too, both have to let an event pass.`,
    ),
}).refine(({ where, drop }) => where !== undefined || drop !== undefined, {
  error: 'expected "where" or "drop" with a filter expression, such as "status:error"',
});

/** The options, checked. */
export type Options = z.output<typeof options>;
