/**
 * `redact`: takes secrets and personal data out of everything that an event carries.
 *
 * @module
 */
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Batch } from "../../pipeline/event.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { type Options, options } from "./options.ts";
import { compilePolicy, type Policy } from "./policy.ts";
import { Stage } from "./stage.ts";

/** The transform's declaration. */
const redact: TransformComponent<typeof options> = defineTransform({
  type: "redact",
  summary: "Takes secrets and personal data out of messages and all that is said about them",
  options,
  create: async (options, context) => transform(await compilePolicy(options), options, context),
});
export default redact;

function transform(policy: Policy, { chunks }: Options, context: Pick<Context, "log" | "metrics" | "name">): Transform {
  return async function* (input: AsyncIterable<Batch>) {
    const stage = new Stage(policy, chunks, context);
    for await (const batch of input) yield stage.batch(batch);
    const rest = stage.end();
    if (rest.length > 0) yield rest;
  };
}
