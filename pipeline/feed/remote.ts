/**
 * What another mcpsonde's `serve` shows, over its API (`sinks/serve/openapi`).
 *
 * @module
 */
import { type QueryProblem } from "../query/mod.ts";
import { QueryError } from "../query/error.ts";
import type { MetricsSnapshot } from "../metrics.ts";
import type { CallRow, EventRow, FindingRow, HttpRow, LinkRow, MessageRow, RateRow, ServerRow } from "../store/rows.ts";
import type { Ask, CallDetail, Change, DriftRow, Feed, Following, Page, ServerDetail } from "./feed.ts";
import { remoteChanges } from "./remote_changes.ts";

/** How to reach it. */
export interface RemoteOptions {
  /** `http://127.0.0.1:7077`; what stands after `#token=` is the token. */
  readonly url: string;
  /** Goes before the one in the address. */
  readonly token?: string | undefined;
}

/** The other mcpsonde did not answer as it should. The message is a sentence for a person. */
export class RemoteError extends Error {
  override readonly name = "RemoteError";
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Bytes of an answer that are read. */
const LARGEST = 256 * 1024 * 1024;
/** How long an answer may take, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Opens it: asks what it shows, so that a wrong address or token is told at once.
 *
 * @throws {RemoteError} if it does not answer, or refuses.
 */
export async function openRemoteFeed(options: RemoteOptions): Promise<Feed> {
  const api = new Api(options);
  const about = await api.get<{ readonly title?: unknown; readonly accepts?: unknown }>("about");
  const title = typeof about.title === "string" ? `${about.title} at ${api.host}` : api.host;
  return new RemoteFeed(api, title, about.accepts === true);
}

class RemoteFeed implements Feed {
  readonly title: string;
  readonly accept?: (server: string, tools?: readonly string[]) => Promise<readonly DriftRow[] | undefined>;
  readonly #api: Api;

  constructor(api: Api, title: string, accepts: boolean) {
    this.#api = api;
    this.title = title;
    if (!accepts) return;
    this.accept = async (server, tools) => {
      const body = JSON.stringify({ server, ...(tools === undefined ? {} : { tools }) });
      return (await api.find<{ drift: readonly DriftRow[] }>("baseline/accept", {}, body))?.drift;
    };
  }

  calls(ask?: Ask): Promise<Page<CallRow>> {
    return this.#api.get("calls", ask);
  }

  call(id: number): Promise<CallDetail | undefined> {
    return this.#api.find(`calls/${id}`);
  }

  messages(ask?: Ask): Promise<Page<MessageRow>> {
    return this.#api.get("messages", ask);
  }

  findings(ask?: Ask): Promise<Page<FindingRow>> {
    return this.#api.get("findings", ask);
  }

  events(ask?: Ask): Promise<Page<EventRow>> {
    return this.#api.get("events", ask);
  }

  http(ask?: Ask): Promise<Page<HttpRow>> {
    return this.#api.get("http", ask);
  }

  servers(): Promise<readonly ServerRow[]> {
    return this.#rows("servers");
  }

  server(key: string): Promise<ServerDetail | undefined> {
    return this.#api.find(`servers/${encodeURIComponent(key)}`);
  }

  links(): Promise<readonly LinkRow[]> {
    return this.#rows("links");
  }

  rates(from: number, to: number, stepMs: number): Promise<readonly RateRow[]> {
    return this.#rows("rates", { from, to, step: stepMs });
  }

