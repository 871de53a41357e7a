/**
 * MCP sessions over HTTP: within one, a request and its response may be in different exchanges.
 *
 * @module
 */
import type { HttpExchange, Process } from "../../../pipeline/event.ts";
import { authorityOf, endpointNamed, mcpSessionId, postedTo } from "../../../pipeline/http_session.ts";
import { type Side, type Waiter, Waiters } from "./waiting.ts";

/**
 * What holds it together: `id`, an `Mcp-Session-Id`; `endpoint`, the URL that an event stream of the 2024-11-05 transport
 * has named; `ends`, only that client and server are the same, so there may be several sessions in it.
 */
export type SessionKind = "id" | "endpoint" | "ends";

/** Ids of server-sent events remembered in a session, to know them again when a stream is resumed. */
const EVENT_IDS = 256;

/** What is remembered of a session. */
export class Session {
  readonly name: string;
  readonly kind: SessionKind;
  /** Number of the last batch that had something of it. */
  batch = 0;
  /** It is not among the sessions any more. */
  isForgotten = false;
  /** Requests that wait, by who asks. */
  readonly waiting: Readonly<Record<Side, Waiters>> = { client: new Waiters(), server: new Waiters() };
  /** Hashes: an id may be of any length. */
  #eventIds: Float64Array | undefined;
  #nextEventId = 0;

  /** An empty one. */
  constructor(name: string, kind: SessionKind) {
    this.name = name;
    this.kind = kind;
  }

  /** Remembers the id of an event. True if it was seen before. */
  sawEvent(id: string): boolean {
    const hash = hashOf(id);
    const ids = this.#eventIds ??= new Float64Array(EVENT_IDS);
    if (ids.includes(hash)) return true;
    ids[this.#nextEventId] = hash;
    this.#nextEventId = (this.#nextEventId + 1) % EVENT_IDS;
    return false;
  }
}

/** Sessions by name; the longest silent ones are forgotten. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #most: number;
  readonly #forget: (session: Session) => void;

  /** Keeps at most `most`; `forget` hears of each that is let go while requests wait in it. */
  constructor(most: number, forget: (session: Session) => void) {
    this.#most = most;
    this.#forget = forget;
  }

  /** How many. */
  get size(): number {
    return this.#sessions.size;
  }

  /** All. */
  all(): IterableIterator<Session> {
    return this.#sessions.values();
  }

  /** The session that an exchange belongs to, as far as is known by now. */
  of(exchange: HttpExchange, batch: number): Session {
    const id = mcpSessionId(exchange);
    const server = authorityOf(exchange);
    if (id !== undefined) return this.#get(`id ${server} ${id}`, "id", batch);
    const endpoint = exchange.request === undefined
      ? undefined
      : this.#sessions.get(postedTo(server, exchange.request.target));
    if (endpoint === undefined) return this.#get(endsName(exchange), "ends", batch);
    endpoint.batch = batch;
    return endpoint;
  }

  /** The session whose messages are posted to `url`, which came on the exchange's event stream. */
  atEndpoint(exchange: HttpExchange, url: string, batch: number): Session | undefined {
    const name = endpointNamed(exchange, url);
    return name === undefined ? undefined : this.#get(name, "endpoint", batch);
  }

  /** The session that has taken the place of a forgotten one. */
  again({ name, kind }: Session, batch: number): Session {
    return this.#get(name, kind, batch);
  }

  /** Forgets a session. */
  remove(session: Session): void {
    session.isForgotten = true;
    this.#sessions.delete(session.name);
  }

  #get(name: string, kind: SessionKind, batch: number): Session {
    let session = this.#sessions.get(name);
    if (session === undefined) {
      if (this.#sessions.size >= this.#most) this.#evict();
      session = new Session(name, kind);
      this.#sessions.set(name, session);
    }
    session.batch = batch;
    return session;
  }

  /** Forgets the sixteenth of the sessions that have been silent longest. */
  #evict(): void {
    const oldest = [...this.#sessions.values()].sort((a, b) => a.batch - b.batch);
    for (const session of oldest.slice(0, Math.ceil(oldest.length / 16))) {
      this.#forget(session);
      this.remove(session);
    }
  }
}

/** True if both exchanges have the same client and the same server, as far as is known. */
export function haveSameEnds(one: Waiter["exchange"], other: HttpExchange): boolean {
  return one.client?.pid === other.client?.pid && one.server?.pid === other.server?.pid;
}

function endsName({ client, server, stream, request }: HttpExchange): string {
  const from = stream.from ?? stream.reverse?.to, to = stream.to ?? stream.reverse?.from;
  const asks = who(client) ?? from?.address ?? "";
  const answers = who(server) ?? (to === undefined ? request?.authority ?? "" : `${to.address}:${to.port}`);
  return `ends ${asks} ${answers}`;
}

function who(process: Process | undefined): string | undefined {
  return process === undefined ? undefined : String(process.pid);
}

/** 53 bits of two FNV-1a hashes; never 0. */
function hashOf(text: string): number {
  let low = 0x811c9dc5, high = 0x01000193;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0) + 1;
}
