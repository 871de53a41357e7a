/**
 * All sessions, and how they are found.
 *
 * @module
 */
import type { HttpExchange, McpEvent, Process, Stream } from "../../pipeline/event.ts";
import { header } from "../../pipeline/http.ts";
import { authorityOf, endpointNamed, mcpProtocolVersion, mcpSessionId, postedTo } from "../../pipeline/http_session.ts";
import { isModern, MODERN, senderOf, type Side } from "../../protocols/mcp/mod.ts";
import { addressOf, clientKey, isRemote, serverKey } from "./http_ends.ts";
import type { Inventory, LiveServer } from "./inventory/mod.ts";
import { Lane } from "./lane.ts";
import { Session } from "./session.ts";

/** A power of two. A lookup in a map by an object takes 40 ns. */
const LATEST = 64;
/** Longest name of a revision that is kept, in UTF-16 units. */
const LONGEST_ERA = 64;
/** How much of each end of a session's name is kept, in UTF-16 units. */
const KEPT = 256;
/** The revision of a client that sends a session id and no version header (2025-06-18, "Protocol Version Header"). */
const WITHOUT_HEADER = "2025-03-26";

/** Finds and makes sessions. */
export class Sessions {
  /** All, by when they began. */
  readonly all: Set<Session> = new Set();
  readonly #inventory: Inventory;
  readonly #most: number;
  readonly #forget: (session: Session) => void;
  readonly #streams = new WeakMap<Stream, Lane>();
  readonly #exchanges = new WeakMap<HttpExchange, Lane>();
  readonly #byKey = new Map<string, Session>();
  /** The lanes that were looked up last, by the low bits of their streams' numbers. */
  readonly #latest: (Lane | undefined)[] = Array.from({ length: LATEST }, () => undefined);
  #latestHttp: Lane | undefined;
  #next = 1;

  /** Keeps at most `most`; `forget` hears of each that is let go. */
  constructor(inventory: Inventory, most: number, forget: (session: Session) => void) {
    this.#inventory = inventory;
    this.#most = most;
    this.#forget = forget;
  }

  /** The lane of a message. */
  of(event: McpEvent): Lane {
    const { http, stream } = event;
    if (http !== undefined) return this.#ofHttp(event, http);
    const place = stream.id & (LATEST - 1);
    let lane = this.#latest[place];
    if (lane === undefined || lane.stream !== stream || lane.session.isForgotten) {
      this.#latest[place] = lane = this.#ofStream(event);
    }
    if (lane.sender === undefined || lane.process !== event.process || lane.peer !== event.peer) {
      this.#look(lane, event);
    }
    return lane;
  }

  /** The lane of an exchange, if it was one of messages. */
  known(exchange: HttpExchange): Lane | undefined {
    return this.#exchanges.get(exchange);
  }

  /** An event stream of the 2024-11-05 transport names the URL that its session's messages are posted to. */
  atEndpoint(exchange: HttpExchange, url: string, time: number): void {
    const key = endpointNamed(exchange, url);
    if (key === undefined || this.#exchanges.has(exchange)) return;
    const session = this.#make(exchange, "sse", time);
    this.#name(session, key);
    const lane = new Lane(session, undefined, exchange);
    lane.isNamed = true;
    this.#exchanges.set(exchange, lane);
  }

  /** The client has ended a session by its id: that session, if it is known. */
  ended(exchange: HttpExchange): Session | undefined {
    const id = mcpSessionId(exchange);
    const session = id === undefined ? undefined : this.#named(idKey(exchange, id));
    if (session !== undefined) this.#unname(session);
    return session;
  }

  /** Forgets the sixteenth of the sessions that have been silent longest. */
  #evict(): void {
    const oldest = [...this.all].sort((a, b) => a.lastTime - b.lastTime).slice(0, Math.ceil(this.all.size / 16));
    for (const session of oldest) {
      session.isForgotten = true;
      this.all.delete(session);
      this.#unname(session);
      this.#forget(session);
    }
  }

  // stdio

