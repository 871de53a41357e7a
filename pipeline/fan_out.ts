/**
 * One stream for many sinks.
 *
 * @module
 */
import type { Batch } from "./event.ts";
import { Port } from "./_port.ts";
import type { Sink } from "./stage.ts";

/**
 * Gives every batch to every sink and asks for the next one when each sink has asked for more: the pull is the
 * acknowledgement. The sinks share the batch, so none may change it.
 *
 * A sink that returns early or fails leaves, and the others go on; when all have left, the input is let go. An input
 * that fails ends the sinks in good order, with all that came before.
 *
 * @throws {AggregateError} at the end, with what the input and the sinks threw.
 */
export async function fanOut(input: AsyncIterable<Batch>, sinks: readonly Sink[]): Promise<void> {
  const ports = sinks.map(() => new Port());
  let present = sinks.length;
  let abandon = () => {};
  const runs = Promise.allSettled(sinks.map(async (sink, i) => {
    try {
      await sink(ports[i]!);
    } finally {
      ports[i]!.leave();
      if (--present === 0) abandon();
    }
  }));

  const errors: unknown[] = [];
  const iterator = input[Symbol.asyncIterator]();
  try {
    while (present > 0) {
      const result = await new Promise<IteratorResult<Batch> | undefined>((resolve, reject) => {
        abandon = () => resolve(undefined); // also while the input is quiet
        iterator.next().then(resolve, reject);
      });
      if (result === undefined || result.done) break;
      await Promise.all(ports.map((port) => port.offer(result.value)));
    }
  } catch (error) {
    errors.push(error);
  }
  if (present === 0) iterator.return?.().then(undefined, () => {});
  for (const port of ports) port.end();
  for (const run of await runs) if (run.status === "rejected") errors.push(run.reason);
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("; "));
}
