/** A feed of rows that a test makes, and changes. */
import type { Ask, CallDetail, Change, Feed, Page, ServerDetail } from "../../../pipeline/feed/feed.ts";
import type { MetricsSnapshot } from "../../../pipeline/metrics.ts";
import { parseQuery } from "../../../pipeline/query/mod.ts";
import type { CallRow, FindingRow, MessageRow, RateRow, ServerRow } from "../../../pipeline/store/rows.ts";
import type { Io } from "../../../commands/_top/io.ts";
import { frame } from "../../../commands/_top/frame.ts";
import { draw, paintFor } from "../../../commands/_top/line.ts";
import { type Mode, Top } from "../../../commands/_top/top.ts";

/** 2026-01-01 12:00:00 UTC. */
export const START: number = Date.UTC(2026, 0, 1, 12);

/** A call that has ended well. */
export function call(id: number, more: Partial<CallRow> = {}): CallRow {
  return {
    id,
    time: START + id * 1000,
    method: "tools/call",
    name: `tool_${id}`,
    server: "key",
    server_name: "notes",
    client_name: "agent",
    session: 1,
    transport: "stdio",
    outcome: "ok",
    duration_ms: id,
    requests: 1,
    progress: 0,
    bytes_in: 100 + id,
    bytes_out: 2000,
    findings: 0,
    summary: "a=1",
    ...more,
  };
}

/** A finding. */
export function finding(id: number, more: Partial<FindingRow> = {}): FindingRow {
  const message = `finding number ${id}`;
  return { id, time: START + id * 1000, rule: "mcp.test", severity: "high", message, server_name: "notes", ...more };
}

/** A server. */
export function server(key: string, more: Partial<ServerRow> = {}): ServerRow {
  return {
    key,
    name: key,
    transport: "stdio",
    remote: false,
    eras: ["2025-11-25"],
    first_seen: START,
    last_seen: START,
    calls: 3,
    errors: 1,
    findings: 0,
    tools: 2,
    resources: 0,
    prompts: 0,
    ...more,
  };
}

/** Rows in memory. Its filters are `tool:NAME` and mistakes. */
export class FakeFeed implements Feed {
  title = "a test";
  callRows: CallRow[] = [];
  findingRows: FindingRow[] = [];
  serverRows: ServerRow[] = [];
  texts: readonly Partial<MessageRow>[] = [];
  metrics: MetricsSnapshot | undefined;
  rateRows: RateRow[] = [];
  /** What was asked for. */
  readonly asked: Ask[] = [];
  #wake = () => {};
  readonly #changes: Change[] = [];

  calls(ask: Ask = {}): Promise<Page<CallRow>> {
    this.asked.push(ask);
    return page(this.callRows, ask, (row, tool) => row.name === tool);
  }

  findings(ask: Ask = {}): Promise<Page<FindingRow>> {
    return page(this.findingRows, ask, (row, rule) => row.rule === rule);
  }

  call(id: number): Promise<CallDetail | undefined> {
    const call = this.callRows.find((row) => row.id === id);
    if (call === undefined) return Promise.resolve(undefined);
    const messages = this.texts.map((text, i): MessageRow => ({
      id: i,
      time: call.time + i * 10,
      type: i === 0 ? "request" : "response",
      method: call.method,
      sender: i === 0 ? "client" : "server",
      transport: call.transport,
      bytes: text.text?.length ?? 0,
      ...text,
    }));
    const findings = this.findingRows.filter((row) => row.call === id);
    return Promise.resolve({ call, messages, findings, events: [], http: [] });
  }

  server(key: string): Promise<ServerDetail | undefined> {
    const found = this.serverRows.find((row) => row.key === key);
    return Promise.resolve(found && { server: found, tools: [] });
  }

  servers(): Promise<readonly ServerRow[]> {
    return Promise.resolve(this.serverRows);
  }

  rates(): Promise<readonly RateRow[]> {
    return Promise.resolve(this.rateRows);
  }

  health(): Promise<MetricsSnapshot | undefined> {
    return Promise.resolve(this.metrics);
  }

  /** Tells of a change. */
  tell(change: Change): void {
    this.#changes.push(change);
    this.#wake();
  }

  async *changes(signal: AbortSignal): AsyncGenerator<Change> {
    signal.addEventListener("abort", () => this.#wake());
    while (!signal.aborted) {
      for (let change = this.#changes.shift(); change !== undefined; change = this.#changes.shift()) yield change;
      if (!signal.aborted) await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  messages = nothing;
  events = nothing;
  http = nothing;
  links = () => Promise.resolve([]);
  close = () => Promise.resolve();
}

function nothing(): Promise<Page<never>> {
  return Promise.resolve({ rows: [], more: false });
}

async function page<Row extends { readonly id: number }>(
  all: readonly Row[],
  { filter = "", before = Infinity, after = -Infinity, limit = 100 }: Ask,
  matches: (row: Row, value: string) => boolean,
): Promise<Page<Row>> {
  await Promise.resolve();
  if (filter !== "") parseQuery(filter);
  const value = filter.replace(/^\w+:/, "");
  const rows = all.filter((row) => row.id < before && row.id > after && (filter === "" || matches(row, value)));
  return { rows: rows.toReversed().slice(0, limit), more: rows.length > limit };
}

/** A screen over a feed, without a terminal. */
export class Screen implements AsyncDisposable {
  readonly feed: FakeFeed;
  readonly top: Top;
  readonly copied: string[] = [];
  readonly written = new Map<string, string>();
  readonly did: string[] = [];
  columns = 80;
  rows = 24;
  now: number = START + 3_600_000;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(feed: FakeFeed, mode: Mode = "live", most?: number) {
    this.feed = feed;
    const io: Io = {
      copy: (text) => this.copied.push(text) > 0,
      write: async (path, parts) => {
        if (path === "/refused") throw new Error("no right to write there");
        let text = "";
        for await (const part of parts) text += part;
        this.written.set(path, text);
        return path;
      },
      suspend: () => void this.did.push("suspend"),
      redraw: () => void this.did.push("redraw"),
      quit: () => void this.did.push("quit"),
    };
    this.top = new Top(feed, { mode, io, now: () => this.now, ...(most === undefined ? {} : { most }) });
    this.#running = this.top.run(this.#stop.signal);
  }

  /** Lets what is under way come to its end. */
  async settle(): Promise<void> {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Presses keys one after the other. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.top.press(key);
      await this.settle();
    }
  }

  /** Types text. */
  async type(text: string): Promise<void> {
    await this.press(...[...text].map((character) => character === " " ? "space" : character));
  }

  /** As a terminal is sent it, line by line. */
  raw(colours = false): string[] {
    const paint = paintFor(colours);
    return frame(this.top, this.columns, this.rows).map((line) => draw(line, this.columns, paint));
  }

  /** As it is seen, line by line. */
  lines(): string[] {
    // deno-lint-ignore no-control-regex
    return this.raw().map((line) => line.replace(/\x1b\[[\d;]*m/g, "").trimEnd());
  }

  /** As it is seen. */
  text(): string {
    return this.lines().join("\n");
  }

  /** What is chosen: the lines in reverse that begin with the mark. */
  chosen(): string | undefined {
    return this.lines().find((line) => line.startsWith("›"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
