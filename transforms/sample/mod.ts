/**
 * `sample`: a part of the calls, and all that failed or were slow.
 *
 * @module
 */
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Batch, Event } from "../../pipeline/event.ts";
import { compileQuery, ready } from "../../pipeline/query/mod.ts";
import { queryOf } from "../../pipeline/query/option.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { options } from "./options.ts";
import { Sampler } from "./sampler.ts";

/** The transform's declaration. */
const sample: TransformComponent<typeof options> = defineTransform({
  type: "sample",
  summary: "Keeps a part of the calls, and all that failed or were slow",
  options,
  create: async (options, context) => {
    const keep = options.keep === false ? undefined : queryOf(options.keep);
    if (keep !== undefined) await ready(keep);
    return sampled(() => new Sampler(options, keep && compileQuery(keep), context.metrics), context);
  },
});
export default sample;

function sampled(make: () => Sampler, { metrics }: Context): Transform {
  return async function* (input: AsyncIterable<Batch>) {
    const sampler = make();
    for await (const batch of input) {
      const out: Event[] = [];
      for (const event of batch) sampler.push(event, out);
      metrics.set("held_calls", sampler.calls);
      metrics.set("held_bytes", sampler.bytes);
      yield out;
    }
    const out: Event[] = [];
    sampler.end(out);
    yield out;
  };
}
