/**
 * `http`: HTTP/1 and HTTP/2 exchanges off byte streams.
 *
 * @module
 */
import type { Batch } from "../../pipeline/event.ts";
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { Decoder } from "./decoder.ts";
import { type Options, options } from "./options.ts";

/** The transform's declaration. */
const http: TransformComponent<typeof options> = defineTransform({
  type: "http",
  summary: "Decodes HTTP requests, responses and server-sent events off TCP, TLS and UNIX streams",
  options,
  create: (options, context) => decode(options, context),
});
export default http;

/**
 * Consumes the chunk events of TCP and TLS, and of those UNIX streams that begin like HTTP, and makes `http` events of
 * them; passes on all others.
 */
function decode(options: Options, { metrics }: Pick<Context, "metrics">): Transform {
  return async function* (input: AsyncIterable<Batch>) {
    const decoder = new Decoder(options);
    const { hub, connections } = decoder;
    for await (const batch of input) {
      yield decoder.decode(batch);
      metrics.set("exchanges", hub.exchanges);
      metrics.set("http_events", hub.outlet.events);
      metrics.set("open_connections", connections.size);
      metrics.set("pending_bytes", hub.budget.bytes);
      metrics.set("skipped_bytes", hub.skipped);
      metrics.set("held", hub.outlet.held + decoder.waiting);
    }
    yield decoder.end();
  };
}
