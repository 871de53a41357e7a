/**
 * Asks the server: `sinks/serve/openapi`.
 *
 * @module
 */
/// <reference lib="dom" />
import { signal } from "@preact/signals";
import type { CallDetail, Page, ServerDetail } from "../../../pipeline/feed/feed.ts";
import type { MetricsSnapshot } from "../../../pipeline/metrics.ts";
import type { CallRow, EventRow, FindingRow, LinkRow, RateRow, ServerRow } from "../../../pipeline/store/rows.ts";

/** One mistake in a filter: UTF-16 offsets and a sentence. */
export interface Problem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** What is shown, as a whole. */
export interface About {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly live: boolean;
  readonly accepts: boolean;
}

/** A field of the filter language. */
export interface FieldInfo {
  readonly name: string;
  readonly group: string;
  readonly type: "text" | "name" | "number" | "duration" | "size" | "time" | "search";
  readonly summary: string;
  readonly example: string;
  readonly ordered: boolean;
  readonly names?: readonly string[];
}

/** What the server refused, or why it did not answer (`status` 0). */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

/** True while the server wants a token first. */
export const needsLogin = signal(false);

type Values = Readonly<Record<string, string | number | undefined>>;

/** An address of the API. */
export function address(path: string, values: Values = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return `api/v1/${path}${query.size > 0 ? `?${query}` : ""}`;
}

async function ask<T>(path: string, values?: Values, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address(path, values), { credentials: "same-origin", ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, "mcpsonde does not answer");
  }
  if (response.ok) return response.status === 204 ? undefined as T : await response.json() as T;
  if (response.status === 401) needsLogin.value = true;
  const told = await response.json().catch(() => undefined) as { message?: string; problems?: Problem[] } | undefined;
  throw new ApiError(response.status, told?.message ?? `The answer was ${response.status}`, told?.problems);
}

function send<T>(path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  return ask<T>(path, {}, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Which rows. */
export interface Ask {
  readonly filter?: string;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit?: number;
}

/** The API. What fails rejects with an {@linkcode ApiError}. */
export const api = {
  about: (): Promise<About> => ask("about"),
  calls: (what: Ask, signal?: AbortSignal): Promise<Page<CallRow>> => ask("calls", { ...what }, until(signal)),
  call: (id: number, signal?: AbortSignal): Promise<CallDetail> => ask(`calls/${id}`, {}, until(signal)),
  findings: (what: Ask, signal?: AbortSignal): Promise<Page<FindingRow>> => ask("findings", { ...what }, until(signal)),
  events: (what: Ask): Promise<Page<EventRow>> => ask("events", { ...what }),
  servers: async (): Promise<readonly ServerRow[]> => (await ask<{ rows: readonly ServerRow[] }>("servers")).rows,
  server: (key: string): Promise<ServerDetail> => ask(`servers/${encodeURIComponent(key)}`),
  links: async (): Promise<readonly LinkRow[]> => (await ask<{ rows: readonly LinkRow[] }>("links")).rows,
  rates: async (from: number, to: number, step: number): Promise<readonly RateRow[]> =>
    (await ask<{ rows: readonly RateRow[] }>("rates", { from, to, step })).rows,
  health: async (): Promise<MetricsSnapshot | undefined> =>
    (await ask<{ metrics?: MetricsSnapshot }>("health")).metrics,
  fields: async (): Promise<readonly FieldInfo[]> => (await ask<{ rows: readonly FieldInfo[] }>("fields")).rows,
  query: (filter: string, signal?: AbortSignal): Promise<{ ok: boolean; words?: string; problems?: Problem[] }> =>
    ask("query", { filter }, until(signal)),
  accept: (server: string, tools?: readonly string[]): Promise<unknown> =>
    send("baseline/accept", tools === undefined ? { server } : { server, tools }),
  login: (token: string): Promise<void> => send("login", { token }),
};

function until(signal: AbortSignal | undefined): RequestInit {
  return signal === undefined ? {} : { signal };
}
