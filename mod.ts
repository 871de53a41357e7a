/**
 * Everything that a plug-in or a tool of your own needs: the events and stages, the engine, the declarations of
 * components, and pipeline files.
 *
 * A plug-in is a module whose default export is what {@linkcode defineSource}, {@linkcode defineTransform} or
 * {@linkcode defineSink} returns; a pipeline file names it as `"type": "./my_sink.ts"`. A tool of your own may put
 * stages together with {@linkcode pipe}, or run a pipeline file with {@linkcode loadPipeline} and
 * {@linkcode buildPipeline}.
 *
 * @example A transform and a sink without a pipeline file
 * ```ts
 * import { type Batch, mapEvents, pipe } from "./mod.ts";
 *
 * async function* source(): AsyncGenerator<Batch> {
 *   yield [{ kind: "gap", time: Date.now(), source: "test", reason: "test", message: "Nothing was seen." }];
 * }
 *
 * let gaps = 0;
 * await pipe(source(), mapEvents((event) => event.kind === "gap" ? event : undefined), async (input) => {
 *   for await (const batch of input) gaps += batch.length;
 * });
 * if (gaps !== 1) throw new Error("The gap did not arrive");
 * ```
 *
 * @module
 */
export * from "./pipeline/mod.ts";
export {
  type CompileOptions,
  compileQuery,
  type Operator,
  parseQuery,
  type Pattern,
  type Query,
  QueryError,
  type QueryProblem,
  type Test,
  type Value,
} from "./pipeline/query/mod.ts";
export * from "./pipeline/delivery/mod.ts";
export { z } from "zod";
