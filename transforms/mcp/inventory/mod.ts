/**
 * The servers that were seen, and what they offer.
 *
 * @module
 */
import type { Definition, McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Event, McpEvent } from "../../../pipeline/event.ts";
import { isModern, textMember } from "../../../protocols/mcp/mod.ts";
import { Executables } from "./executables/mod.ts";
import { learnIdentity, learnInfo } from "./identity.ts";
import { isAmbiguous, serverKey } from "./key.ts";
import { type InventoryCounts, type InventoryLimits, LIMITS } from "./limits.ts";
import { LIST_KINDS, type ListKind } from "./lists.ts";
import { LiveServer, type ServerAt } from "./live_server.ts";
import { inventoryGap } from "./notices.ts";
import { readList } from "./read_list.ts";

export { LiveServer, type ServerAt } from "./live_server.ts";

/** A session whose server may turn out to be another one when it says its name. */
type Observed = Omit<McpSession, "server"> & { server: McpServer };

/** Results of 2026-07-28 that are looked at for the server's name: it may say it in any, or never. */
const UNNAMED = 64;

/** All servers. */
export class Inventory {
  /** What was passed over. */
  readonly counts: InventoryCounts = { lists: 0, entries: 0, forgotten: 0 };
  readonly #servers = new Map<string, LiveServer>();
  readonly #limits: InventoryLimits;
  readonly #executables: Executables;
  #size = 0;
  /** So much has to be passed over until it is told: 1 at first, then ten times as much each time. */
  #telling = 1;

  /** An empty inventory. `executables`: who looks at files of processes; a test gives its own. */
  constructor(limits: Partial<InventoryLimits> = {}, executables: Executables = new Executables()) {
    this.#limits = { ...LIMITS, ...limits };
    this.#executables = executables;
  }

  /** All, oldest first. */
  get servers(): Iterable<LiveServer> {
    return this.#servers.values();
  }

  /** How many there are. */
  get size(): number {
    return this.#servers.size;
  }

  /** The server there, known or new. */
  server(at: ServerAt): LiveServer {
    return this.#server(serverKey(at), at);
  }

  /**
   * Learns from a message: the answers to `initialize`, `server/discover` and the lists. Gives the list that ends with
   * this message, as it now is; undefined for all other messages.
   */
  observe(event: McpEvent, session: McpSession): ReadonlyMap<string, Definition> | undefined {
    const server = session.server as LiveServer;
    if (event.time > server.lastSeen) server.lastSeen = event.time;
    if (session.era !== undefined && session.era !== server.eras[0]) server.speaks(session.era);
    if (event.type !== "response" || event.isError) return undefined;
    const method = event.request?.method;
    if (method === "initialize" || method === "server/discover") this.#identify(event, session);
    else if (server.info === undefined && session.era !== undefined && isModern(session.era)) {
      if (server.unnamed++ < UNNAMED) learnInfo(server, event, this.#limits.text);
    }
    const kind = method === undefined ? undefined : LIST_KINDS.get(method);
    return kind === undefined ? undefined : this.#listed(event, session, kind);
  }

  /** Tells what was passed over since the last time, if it is much more than what was told before. */
  report(time: number, source: string, out: Event[]): void {
    const { lists, entries, forgotten } = this.counts;
    const skipped = lists + entries + forgotten + this.#executables.skipped;
    if (skipped < this.#telling) return;
    this.#telling = skipped * 10;
    out.push(inventoryGap(time, source, this.counts, this.#executables.skipped));
  }

  /** Ends the look at executables. */
  close(): void {
    this.#executables.close();
  }

  #server(key: string, at: ServerAt): LiveServer {
    let server = this.#servers.get(key);
    if (server === undefined) {
      if (this.#servers.size >= this.#limits.servers) this.#forgetServer();
      this.#servers.set(key, server = new LiveServer(key, at, this.#limits.pages));
      this.#executables.look(server, at.time);
    } else if (at.process !== undefined && at.process.pid !== server.process?.pid) {
      server.process = at.process;
      this.#executables.look(server, at.time);
    }
    return server;
  }

  /** The session's server, back in the inventory if it was forgotten. */
  #kept(session: Observed): LiveServer {
    const server = session.server as LiveServer;
    const kept = this.#servers.get(server.key);
    if (kept !== undefined) return session.server = kept;
    if (this.#servers.size >= this.#limits.servers) this.#forgetServer();
    this.#servers.set(server.key, server);
    return server;
  }

  #identify(event: McpEvent, session: Observed): void {
    if (!this.#isReadable(event)) return;
    const server = session.server as LiveServer;
    const name = textMember(event.result, "serverInfo", "name");
    const known = server.info?.name;
    if (name !== undefined && known !== undefined && name !== known && isAmbiguous(server)) {
      // the same words on the command line of another server
      session.server = this.#server(`${server.key}/${name.slice(0, 100)}`, { ...server, time: event.time });
    }
    learnIdentity(session.server as LiveServer, event, this.#limits.text);
  }

  #listed(event: McpEvent, session: Observed, kind: ListKind): ReadonlyMap<string, Definition> | undefined {
    const server = this.#kept(session);
    const before = server.size;
    const isEnd = readList(event, session.id, server, kind, this.#limits, this.counts);
    this.#size += server.size - before;
    while (this.#size > this.#limits.size && this.#forgetLists(server));
    return isEnd ? server[kind.list] : undefined;
  }

  #isReadable(event: McpEvent): boolean {
    return event.to("result") - event.from("result") <= this.#limits.pageBytes;
  }

  #forgetServer(): void {
    const oldest = this.#quietest();
    if (oldest === undefined) return;
    this.#servers.delete(oldest.key);
    this.#size -= oldest.size;
    oldest.forget();
    this.counts.forgotten++;
  }

  /** Forgets the lists of the longest silent server but `keep`; false if there is none that has any. */
  #forgetLists(keep: LiveServer): boolean {
    const oldest = this.#quietest((server) => server !== keep && server.size > 0);
    if (oldest === undefined) return false;
    this.#size -= oldest.size;
    oldest.forget();
    this.counts.forgotten++;
    return true;
  }

  #quietest(isWanted: (server: LiveServer) => boolean = () => true): LiveServer | undefined {
    let found: LiveServer | undefined;
    for (const server of this.#servers.values()) {
      if (isWanted(server) && (found === undefined || server.lastSeen < found.lastSeen)) found = server;
    }
    return found;
  }
}
