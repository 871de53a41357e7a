/**
 * `mcp`: what messages mean: sessions, revisions, servers and what they offer, and the calls that messages make up.
 *
 * @module
 */
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Batch } from "../../pipeline/event.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { Follower } from "./follower.ts";
import { type Options, options } from "./options.ts";

/** The transform's declaration. */
const mcp: TransformComponent<typeof options> = defineTransform({
  type: "mcp",
  summary: "Follows sessions, servers and calls through every revision of MCP",
  options,
  create: (options, context) => follow(options, context),
});
export default mcp;

/** Sets the context of messages and adds findings; passes everything on. */
function follow(options: Options, { metrics }: Pick<Context, "metrics" | "log">): Transform {
  return async function* (input: AsyncIterable<Batch>) {
    const follower = new Follower(options);
    const { registry, sessions, checks, inventory } = follower;
    for await (const batch of input) {
      yield follower.run(batch);
      if (checks.waits) {
        await checks.load();
        yield checks.late();
      }
      metrics.set("sessions", sessions.all.size);
      metrics.set("servers", inventory.size);
      metrics.set("calls_open", registry.open);
      metrics.set("calls_waiting", registry.waiting);
      metrics.set("calls_ended", registry.ended);
    }
    yield follower.end();
  };
}
