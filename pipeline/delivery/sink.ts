/**
 * The sink made of a courier: events go to the disk buffer, and from there to the endpoint.
 *
 * @module
 */
import type { Context } from "../component.ts";
import type { Sink } from "../stage.ts";
import type { DeliveryOptions } from "./options.ts";
import type { Carrier, Courier } from "./types.ts";

/**
 * Opens the disk buffer and makes the sink. A batch counts as taken when its records are in the buffer; they are sent in the
 * background, those that an earlier run left first. When the input ends, what is there is sent, as long as the endpoint
 * takes it; once it has not for `shutdown_ms`, or so long after the pipeline was told to stop, the rest stays for the next run.
 *
 * `carrier` takes the requests, where that is not HTTP.
 *
 * @throws {Error} with a sentence, if the buffer cannot be opened: another process has it, say.
 */
export async function deliverySink(
  courier: Courier,
  options: DeliveryOptions,
  context: Context,
  carrier?: Carrier,
): Promise<Sink> {
  const { Delivery } = await import("./delivery.ts"); // only where something is delivered
  const open = () => new Delivery(courier, options, context, carrier);
  let waiting: ReturnType<typeof open> | undefined = open();
  // a pipeline of which another stage could not be made never runs
  const letGo = () =>
    setTimeout(() => {
      waiting?.abandon();
      waiting = undefined;
    }, 0);
  if (context.signal.aborted) letGo();
  else context.signal.addEventListener("abort", letGo, { once: true });
  return async (input) => {
    const delivery = waiting ?? open();
    waiting = undefined;
    await delivery.run(input);
  };
}
