/** Runs the jsonl sink and reads what it wrote. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../../pipeline/component.ts";
import type { Batch, Event } from "../../../pipeline/event.ts";
import jsonl from "../../../sinks/jsonl/mod.ts";
import jsonrpc from "../../../transforms/jsonrpc/mod.ts";

/** What a component said and counted. */
export interface Said {
  readonly logged: string[];
  readonly dropped: Record<string, number>;
  readonly errors: Record<string, number>;
}

export type Line = Readonly<Record<string, unknown>>;

/** A folder for a test; call it when done. */
export function folder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "mcpsonde-jsonl-"));
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

export function context(): { readonly context: Context; readonly said: Said } {
  const said: Said = { logged: [], dropped: {}, errors: {} };
  const log = (message: string) => void said.logged.push(message);
  const count = (counts: Record<string, number>) => (reason: string, more = 1) => {
    counts[reason] = (counts[reason] ?? 0) + more;
  };
  return {
    said,
    context: {
      name: "file",
      signal: new AbortController().signal,
      log: { info: log, warn: log, error: log },
      metrics: { dropped: count(said.dropped), error: count(said.errors), set() {} },
    },
  };
}

/** Writes batches, decoded by the jsonrpc transform first, responses in their order. */
export async function write(
  path: string,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: Line = {},
): Promise<Said> {
  const { context: mine, said } = context();
  const transform = await jsonrpc.create(jsonrpc.options.parse({ max_held: 0 }), mine);
  const sink = await jsonl.create(jsonl.options.parse({ path, ...options }), mine);
  await sink(transform((async function* () {
    yield* batches;
  })()));
  return said;
}

/** Writes events to a new file and reads the lines. */
export async function linesOf(events: readonly Event[], options: Line = {}): Promise<Line[]> {
  const place = folder();
  try {
    await write(join(place.path, "out.jsonl"), [events], options);
    return readLines(join(place.path, "out.jsonl"));
  } finally {
    place.remove();
  }
}

/** The lines of a file; every one must be whole JSON. */
export function readLines(path: string): Line[] {
  const text = readFileSync(path, "utf8");
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line is not whole");
  return text.split(/[\n\r]/).slice(0, -1).map((line) => JSON.parse(line));
}
