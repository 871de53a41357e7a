/**
 * What is new in a store since it was asked for last.
 *
 * @module
 */
import type { Change } from "../feed/feed.ts";
import { Changed } from "./changed.ts";
import { servers } from "./overview.ts";
import type { Reader } from "./reader.ts";

/** Rows that are noted between two questions. */
const MOST = 10_000;

/** Notes ids as rows change; the rows are read when they are asked for. */
export class Watch {
  readonly #reader: Reader;
  readonly #stop: () => void;
  readonly #changed = new Changed();
  #lost = 0;

  constructor(reader: Reader, stop: () => void) {
    this.#reader = reader;
    this.#stop = stop;
  }

  /** Whether {@linkcode take} has something to give. */
  get isDue(): boolean {
    return this.#lost > 0 || this.#changed.size > 0;
  }

  /** Notes more. Beyond the limit only how much it is. */
  note(changed: Changed): void {
    if (this.#lost > 0 || this.#changed.size + changed.size > MOST) {
      this.#lost += this.#changed.size + changed.size;
      this.#changed.clear();
      return;
    }
    for (const kind of ["calls", "messages", "findings", "events", "servers"] as const) {
      const mine = this.#changed[kind];
      for (const id of changed[kind]) mine.add(id);
    }
  }

  /**
   * The rows that are new or have changed since the last question; or that there were too many. Never an empty change. Of
   * each kind but servers the newest `most` are read, and the others counted.
   */
  take(most: number = MOST): Change[] {
    if (this.#lost > 0) {
      const changes = this.#lost;
      this.#lost = 0;
      return [{ type: "lost", changes }];
    }
    const { calls, messages, findings, events, servers: changedServers } = this.#changed;
    const reader = this.#reader;
    const changes: Change[] = [];
    if (changedServers.size > 0) changes.push({ type: "servers", rows: servers(reader, changedServers) });
    if (calls.size > 0) changes.push({ type: "calls", ...came(calls, most, (ids) => reader.byId("calls", ids)) });
    if (messages.size > 0) {
      changes.push({
        type: "messages",
        ...came(messages, most, (ids) => reader.byId("messages", ids)),
      });
    }
    if (findings.size > 0) {
      changes.push({
        type: "findings",
        ...came(findings, most, (ids) => reader.byId("findings", ids)),
      });
    }
    if (events.size > 0) changes.push({ type: "events", ...came(events, most, (ids) => reader.byId("events", ids)) });
    this.#changed.clear();
    return changes.filter((change) => !("rows" in change) || change.rows.length > 0);
  }

  /** Notes nothing any more. */
  close(): void {
    this.#stop();
  }
}

/** The rows of the largest ids, and how many others there are. */
function came<Row>(ids: ReadonlySet<number>, most: number, read: (ids: Iterable<number>) => Row[]): {
  readonly rows: Row[];
  readonly omitted?: number;
} {
  if (ids.size <= most) return { rows: read(ids) };
  const newest = [...ids].sort((a, b) => b - a).slice(0, most);
  return { rows: read(newest), omitted: ids.size - newest.length };
}
