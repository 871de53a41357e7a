/**
 * `merge`: the same message seen by kernel, sensor and proxy is one message.
 *
 * @module
 */
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Batch } from "../../pipeline/event.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { Merger } from "./merger.ts";
import { type Options, options } from "./options.ts";

/** The transform's declaration. */
const merge: TransformComponent<typeof options> = defineTransform({
  type: "merge",
  summary: "Makes one message of what several sources tell of it; stands before mcp",
  options,
  create: (options, context) => merged(options, context),
});
export default merge;

function merged(options: Options, { metrics }: Context): Transform {
  return async function* (input: AsyncIterable<Batch>) {
    const merger = new Merger(options);
    let early = 0;
    for await (const batch of input) {
      yield merger.push(batch, performance.now());
      metrics.set("held_events", merger.waiting);
      metrics.set("joined_messages", merger.joined);
      metrics.set("joined_late", merger.late);
      if (merger.early > early) metrics.error("held_too_many", merger.early - early);
      early = merger.early;
    }
    yield merger.end();
  };
}
