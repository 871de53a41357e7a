/**
 * `detect`: looks for what is wrong or hostile in MCP traffic, by detectors.
 *
 * @module
 */
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Batch } from "../../pipeline/event.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { DETECTORS } from "./detectors.ts";
import { partsOf } from "./parts.ts";
import { type Options, optionsOf, type OptionsSchema } from "./options.ts";
import { Runner } from "./runner.ts";

/** The transform's declaration. */
const detect: TransformComponent<OptionsSchema> = defineTransform({
  type: "detect",
  summary: "Finds what is hostile, leaking or stuck in MCP traffic; needs mcp before it",
  options: optionsOf(DETECTORS),
  parts: partsOf(DETECTORS),
  create: (options, context) => judge(options, context),
});
export default detect;

/** Passes every event on, and puts findings after the event that they were found in. */
function judge(options: Options, context: Pick<Context, "log" | "metrics">): Transform {
  const runner = new Runner(DETECTORS, options, context);
  return async function* (input: AsyncIterable<Batch>) {
    for await (const batch of input) yield runner.run(batch);
    await runner.settle();
    yield runner.end();
  };
}
