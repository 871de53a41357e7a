/**
 * What is written to files.
 *
 * @module
 */
import type { Ask, Page } from "../../pipeline/feed/feed.ts";

/** Rows that are asked for at once. */
const PAGE = 1000;
/** Rows of one file at most. */
const MOST_ROWS = 1_000_000;

/** A name for a new file in the working directory: `mcpsonde-call-12.json`. */
export function suggestedName(what: string, extension: "json" | "jsonl"): string {
  const words = what.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  return `./mcpsonde-${words}.${extension}`;
}

/** A value as JSON for people. */
export async function* exported(value: unknown): AsyncGenerator<string> {
  yield await Promise.resolve(asJson(value) ?? "null");
  yield "\n";
}

/** A line for each of some rows. */
export async function* exportedRows(rows: readonly unknown[]): AsyncGenerator<string> {
  await Promise.resolve();
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/** A line for each row that a feed has, newest first, page by page. */
export async function* exportedPages<Row extends { readonly id: number }>(
  ask: (ask: Ask) => Promise<Page<Row>>,
  filter: string,
): AsyncGenerator<string> {
  let before: number | undefined;
  for (let written = 0; written < MOST_ROWS;) {
    const { rows, more } = await ask({
      limit: PAGE,
      ...(filter === "" ? {} : { filter }),
      ...(before === undefined ? {} : { before }),
    });
    yield* exportedRows(rows);
    written += rows.length;
    const last = rows.at(-1);
    if (!more || last === undefined) return;
    before = last.id;
  }
}

/** Indented JSON; undefined if there is nothing, or it cannot be written as JSON. */
export function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, undefined, 2);
  } catch {
    return undefined; // nested too deep
  }
}
