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

  /** The rows that are new or have changed since the last question; or that there were too many. Never an empty change. */
  take(): Change[] {
    if (this.#lost > 0) {
      const changes = this.#lost;
      this.#lost = 0;
      return [{ type: "lost", changes }];
    }
    const { calls, messages, findings, events, servers: changedServers } = this.#changed;
    const reader = this.#reader;
    const changes: Change[] = [];
    if (changedServers.size > 0) changes.push({ type: "servers", rows: servers(reader, changedServers) });
    if (calls.size > 0) changes.push({ type: "calls", rows: reader.byId("calls", calls) });
    if (messages.size > 0) changes.push({ type: "messages", rows: reader.byId("messages", messages) });
    if (findings.size > 0) changes.push({ type: "findings", rows: reader.byId("findings", findings) });
    if (events.size > 0) changes.push({ type: "events", rows: reader.byId("events", events) });
    this.#changed.clear();
    return changes.filter((change) => !("rows" in change) || change.rows.length > 0);
  }

  /** Notes nothing any more. */
  close(): void {
    this.#stop();
  }
}
