/**
 * What the page of `serve` and the terminal UI show, wherever it comes from: a store in this process, or another mcpsonde's
 * API.
 *
 * @module
 */
import type { MetricsSnapshot } from "../metrics.ts";
import type {
  CallRow,
  EventRow,
  FindingRow,
  HttpRow,
  LinkRow,
  MessageRow,
  RateRow,
  ServerRow,
  ToolRow,
} from "../store/rows.ts";

/** Which rows are wanted, newest first. */
export interface Ask {
  /** In the filter language; empty or absent: all. */
  readonly filter?: string | undefined;
  /** Only rows with a smaller id: for the next page, the last one's. */
  readonly before?: number | undefined;
  /** Only rows with a larger id. */
  readonly after?: number | undefined;
  /** Only rows that began at or after this time. */
  readonly from?: number | undefined;
  /** Only rows that began before this time. */
  readonly to?: number | undefined;
  /** How many at most. @default {100} */
  readonly limit?: number | undefined;
}

/** Some rows, newest first. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Whether there are more, older ones. */
  readonly more: boolean;
}

/** One call with all that belongs to it, oldest first. */
export interface CallDetail {
  readonly call: CallRow;
  /** With their texts. */
  readonly messages: readonly MessageRow[];
  readonly findings: readonly FindingRow[];
  /** What sensors told while it ran. */
  readonly events: readonly EventRow[];
  readonly http: readonly HttpRow[];
}

/** A server with what it offers. */
export interface ServerDetail {
  readonly server: ServerRow;
  /** With their definitions. */
  readonly tools: readonly ToolRow[];
  /** What differs from the accepted baseline; absent if there is no baseline. */
  readonly drift?: readonly DriftRow[] | undefined;
}

/** One difference between what was accepted and what is. */
export interface DriftRow {
  readonly kind: "added" | "removed" | "changed";
  readonly what: ToolRow["kind"] | "instructions" | "server";
  readonly name: string;
  /** Lines, each begins with `+`, `-` or a space. */
  readonly diff?: readonly string[] | undefined;
}

/**
 * Rows that came, oldest first. Where too many came at once the newest are told: `omitted` counts the others, absent
 * means none.
 */
export interface Came<Type extends string, Row> {
  readonly type: Type;
  readonly rows: readonly Row[];
  readonly omitted?: number | undefined;
}

/**
 * Something new. `calls`: new calls and such as have changed since (the same id again). `lost`: the reader was too slow,
 * or was away for too long: ask anew.
 */
export type Change =
  | Came<"calls", CallRow>
  | Came<"messages", MessageRow>
  | Came<"findings", FindingRow>
  | Came<"events", EventRow>
  | { readonly type: "servers"; readonly rows: readonly ServerRow[] }
  | { readonly type: "health"; readonly metrics: MetricsSnapshot }
  | { readonly type: "lost"; readonly changes: number };

/** Which changes are wanted. */
export interface Following {
  /** Only rows of calls, messages, findings and events that match, in the filter language. */
  readonly filter?: string | undefined;
  /** Only these, and `lost`; absent: all. */
  readonly types?: readonly Change["type"][] | undefined;
}

/** Where what is shown comes from. A filter that cannot be read rejects with a `QueryError`. */
export interface Feed {
  /** What it is, for a title: a file's name, an address, `this machine`. */
  readonly title: string;
  calls(ask?: Ask): Promise<Page<CallRow>>;
  call(id: number): Promise<CallDetail | undefined>;
  /** Without texts. */
  messages(ask?: Ask): Promise<Page<MessageRow>>;
  findings(ask?: Ask): Promise<Page<FindingRow>>;
  events(ask?: Ask): Promise<Page<EventRow>>;
  http(ask?: Ask): Promise<Page<HttpRow>>;
  servers(): Promise<readonly ServerRow[]>;
  server(key: string): Promise<ServerDetail | undefined>;
  links(): Promise<readonly LinkRow[]>;
  /** Steps of `stepMs` between the two times, oldest first, without those in which nothing was. */
  rates(from: number, to: number, stepMs: number): Promise<readonly RateRow[]>;
  /** The counters of the pipeline that feeds it; undefined if none runs. */
  health(): Promise<MetricsSnapshot | undefined>;
  /** What comes from now on, some ten times a second at most, until the signal is aborted. */
  changes(signal: AbortSignal, following?: Following): AsyncIterable<Change>;
  /**
   * Accepts what a server offers now as its baseline: all of it, or only these tools. Gives what still differs; undefined
   * if the server is not known. Absent where there is no baseline.
   */
  accept?(server: string, tools?: readonly string[]): Promise<readonly DriftRow[] | undefined>;
  close(): Promise<void>;
}