  async health(): Promise<MetricsSnapshot | undefined> {
    return (await this.#api.get<{ metrics?: MetricsSnapshot }>("health")).metrics;
  }

  changes(signal: AbortSignal, following: Following = {}): AsyncIterable<Change> {
    return remoteChanges((cursor, until) => this.#api.stream(following, cursor, until), signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #rows<Row>(path: string, values?: Values): Promise<readonly Row[]> {
    return (await this.#api.get<{ rows: readonly Row[] }>(path, values)).rows;
  }
}

type Values = { readonly [name: string]: string | number | undefined };

/** Requests with the token. */
class Api {
  readonly host: string;
  readonly #base: URL;
  readonly #token: string | undefined;

  constructor({ url, token }: RemoteOptions) {
    const base = URL.canParse(url) ? new URL(url) : undefined;
    if (base === undefined || !/^https?:$/.test(base.protocol)) {
      throw new RemoteError(0, `"${url.replace(/#.*/s, "").slice(0, 200)}" is no address: expected http://HOST:PORT`);
    }
    const fragment = new URLSearchParams(base.hash.slice(1)).get("token") ?? undefined;
    this.#token = token ?? fragment;
    if (this.#token !== undefined && !/^[\x21-\x7e]+$/.test(this.#token)) {
      throw new RemoteError(0, "the token has characters that no token has");
    }
    this.#base = new URL(base.pathname.endsWith("/") ? base.pathname : `${base.pathname}/`, base.origin);
    this.host = base.host;
  }

  /** What is there. */
  async get<T>(path: string, values: Ask | Values = {}): Promise<T> {
    const response = await this.#ask(path, { ...values }, AbortSignal.timeout(PATIENCE));
    return await this.#json<T>(response);
  }

  /** What may be there. With a body it is a POST. */
  async find<T>(path: string, values: Values = {}, body?: string): Promise<T | undefined> {
    try {
      const response = await this.#ask(path, values, AbortSignal.timeout(PATIENCE), {}, body);
      return await this.#json<T>(response);
    } catch (error) {
      if (error instanceof RemoteError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The stream of changes, from the cursor on. */
  async stream(
    { filter, types }: Following,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: "text/event-stream", ...(cursor === undefined ? {} : { "last-event-id": cursor }) };
    const { body } = await this.#ask("changes", { filter, types: types?.join(",") }, signal, headers);
    if (body === null) throw new RemoteError(0, `${this.host} sent no stream`);
    return body;
  }

  async #ask(
    path: string,
    values: Values,
    signal: AbortSignal,
    more: Record<string, string> = {},
    body?: string,
  ): Promise<Response> {
    const url = new URL(`api/v1/${path}`, this.#base);
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
    }
    const headers = {
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...more,
    };
    const method = body === undefined ? "GET" : "POST";
    let response: Response;
    try {
      // the token is for this address only
      response = await fetch(url, {
        method,
        headers,
        signal,
        redirect: "error",
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      throw new RemoteError(0, `${this.host} does not answer: ${reason(error)}`, { cause: error });
    }
    if (response.ok) return response;
    throw await this.#refusal(response, String(values["filter"] ?? ""));
  }

  async #refusal(response: Response, filter: string): Promise<Error> {
    const { status } = response;
    const told = await this.#json<Told>(response).catch((): Told => ({}));
    if (told.error === "bad_filter" && Array.isArray(told.problems)) return new QueryError(filter, told.problems);
    if (status === 401) {
      return new RemoteError(
        status,
        this.#token === undefined
          ? `${this.host} asks for a token: mcpsonde serve printed it there when it started`
          : `${this.host} does not take the token`,
      );
    }
    const message = typeof told.message === "string" ? told.message.slice(0, 500) : "is it mcpsonde serve?";
    return new RemoteError(status, `${this.host} answered ${status}: ${message}`);
  }

  async #json<T>(response: Response): Promise<T> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of response.body ?? []) {
        length += chunk.length;
        if (length > LARGEST) throw new RemoteError(0, `${this.host} sent more than ${LARGEST} bytes`);
        chunks.push(chunk);
      }
    } catch (error) {
      throw error instanceof RemoteError
        ? error
        : new RemoteError(0, `${this.host} broke off its answer: ${reason(error)}`, { cause: error });
    }
    try {
      const text = await new Blob(chunks as Uint8Array<ArrayBuffer>[]).text();
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null) return value as T;
    } catch {
      // told below
    }
    throw new RemoteError(response.status, `${this.host} did not answer in JSON: is it mcpsonde serve?`);
  }
}

/** What a refusal's body has. */
interface Told {
  readonly error?: unknown;
  readonly message?: unknown;
  readonly problems?: readonly QueryProblem[];
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it took too long";
  const { cause } = error;
  const text = cause instanceof Error && cause.message !== "" ? cause.message : error.message;
  if (/refused/i.test(text)) return "nobody listens there";
  return text;
}
