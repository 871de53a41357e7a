/**
 * The sink made of a courier: events go to the disk buffer, and from there to the endpoint.
 *
 * @module
 */
import type { Context } from "../component.ts";
import type { Sink } from "../stage.ts";
import type { DeliveryOptions } from "./options.ts";
import type { Courier } from "./types.ts";

/**
 * Opens the disk buffer and makes the sink. A batch counts as taken when its records are in the buffer; they are sent in the
 * background, those that an earlier run left first. When the input ends, what is there is sent for up to `shutdown_ms`;
 * the rest stays for the next run.
 *
 * @throws {Error} with a sentence, if the buffer cannot be opened: another process has it, say.
 */
export function deliverySink(courier: Courier, options: DeliveryOptions, context: Context): Promise<Sink> {
  void [courier, options, context];
  return Promise.reject(new Error("not there yet"));
}
