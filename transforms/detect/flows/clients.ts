/**
 * Which sessions share what they read: those of one client process, and of the processes that it started.
 *
 * @module
 */
import type { McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Process } from "../../../pipeline/event.ts";
import { FlowMemory } from "./memory.ts";

/** Clients remembered at once. */
const MOST = 64;
/** Servers of one client that are counted. */
const MOST_SERVERS = 256;

/** A client, with all that it has read. */
export interface Client {
  /** Keys of its servers. */
  readonly servers: Set<string>;
  readonly memory: FlowMemory;
}

/** Finds a session's client. */
export class Clients {
  readonly #bySession = new WeakMap<McpSession, Client>();
  /** By process id, the one used last at the end. */
  readonly #byPid = new Map<number, Client>();

  /** The client of a session. */
  of(session: McpSession): Client {
    let client = this.#bySession.get(session);
    if (client === undefined) {
      client = this.#find(session.clientProcess);
      this.#bySession.set(session, client);
    }
    if (client.servers.size < MOST_SERVERS) client.servers.add(serverKey(session.server));
    return client;
  }

  /** That of the process or of its parent, else a new one. */
  #find(process: Process | undefined): Client {
    if (process === undefined) return newClient();
    const client = this.#byPid.get(process.pid) ?? this.#byPid.get(process.ppid ?? -1) ?? newClient();
    this.#byPid.delete(process.pid);
    this.#byPid.set(process.pid, client);
    for (const pid of this.#byPid.keys()) {
      if (this.#byPid.size <= MOST) break;
      this.#byPid.delete(pid);
    }
    return client;
  }
}

function newClient(): Client {
  return { servers: new Set(), memory: new FlowMemory() };
}

/** Tells servers apart: two processes of one command line are one. */
export function serverKey({ key }: McpServer): string {
  return key;
}
