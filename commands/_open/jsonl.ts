/**
 * What reads a JSONL file of ours, as parts of a pipeline.
 *
 * @module
 */
import { z } from "zod";
import {
  defineSource,
  defineTransform,
  type SourceComponent,
  type TransformComponent,
} from "../../pipeline/component.ts";
import type { Batch, Event } from "../../pipeline/event.ts";
import { JsonlEvents } from "../../pipeline/lines/reading/events.ts";
import { readLines } from "./lines.ts";
import { ToldByLines } from "./told.ts";

const BATCH = 1000;
const empty = z.strictObject({});

/** The source, and what its lines said. */
export function jsonlSource(
  path: string,
  unread: { lines: number },
): { readonly source: SourceComponent<typeof empty>; readonly told: ToldByLines } {
  const told = new ToldByLines();
  const source = defineSource({
    type: "jsonl_file",
    summary: "A file of the jsonl sink, read to its end",
    options: empty,
    create: async function* (_options, { metrics }): AsyncGenerator<Batch> {
      const events = new JsonlEvents();
      let bytes = 0, batch: Event[] = [];
      for await (const line of readLines(path, (more) => metrics.set("bytes_read", bytes += more))) {
        if (line?.length === 0) continue;
        const read = line && events.read(line);
        if (read === undefined) {
          unread.lines++;
          continue;
        }
        told.note(read.event, read.line);
        if (batch.push(read.event) < BATCH) continue;
        yield batch;
        batch = [];
      }
      yield batch;
    },
  });
  return { source, told };
}

/** Lets the file's own word count. It stands behind `mcp`. */
export function toldTransform(told: ToldByLines): TransformComponent<typeof empty> {
  return defineTransform({
    type: "told_by_lines",
    summary: "Lets the file's own word count",
    options: empty,
    create: () =>
      async function* (input) {
        for await (const batch of input) yield told.apply(batch);
      },
  });
}
