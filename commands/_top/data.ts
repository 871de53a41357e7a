/**
 * What the screen shows of a feed: asked for once, then kept up to date by its changes.
 *
 * @module
 */
import type { Change, Feed } from "../../pipeline/feed/feed.ts";
import type { MetricsSnapshot } from "../../pipeline/metrics.ts";
import type { CallRow, FindingRow, RateRow, ServerRow } from "../../pipeline/store/rows.ts";
import { Meter } from "./meter.ts";
import { Rows } from "./rows.ts";

/** Before a feed that failed is asked again, in milliseconds. */
const AGAIN = 2000;
/** Servers that are held. */
const MOST_SERVERS = 10_000;
/** Steps of the chart of rates. */
const RATE_STEPS = 50;
/** How far back the chart goes while something may come, in milliseconds. */
const RATE_TIME = 60_000;

/** Changes that are shown. */
const WANTED: readonly Change["type"][] = ["calls", "findings", "events", "servers", "health"];

/** The feed's rows as far as they are shown. */
export class Data {
  readonly calls: Rows<CallRow>;
  readonly findings: Rows<FindingRow>;
  servers: readonly ServerRow[] = [];
  /** The pipeline's counters, and those before them: their difference makes rates. */
  health: MetricsSnapshot | undefined;
  healthBefore: MetricsSnapshot | undefined;
  rates: readonly RateRow[] = [];
  /** Length of a step of {@linkcode Data.rates} in milliseconds. */
  rateStep = RATE_TIME / RATE_STEPS;
  /** Gaps that were told of since the start. */
  gaps = 0;
  readonly callMeter = new Meter();
  /** Why nothing comes, while nothing comes. */
  trouble: string | undefined;
  readonly #feed: Feed;
  readonly #onChange: () => void;
  #newestCall = 0;
  #refreshing = false;

  /** `onChange` is called whenever something is new. `most` calls and findings are held. */
  constructor(feed: Feed, onChange: () => void, most?: number) {
    this.#feed = feed;
    this.#onChange = onChange;
    this.calls = new Rows((ask) => feed.calls(ask), most);
    this.findings = new Rows((ask) => feed.findings(ask), most);
  }

  /** Asks for all, then takes what comes, until the signal is aborted. Never rejects: what fails is told and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const attempt = new AbortController();
      try {
        const until = AbortSignal.any([signal, attempt.signal]);
        // begun first, so that nothing falls between the two
        const followed = this.#follow(this.#feed.changes(until, { types: WANTED }));
        await Promise.all([followed, this.load()]);
        if (signal.aborted) return;
        await forever(signal); // a file has no changes
      } catch (error) {
        if (signal.aborted) return;
        this.trouble = error instanceof Error ? error.message : String(error);
        this.#onChange();
        attempt.abort();
        await pause(AGAIN, signal);
      }
    }
  }

  /** Events that reached the sinks in a second; undefined while it is not known. */
  get eventRate(): number | undefined {
    const [now, before] = [this.health, this.healthBefore];
    if (now === undefined || before === undefined || now.time <= before.time) return undefined;
    const earlier = new Map(before.nodes.map(({ node, received }) => [node, received]));
    const most = now.nodes.reduce(
      (sum, { node, received }) => node.startsWith("sinks.") ? Math.max(sum, received - (earlier.get(node) ?? 0)) : sum,
      0,
    );
    return most * 1000 / (now.time - before.time);
  }

  /** Asks for all anew. */
  async load(): Promise<void> {
    const [, , servers, health] = await Promise.all([
      this.calls.paused ? undefined : this.calls.load(),
      this.findings.paused ? undefined : this.findings.load(),
      this.#feed.servers(),
      this.#feed.health(),
    ]);
    this.servers = servers.slice(0, MOST_SERVERS);
    this.#newestCall = Math.max(this.#newestCall, this.calls.rows().at(-1)?.id ?? 0);
    if (health !== undefined) this.#measured(health);
    this.trouble = undefined;
    this.#onChange();
  }

  /** Asks for the chart of rates: of the last minute, or of the whole time that a file has. */
  async loadRates(now: number, isLive: boolean): Promise<void> {
    const { from, to } = isLive ? { from: now - RATE_TIME, to: now } : await this.#span();
    const step = Math.max(1, (to - from) / RATE_STEPS);
    this.rates = await this.#feed.rates(from, to, step);
    this.rateStep = step;
    this.#onChange();
  }

  /** Asks again for what has changed behind a filter, or came too fast. `follows`: whether the newest are looked at. */
  async refresh(follows: Readonly<Record<"calls" | "findings", boolean>>): Promise<void> {
    if (this.#refreshing || !(this.calls.isStale || this.findings.isStale)) return;
    this.#refreshing = true;
    try {
      await Promise.all([this.calls.refresh(follows.calls), this.findings.refresh(follows.findings)]);
      this.#onChange();
    } finally {
      this.#refreshing = false;
    }
  }

  /** Whether the feed still answers: one that follows over lost connections tells of nothing. Never rejects. */
  async checkHealth(): Promise<void> {
    try {
      const health = await this.#feed.health();
      if (health !== undefined) this.#measured(health);
      this.trouble = undefined;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
    this.#onChange();
  }

  async #follow(changes: AsyncIterable<Change>): Promise<void> {
    for await (const change of changes) {
      if (change.type === "lost") await this.load();
      else this.#take(change);
      this.trouble = undefined;
      this.#onChange();
    }
  }

  #take(change: Exclude<Change, { type: "lost" }>): void {
    const now = Date.now();
    switch (change.type) {
      case "calls": {
        const fresh = change.rows.filter(({ id }) => id > this.#newestCall);
        this.#newestCall = fresh.reduce((newest, { id }) => Math.max(newest, id), this.#newestCall);
        this.callMeter.add(fresh.length + (change.omitted ?? 0), now);
        return this.calls.changed(change.rows, change.omitted);
      }
      case "messages":
        return; // not asked for
      case "findings":
        return this.findings.changed(change.rows, change.omitted);
      case "events":
        this.gaps += change.rows.filter(({ kind }) => kind === "gap").length + (change.omitted ?? 0);
        return;
      case "servers":
        return this.#known(change.rows);
      case "health":
        return this.#measured(change.metrics);
    }
  }

  #known(rows: readonly ServerRow[]): void {
    const servers = new Map(this.servers.map((server) => [server.key, server]));
    for (const row of rows) if (servers.has(row.key) || servers.size < MOST_SERVERS) servers.set(row.key, row);
    this.servers = [...servers.values()];
  }

  #measured(metrics: MetricsSnapshot): void {
    if (this.health !== undefined && metrics.time - this.health.time < 500) return;
    this.healthBefore = this.health;
    this.health = metrics;
  }

  async #span(): Promise<{ from: number; to: number }> {
    const rows = this.calls.rows();
    await Promise.resolve();
    const [first, last] = [rows[0], rows.at(-1)];
    return { from: first?.time ?? 0, to: (last === undefined ? 0 : last.time) + 1 };
  }
}

/** Resolves after some milliseconds, or when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

function forever(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
