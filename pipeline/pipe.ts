/**
 * A pipeline in one line, without a file.
 *
 * @module
 */
import { breathe } from "./_breathe.ts";
import type { Sink, Source, Transform } from "./stage.ts";

/**
 * Runs a source through transforms into a sink; resolves when the sink is done. Rejects with whatever a stage throws.
 *
 * @example Usage
 * ```ts
 * import { mapEvents } from "./map_events.ts";
 * import { pipe } from "./pipe.ts";
 *
 * await pipe(
 *   (async function* () {
 *     yield [{ kind: "gap", time: 0, source: "test", reason: "fault", message: "Nothing was seen." }];
 *   })(),
 *   mapEvents((event) => event.kind === "chunk" ? undefined : event),
 *   async (input) => {
 *     for await (const batch of input) batch.length;
 *   },
 * );
 * ```
 */
export async function pipe(
  source: Source,
  ...stages: readonly [...transforms: Transform[], sink: Sink]
): Promise<void> {
  const sink = stages.at(-1) as Sink;
  const transforms = stages.slice(0, -1) as Transform[];
  await sink(transforms.reduce((stream, transform) => transform(stream), breathe(source)));
}
