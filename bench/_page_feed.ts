/** A feed of which nothing is stored: every call is made of its number, and changes come as fast as they are asked for. */
import type { Ask, Change, Feed, Page } from "../pipeline/feed/feed.ts";
import type { CallRow } from "../pipeline/store/rows.ts";

/** Rows of a change, which is what a server sends at most. */
export const ROWS = 100;
const client = { pid: 4100, comm: "node", name: "agent", exe: "/usr/bin/node" };
const server = { pid: 4200, comm: "python3", name: "weather", exe: "/usr/bin/python3" };

/** A call. */
export function call(id: number): CallRow {
  return {
    id,
    time: 1_795_000_000_000 + id,
    method: "tools/call",
    name: `tool_${id % 40}`,
    server: "stdio:weather#c5e859ae4a1f",
    server_name: "weather",
    client_name: "agent",
    session: 1,
    transport: "stdio",
    era: "2025-11-25",
    outcome: id % 50 === 0 ? "error" : "ok",
    duration_ms: 1 + id % 900,
    requests: 1,
    progress: 0,
    bytes_in: 130 + id % 300,
    bytes_out: 700 + id % 3000,
    client,
    server_process: server,
    findings: id % 500 === 0 ? 1 : 0,
    ...(id % 500 === 0 ? { severity: "medium" } : {}),
    summary: `city=Zürich ${id}, days=${id % 14}, units=metric, language=de`,
  };
}

const nothing = { rows: [], more: false };

/** The feed. */
export class PageFeed implements Feed {
  readonly title = "a bench";
  /** Calls so far. */
  newest = 100_000;
  /** Changes a second; 0: none come. */
  rate = 10;
  /** Calls that a change stands for; those beyond {@linkcode ROWS} are omitted. */
  callsOfChange = 250;
  /** Changes that were told. */
  told = 0;

  calls({ before, limit = 100 }: Ask = {}): Promise<Page<CallRow>> {
    const from = Math.min(this.newest, (before ?? Infinity) - 1);
    const rows = Array.from({ length: Math.max(0, Math.min(limit, from)) }, (_, k) => call(from - k));
    return Promise.resolve({ rows, more: from > limit });
  }
  call = () => Promise.resolve(undefined);
  messages = () => Promise.resolve(nothing);
  findings = () => Promise.resolve(nothing);
  events = () => Promise.resolve(nothing);
  http = () => Promise.resolve(nothing);
  servers = () => Promise.resolve([]);
  server = () => Promise.resolve(undefined);
  links = () => Promise.resolve([]);
  rates = () => Promise.resolve([]);
  health = () => Promise.resolve(undefined);
  close = () => Promise.resolve();

  async *changes(signal: AbortSignal): AsyncGenerator<Change> {
    let due = performance.now();
    while (!signal.aborted) {
      if (this.rate === 0) { // it has stopped
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      due = Math.max(due + 1000 / this.rate, performance.now() - 100);
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      this.newest += this.callsOfChange;
      this.told++;
      const rows = Array.from({ length: ROWS }, (_, k) => call(this.newest - ROWS + 1 + k));
      yield { type: "calls", rows, omitted: this.callsOfChange - ROWS };
    }
  }
}
