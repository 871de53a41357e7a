/**
 * Many sources as one.
 *
 * @module
 */
import type { Batch } from "./event.ts";
import type { Source } from "./stage.ts";

type Iterator = AsyncIterator<Batch>;
type Arrival = { readonly from: Iterator; readonly result: IteratorResult<Batch> } | { readonly error: unknown };

/**
 * Yields the batches of all sources, each as it arrives. A quiet source holds up no other, a busy one starves no
 * other, and each is asked for more only once its last batch has been asked past.
 *
 * Throws what a source throws, and lets go of the others.
 */
export async function* merge(sources: readonly Source[]): AsyncGenerator<Batch, void, undefined> {
  const ready: Arrival[] = []; // a queue, as racing a promise that stays pending would leak a reaction for each race
  let wake = () => {};
  const ask = (from: Iterator) => {
    from.next().then((result) => ready.push({ from, result }), (error: unknown) => ready.push({ error }))
      .then(() => wake());
  };
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  iterators.forEach(ask);
  try {
    for (let open = iterators.length; open > 0;) {
      const arrival = ready.shift();
      if (arrival === undefined) {
        await new Promise<void>((resolve) => wake = resolve);
      } else if ("error" in arrival) {
        throw arrival.error;
      } else if (arrival.result.done) {
        open--;
      } else {
        yield arrival.result.value;
        ask(arrival.from);
      }
    }
  } finally {
    // Not awaited: a source that is blocked in the kernel answers only once its own signal is aborted.
    for (const iterator of iterators) iterator.return?.().then(undefined, () => {});
  }
}
