/**
 * What a store in this process shows.
 *
 * @module
 */
import { Baseline } from "../baseline/mod.ts";
import type { MetricsSnapshot } from "../metrics.ts";
import type { CallRow, EventRow, FindingRow, HttpRow, LinkRow, MessageRow, RateRow, ServerRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { driftRows } from "./drift.ts";
import type { Ask, CallDetail, Change, DriftRow, Feed, Following, Page, ServerDetail } from "./feed.ts";
import { localChanges } from "./local_changes.ts";

/** What a feed knows besides the store. */
export interface LocalOptions {
  /** For people. */
  readonly title: string;
  /** The counters of the pipeline that fills the store; undefined if none does. */
  readonly health?: (() => MetricsSnapshot) | undefined;
  /** File of the accepted tools. */
  readonly baseline?: string | undefined;
}

/** A feed of a store. Closing it leaves the store open. */
export class LocalFeed implements Feed {
  readonly title: string;
  readonly accept?: (server: string, tools?: readonly string[]) => Promise<readonly DriftRow[] | undefined>;
  readonly #store: Store;
  readonly #options: LocalOptions;
  readonly #closing = new AbortController();

  constructor(store: Store, options: LocalOptions) {
    this.#store = store;
    this.#options = options;
    this.title = options.title;
    const { baseline } = options;
    if (baseline !== undefined) {
      this.accept = (server, tools) => Promise.resolve().then(() => accept(baseline, server, tools));
    }
  }

  async calls(ask?: Ask): Promise<Page<CallRow>> {
    return await this.#store.calls(ask);
  }

  async call(id: number): Promise<CallDetail | undefined> {
    return await this.#store.call(id);
  }

  async messages(ask?: Ask): Promise<Page<MessageRow>> {
    return await this.#store.messages(ask);
  }

  async findings(ask?: Ask): Promise<Page<FindingRow>> {
    return await this.#store.findings(ask);
  }

  async events(ask?: Ask): Promise<Page<EventRow>> {
    return await this.#store.events(ask);
  }

  async http(ask?: Ask): Promise<Page<HttpRow>> {
    return await this.#store.http(ask);
  }

  async servers(): Promise<readonly ServerRow[]> {
    return await this.#store.servers();
  }

  async server(key: string): Promise<ServerDetail | undefined> {
    const detail = await this.#store.server(key);
    const { baseline } = this.#options;
    if (detail === undefined || baseline === undefined) return detail;
    const held = new Baseline(baseline).servers.get(key);
    return held === undefined ? detail : { ...detail, drift: driftRows(held) };
  }

  async links(): Promise<readonly LinkRow[]> {
    return await this.#store.links();
  }

  async rates(from: number, to: number, stepMs: number): Promise<readonly RateRow[]> {
    return await this.#store.rates(from, to, stepMs);
  }

  health(): Promise<MetricsSnapshot | undefined> {
    return Promise.resolve(this.#options.health?.());
  }

  changes(signal: AbortSignal, following: Following = {}): AsyncIterable<Change> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    return localChanges(this.#store, this, following, this.#options.health, until);
  }

  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }
}

/** Takes over into the file what `tool_drift` has seen of the server since. Undefined if it is not known there. */
function accept(path: string, server: string, tools: readonly string[] | undefined): readonly DriftRow[] | undefined {
  const held = new Baseline(path);
  if (!held.servers.has(server)) return undefined;
  held.accept(server, Date.now(), tools);
  held.save();
  const now = held.servers.get(server);
  return now === undefined ? undefined : driftRows(now);
}
