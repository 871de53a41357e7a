/**
 * The per-event transform.
 *
 * @module
 */
import type { Batch, Event } from "./event.ts";
import type { Transform } from "./stage.ts";

/**
 * Lifts a function over single events to a transform. Returning `undefined` drops the event. A batch whose events all
 * come back as they went in is passed on as it is.
 *
 * @example Usage
 * ```ts
 * import { mapEvents } from "./map_events.ts";
 *
 * const onlyErrors = mapEvents((event) => event.kind === "mcp" && !event.isError ? undefined : event);
 * ```
 */
export function mapEvents(fn: (event: Event) => Event | undefined): Transform {
  return async function* (input) {
    for await (const batch of input) yield mapBatch(batch, fn); // empty ones too: they carry the acknowledgement
  };
}

function mapBatch(batch: Batch, fn: (event: Event) => Event | undefined): Batch {
  let out: Event[] | undefined; // made once the first event differs
  for (let i = 0; i < batch.length; i++) {
    const event = batch[i]!;
    const mapped = fn(event);
    if (out !== undefined) {
      if (mapped !== undefined) out.push(mapped);
    } else if (mapped !== event) {
      out = batch.slice(0, i);
      if (mapped !== undefined) out.push(mapped);
    }
  }
  return out ?? batch;
}
