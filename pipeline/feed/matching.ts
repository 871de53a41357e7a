/**
 * Changes as a reader with a filter sees them.
 *
 * @module
 */
import type { Ask, Change, Feed, Page } from "./feed.ts";

interface Row {
  readonly id: number;
}

/**
 * The change without the rows that do not match; undefined if nothing is left. Asks the feed, in one question about the
 * range of ids. `omitted` stays: it counts all.
 */
export async function matching(feed: Feed, change: Change, filter: string): Promise<Change | undefined> {
  switch (change.type) {
    case "calls":
      return kept(change, await those((ask) => feed.calls(ask), change.rows, filter));
    case "messages":
      return kept(change, await those((ask) => feed.messages(ask), change.rows, filter));
    case "findings":
      return kept(change, await those((ask) => feed.findings(ask), change.rows, filter));
    case "events":
      return kept(change, await those((ask) => feed.events(ask), change.rows, filter));
    case "servers":
    case "health":
    case "lost":
      return change;
  }
}

function kept<T extends Row, Type extends string>(
  change: { readonly type: Type; readonly rows: readonly T[]; readonly omitted?: number | undefined },
  ids: ReadonlySet<number>,
): { readonly type: Type; readonly rows: readonly T[]; readonly omitted?: number | undefined } | undefined {
  const rows = change.rows.filter(({ id }) => ids.has(id));
  return rows.length === 0 && change.omitted === undefined ? undefined : { ...change, rows };
}

/** The ids that match. A call that changed may be far from the others, so more is asked for than there are rows. */
async function those(
  ask: (ask: Ask) => Promise<Page<Row>>,
  rows: readonly Row[],
  filter: string,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  const ids = rows.map(({ id }) => id).sort((a, b) => a - b);
  for (let start = 0; start < ids.length;) {
    let end = start + 1;
    const first = ids[start] ?? 0;
    while (end < ids.length && (ids[end] ?? 0) - first < SPAN) end++;
    const last = ids[end - 1] ?? first;
    const page = await ask({ filter, after: first - 1, before: last + 1, limit: SPAN });
    for (const { id } of page.rows) found.add(id);
    start = end;
  }
  return found;
}

/** Ids that one question spans. */
const SPAN = 1000;