  #ofStream(event: McpEvent): Lane {
    const { stream } = event;
    const known = this.#streams.get(stream);
    const other = stream.reverse === undefined ? undefined : this.#streams.get(stream.reverse);
    if (known !== undefined && !known.session.isForgotten) return known;
    const session = other !== undefined && !other.session.isForgotten ? other.session : this.#start(event);
    const lane = new Lane(session, stream, undefined);
    if (other?.session === session && other.sender !== undefined) lane.sender = opposite(other.sender);
    this.#streams.set(stream, lane);
    return lane;
  }

  #start(event: McpEvent): Session {
    const { transport, time } = event;
    const server = evidence(event) === "server" ? event.process : event.peer;
    const at = { transport, process: server, address: undefined, remote: false, time };
    return this.#add(new Session(this.#next++, this.#inventory.server(at), server, time));
  }

  /** Which side sends, and by which process: looked at until it is clear, and again when another process is seen. */
  #look(lane: Lane, event: McpEvent): void {
    const { session, stream } = lane;
    lane.process = event.process;
    lane.peer = event.peer;
    if (lane.sender === undefined) {
      const reverse = stream?.reverse === undefined ? undefined : this.#streams.get(stream.reverse);
      const other = reverse?.sender;
      lane.sender = other === undefined ? evidence(event) : opposite(other);
      if (lane.sender === undefined) return;
      if (reverse !== undefined) {
        reverse.sender = opposite(lane.sender);
        // each direction was taken for a session of its own while it was not known that they belong together
        if (reverse.session !== session && reverse.session.calls.size === 0) reverse.session = session;
        else if (reverse.session !== session && session.calls.size === 0) lane.session = reverse.session;
      }
    }
    const isClient = lane.sender === "client";
    const client = isClient ? event.process : event.peer, server = isClient ? event.peer : event.process;
    this.#parties(lane.session, client, server, () =>
      this.#inventory.server({
        transport: event.transport,
        process: server,
        address: undefined,
        remote: false,
        time: event.time,
      }));
  }

  #parties(session: Session, client: Process | undefined, server: Process | undefined, at: () => LiveServer): void {
    if (client !== undefined) session.clientProcess = client;
    if (server === undefined || server === session.serverProcess) return;
    const before = session.serverProcess;
    session.serverProcess = server;
    if (before?.pid !== server.pid || before.args === undefined && server.args !== undefined) session.server = at();
  }

  // HTTP

  #ofHttp(event: McpEvent, exchange: HttpExchange): Lane {
    let lane = this.#latestHttp;
    if (lane?.exchange !== exchange) lane = this.#exchanges.get(exchange);
    if (lane === undefined || lane.session.isForgotten) {
      lane = new Lane(this.#httpSession(event, exchange), undefined, exchange);
      this.#exchanges.set(exchange, lane);
    }
    this.#latestHttp = lane;
    const { session } = lane;
    if (!lane.isNamed && exchange.response !== undefined) {
      lane.isNamed = true;
      const id = mcpSessionId(exchange);
      if (id !== undefined && session.sessionId === undefined) {
        this.#unname(session);
        session.sessionId = id.slice(0, 2 * KEPT);
        this.#name(session, idKey(exchange, id));
      }
    }
    if (session.clientProcess !== exchange.client || session.serverProcess !== exchange.server) {
      this.#parties(session, exchange.client, exchange.server, () => this.#httpServer(exchange, event));
    }
    return lane;
  }

  #httpSession(event: McpEvent, exchange: HttpExchange): Session {
    const { request } = exchange;
    const id = mcpSessionId(exchange);
    const isStart = event.method === "initialize" && event.type === "request";
    const posted = event.transport === "sse" && request !== undefined
      ? this.#named(postedTo(authorityOf(exchange), request.target))
      : undefined;
    if (posted !== undefined) return posted;
    const version = mcpProtocolVersion(exchange)?.slice(0, LONGEST_ERA);
    const isNew = version !== undefined && isModern(version) || version === undefined && hasMethod(exchange);
    const key = id !== undefined ? idKey(exchange, id) : endsKey(exchange, isNew);
    const known = isStart && id === undefined ? undefined : this.#named(key);
    if (known !== undefined) {
      if (known.era === undefined && version !== undefined) known.era = version;
      return known;
    }
    const session = this.#make(exchange, event.transport, event.time);
    session.sessionId = id?.slice(0, 2 * KEPT);
    this.#name(session, key);
    if (!isStart) session.era = version ?? (isNew ? MODERN : id === undefined ? undefined : WITHOUT_HEADER);
    return session;
  }

  #make(exchange: HttpExchange, transport: McpEvent["transport"], time: number): Session {
    const server = this.#httpServer(exchange, { transport, time });
    return this.#add(new Session(this.#next++, server, exchange.server, time));
  }

  #httpServer(exchange: HttpExchange, { transport, time }: Pick<McpEvent, "transport" | "time">): LiveServer {
    const address = addressOf(exchange);
    return this.#inventory.server({ transport, process: exchange.server, address, remote: isRemote(exchange), time });
  }

  #add(session: Session): Session {
    if (this.all.size >= this.#most) this.#evict();
    this.all.add(session);
    return session;
  }

  #name(session: Session, name: string): void {
    const key = bounded(name);
    session.keys.push(key);
    this.#byKey.set(key, session);
  }

  #named(name: string): Session | undefined {
    return this.#byKey.get(bounded(name));
  }

  #unname(session: Session): void {
    for (const key of session.keys) if (this.#byKey.get(key) === session) this.#byKey.delete(key);
    session.keys.length = 0;
  }
}

/** Which side sends this message, by what it is or by who started whom; undefined if that does not tell. */
function evidence(event: McpEvent): Side | undefined {
  const { method, request, type, process, peer } = event;
  if (type === "response" && request?.method !== undefined) {
    const asker = senderOf(request.method);
    if (asker !== undefined) return opposite(asker);
  } else if (method !== undefined) {
    const sender = senderOf(method);
    if (sender !== undefined) return sender;
  }
  if (process === undefined || peer === undefined) return undefined;
  if (process.ppid === peer.pid) return "server";
  return peer.ppid === process.pid ? "client" : undefined;
}

function opposite(side: Side): Side {
  return side === "client" ? "server" : "client";
}

function idKey(exchange: HttpExchange, id: string): string {
  return `id ${authorityOf(exchange)} ${id}`;
}

/** Without an id: who asks whom, where. Sessions of both kinds may go on between the same two. */
function endsKey(exchange: HttpExchange, isNew: boolean): string {
  return `${isNew ? "modern" : "ends"} ${clientKey(exchange)} ${serverKey(exchange)} ${addressOf(exchange) ?? ""}`;
}

/** Names may be of any length: of a long one both ends will do. */
function bounded(name: string): string {
  return name.length <= 2 * KEPT ? name : `${name.slice(0, KEPT)} ${name.length} ${name.slice(-KEPT)}`;
}

function hasMethod({ request }: HttpExchange): boolean {
  return request !== undefined && header(request.headers, "mcp-method") !== undefined;
}
