/**
 * `sample`: a part of the calls, and all that failed or were slow.
 *
 * @module
 */
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Batch, Event } from "../../pipeline/event.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { type Options, options } from "./options.ts";
import { Sampler } from "./sampler.ts";

/** The transform's declaration. */
const sample: TransformComponent<typeof options> = defineTransform({
  type: "sample",
  summary: "Keeps a part of the calls, and all that failed or were slow",
  options,
  create: (options, context) => sampled(options, context),
});
export default sample;

function sampled(options: Options, { metrics }: Context): Transform {
  return async function* (input: AsyncIterable<Batch>) {
    const sampler = new Sampler(options, metrics);
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
