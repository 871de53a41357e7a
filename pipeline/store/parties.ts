/**
 * Makes rows of processes, servers and sessions: once each, and again when they change.
 *
 * @module
 */
import type { Definition, McpServer, McpSession } from "../context.ts";
import type { Process } from "../event.ts";
import { RecentMap } from "../recent_map.ts";
import { shortened } from "../shortened.ts";
import type { Changed } from "./changed.ts";
import { REMEMBERED, SMALL } from "./limits.ts";
import type { Lookup, RowWriter } from "./statements.ts";

/** A session as it was written. */
export interface SessionState {
  readonly id: number;
  readonly started: number;
  session: McpSession;
  server: ServerState;
  last: number;
  /** Counted since the row was written last. */
  calls: number;
  errors: number;
  findings: number;
  isDirty: boolean;
}

/** A server as it was written. */
export interface ServerState {
  readonly id: number;
  readonly firstSeen: number;
  /** {@linkcode McpServer.version} of what was written. */
  version: number;
  name: string;
  /** What it offers, by kind and name: the hash that was written. */
  readonly offers: Map<string, string>;
}

/** Entries that are kept of one server. */
const OFFERS = 10_000;

/** Knows the parties of one run. */
export class Parties {
  readonly #out: RowWriter;
  readonly #lookup: Lookup;
  readonly #changed: Changed;
  readonly #processes = new RecentMap<Process, number>(4096);
  readonly #servers = new WeakMap<McpServer, ServerState>();
  readonly #byKey = new RecentMap<string, ServerState>(4096);
  readonly #sessions = new RecentMap<number, SessionState>(REMEMBERED, { forgotten: (_, state) => this.#write(state) });
  readonly #dirty = new Set<SessionState>();
  #process: number;
  #server: number;
  #session: number;

  constructor(out: RowWriter, lookup: Lookup, changed: Changed) {
    this.#out = out;
    this.#lookup = lookup;
    this.#changed = changed;
    this.#process = lookup.lastId("process_rows");
    this.#server = lookup.lastId("server_rows");
    this.#session = lookup.lastId("session_rows");
  }

  /** The process's row. */
  process(process: Process | undefined): number | null {
    if (process === undefined) return null;
    const known = this.#processes.get(process);
    if (known !== undefined) return known;
    const id = ++this.#process;
    this.#processes.set(process, id);
    const { pid, comm, name, exe, container } = process;
    this.#out.write("process", [id, pid, comm, name, exe ?? null, container ?? null]);
    return id;
  }

  /** The session, to be written with the batch. */
  session(session: McpSession, time: number): SessionState {
    let state = this.#sessions.get(session.id);
    if (state === undefined) {
      const id = ++this.#session;
      const server = this.server(session.server);
      state = { id, started: time, session, server, last: time, calls: 0, errors: 0, findings: 0, isDirty: false };
      this.#sessions.set(session.id, state);
    } else {
      state.session = session;
      const server = this.server(session.server);
      state.server = server; // at first it may have been taken for another one
    }
    if (time > state.last) state.last = time;
    if (!state.isDirty) {
      state.isDirty = true;
      this.#dirty.add(state);
    }
    return state;
  }

  /** The server's row, written again if anything but its latest message has changed. */
  server(server: McpServer): ServerState {
    let state = this.#servers.get(server);
    if (state !== undefined && state.version === server.version) return state;
    const { key, version } = server;
    state ??= this.#byKey.get(key);
    if (state === undefined) {
      const known = this.#lookup.server(key);
      const offers = (known === undefined ? [] : this.#lookup.tools(known.id)).map(([kind, name]) =>
        [`${kind}\0${name}`, ""] as const
      );
      state = {
        id: known?.id ?? ++this.#server,
        firstSeen: known?.firstSeen ?? server.firstSeen,
        version: NaN,
        name: "",
        offers: new Map(offers),
      };
      this.#byKey.set(key, state);
    }
    this.#servers.set(server, state);
    if (state.version === version) return state;
    state.version = version;
    state.name = server.name;
    this.#writeServer(state, server);
    return state;
  }

  /** A list of the server was told whole: what is not on it is not offered any more. */
  listed(server: ServerState, kind: Definition["kind"], list: ReadonlyMap<string, Definition>): void {
    for (const entry of server.offers.keys()) {
      const at = entry.indexOf("\0");
      if (entry.slice(0, at) !== kind) continue;
      const name = entry.slice(at + 1);
      if (list.has(name)) continue;
      server.offers.delete(entry);
      this.#out.write("noTool", [server.id, kind, name]);
    }
  }

  /** Writes the sessions that have changed. */
  flush(): void {
    for (const state of this.#dirty) {
      state.isDirty = false;
      this.#write(state);
    }
    this.#dirty.clear();
  }

  #write(state: SessionState): void {
    const { session, server } = state;
    const { clientInfo, clientProcess, sessionId, era } = session;
    this.#changed.servers.add(server.id);
    this.#out.write("session", [
      state.id,
      server.id,
      this.process(clientProcess),
      clientInfo?.name ?? clientProcess?.name ?? null,
      clientInfo?.title ?? null,
      sessionId ?? null,
      era ?? null,
      session.server.transport,
      state.started,
      state.last,
      state.calls,
      state.errors,
      state.findings,
    ]);
    state.calls = state.errors = state.findings = 0;
  }

  #writeServer(state: ServerState, server: McpServer): void {
    const { info, instructions } = server;
    this.#changed.servers.add(state.id);
    this.#out.write("server", [
      state.id,
      server.key,
      server.name,
      info?.version ?? null,
      info?.title ?? null,
      server.transport,
      server.address ?? null,
      server.remote ? 1 : 0,
      this.process(server.process),
      server.executableHash ?? null,
      server.package ?? null,
      instructions === undefined ? null : shortened(instructions, SMALL),
      JSON.stringify(server.eras),
      Math.min(state.firstSeen, server.firstSeen),
      server.lastSeen,
    ]);
    for (const list of [server.tools, server.resources, server.resourceTemplates, server.prompts]) {
      for (const definition of list.values()) this.#offer(state, definition);
    }
  }

  #offer({ id, offers }: ServerState, definition: Definition): void {
    const { kind, name, hash, tokens } = definition;
    const entry = `${kind}\0${name}`;
    if (offers.get(entry) === hash || (offers.size >= OFFERS && !offers.has(entry))) return;
    offers.set(entry, hash);
    const { description } = definition.value;
    this.#out.write("tool", [
      id,
      kind,
      name,
      typeof description === "string" ? shortened(description, SMALL) : null,
      hash,
      Number.isNaN(tokens) ? null : tokens,
      definition.firstSeen,
      definition.lastSeen,
      JSON.stringify(definition.value),
    ]);
  }
}
