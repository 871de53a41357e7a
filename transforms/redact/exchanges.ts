/**
 * HTTP exchanges without secrets. A copy is one for its exchange and follows it as it is filled in.
 *
 * @module
 */
import type { HttpExchange, HttpHeaders, HttpRequestHead, HttpResponseHead, Process } from "../../pipeline/event.ts";
import type { Processes } from "./processes.ts";
import type { Texts } from "./texts.ts";

/** What the `http` transform puts in the place of cookies and credentials, one or more in a value. */
const HASHED = /sha256:[0-9a-f]{8}(?![0-9a-f])/;

/** Redacts exchanges. */
export class Exchanges {
  readonly #texts: Texts;
  readonly #processes: Processes;
  readonly #known = new WeakMap<HttpExchange, RedactedExchange>();

  constructor(texts: Texts, processes: Processes) {
    this.#texts = texts;
    this.#processes = processes;
  }

  /** The exchange's copy. */
  of(exchange: HttpExchange): HttpExchange {
    let shown = this.#known.get(exchange);
    if (shown === undefined) this.#known.set(exchange, shown = new RedactedExchange(exchange, this));
    return shown;
  }

  /** Header fields: the same array if nothing had to be redacted. */
  headers(headers: HttpHeaders): HttpHeaders {
    let changed = false;
    const shown = headers.map((field) => {
      const [name, value] = field;
      const text = HASHED.test(value) ? value : this.#texts.named(name, value);
      const shownName = this.#texts.text(name);
      if (text === value && shownName === name) return field;
      changed = true;
      return [shownName, text] as const;
    });
    return changed ? shown : headers;
  }

  /** A text of a head. */
  text(text: string): string {
    return this.#texts.text(text);
  }

  process(process: Process | undefined): Process | undefined {
    return process && this.#processes.of(process);
  }
}

/** A copy. Heads are copied when first asked for, and again when their trailers have come. */
class RedactedExchange implements HttpExchange {
  readonly id: number;
  readonly version: HttpExchange["version"];
  readonly streamId: number | undefined;
  readonly #exchange: HttpExchange;
  readonly #exchanges: Exchanges;
  #request: { of: HttpRequestHead; trailers: HttpHeaders | undefined; shown: HttpRequestHead } | undefined;
  #response: { of: HttpResponseHead; trailers: HttpHeaders | undefined; shown: HttpResponseHead } | undefined;

  constructor(exchange: HttpExchange, exchanges: Exchanges) {
    this.id = exchange.id;
    this.version = exchange.version;
    this.streamId = exchange.streamId;
    this.#exchange = exchange;
    this.#exchanges = exchanges;
  }

  get request(): HttpRequestHead | undefined {
    const { request } = this.#exchange;
    if (request === undefined) return undefined;
    const known = this.#request;
    if (known?.of === request && known.trailers === request.trailers) return known.shown;
    const { method, target, authority, headers, trailers } = request;
    const exchanges = this.#exchanges;
    const shown: HttpRequestHead = {
      method: exchanges.text(method),
      target: exchanges.text(target),
      authority: authority && exchanges.text(authority),
      headers: exchanges.headers(headers),
      trailers: trailers && exchanges.headers(trailers),
    };
    this.#request = { of: request, trailers, shown };
    return shown;
  }

  get response(): HttpResponseHead | undefined {
    const { response } = this.#exchange;
    if (response === undefined) return undefined;
    const known = this.#response;
    if (known?.of === response && known.trailers === response.trailers) return known.shown;
    const { status, headers, trailers } = response;
    const shown: HttpResponseHead = {
      status,
      headers: this.#exchanges.headers(headers),
      trailers: trailers && this.#exchanges.headers(trailers),
    };
    this.#response = { of: response, trailers, shown };
    return shown;
  }

  get times(): HttpExchange["times"] {
    return this.#exchange.times;
  }

  get client(): Process | undefined {
    return this.#exchanges.process(this.#exchange.client);
  }

  get server(): Process | undefined {
    return this.#exchanges.process(this.#exchange.server);
  }

  get stream(): HttpExchange["stream"] {
    return this.#exchange.stream;
  }
}
