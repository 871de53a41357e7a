/**
 * `jsonrpc`: JSON-RPC 2.0 off byte streams, newline-delimited, and out of HTTP.
 *
 * @module
 */
import type { Batch } from "../../pipeline/event.ts";
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { Decoder } from "./decoder.ts";
import { type Options, options } from "./options.ts";

/** The transform's declaration. */
const jsonrpc: TransformComponent<typeof options> = defineTransform({
  type: "jsonrpc",
  summary: "Decodes JSON-RPC off byte streams and out of HTTP, and pairs responses with requests",
  options,
  create: (options, context) => decode(options, context),
});
export default jsonrpc;

/** Consumes chunk events, and http events that carry messages, and makes message events of them; passes on all others. */
function decode(options: Options, { metrics, log }: Pick<Context, "metrics" | "log">): Transform {
  return async function* (input: AsyncIterable<Batch>) {
    const decoder = new Decoder(options);
    let told = false;
    for await (const batch of input) {
      yield decoder.decode(batch);
      metrics.set("streams", decoder.streams.size);
      metrics.set("sessions", decoder.http.sessions.size);
      metrics.set("pending_bytes", decoder.streams.pairing.bytes + decoder.http.pairing.bytes);
      metrics.set("held_responses", decoder.streams.pairing.held + decoder.http.pairing.held);
      metrics.set("resync_bytes", decoder.resynced);
      metrics.set("unread_http_bytes", decoder.unreadHttp);
      if (decoder.unreadHttp > 0 && !told) {
        log.info('HTTP is passed over; { "type": "http" } before this would read it');
      }
      told = decoder.unreadHttp > 0;
    }
    yield decoder.end();
  };
}
