/**
 * The three kinds of stage, as plain functions over async iterables of batches.
 *
 * @module
 */
import type { Batch } from "./event.ts";

/** Yields batches. Being asked for the next one means that every sink has taken the last. */
export type Source = AsyncIterable<Batch>;
/** Turns batches into batches. Passes on what it does not know. */
export type Transform = (input: AsyncIterable<Batch>) => AsyncIterable<Batch>;
/** Consumes batches; resolves when the input has ended and all is delivered. */
export type Sink = (input: AsyncIterable<Batch>) => Promise<void>;
