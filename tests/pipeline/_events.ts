/** Events and stages for tests of the engine. */
import type { Batch, Event, GapEvent } from "../../pipeline/event.ts";
import type { Sink } from "../../pipeline/stage.ts";

/** An event that is told by its number. */
export function event(n: number): GapEvent {
  return { kind: "gap", time: n, source: "test", reason: "test", message: `event ${n}` };
}

/** A batch of numbered events. */
export function batch(...numbers: number[]): Batch {
  return numbers.map(event);
}

/** The numbers of events; what the engine added is given by its reason. */
export function numbers(events: readonly Event[]): (number | string)[] {
  return events.map((event) => event.kind === "gap" && event.reason !== "test" ? event.reason : event.time);
}

/** A source of the given batches. `asked` is told of each batch that has been asked past. */
export async function* sourceOf(
  batches: readonly Batch[],
  asked: (n: number) => void = () => {},
): AsyncGenerator<Batch, void> {
  for (const [i, batch] of batches.entries()) {
    yield batch;
    asked(i);
  }
}

/** A sink that keeps the numbers of what it gets. */
export function keep(into: (number | string)[]): Sink {
  return async (input) => {
    for await (const batch of input) into.push(...numbers(batch));
  };
}

/** A source that says nothing until the signal is aborted. */
export async function* quiet(signal: AbortSignal, last: Batch = []): AsyncGenerator<Batch, void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  yield last;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
