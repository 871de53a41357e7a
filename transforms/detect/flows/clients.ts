/**
 * Which sessions share what they read: those of one client process, and of the processes that it started.
 *
 * @module
 */
import type { McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Process } from "../../../pipeline/event.ts";
import { QuickMap } from "../quick_map.ts";
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

/** What is known of a session. */
interface Known {
  readonly client: Client;
  /** The server that was last counted for it. */
  server: McpServer | undefined;
}

/** Finds a session's client. */
export class Clients {
  readonly #bySession = new QuickMap<McpSession, Known>();
  /** By process id, the one found last at the end; with its task's name, as ids are used again. */
  readonly #byPid = new Map<number, { readonly comm: string; readonly client: Client }>();

  /** The client of a session; undefined if it does not run here: what else it talks to is not seen. */
  of(session: McpSession): Client | undefined {
    let known = this.#bySession.get(session, session);
    if (known === undefined) {
      if (session.clientProcess === undefined) return undefined;
      known = { client: this.#find(session.clientProcess), server: undefined };
      this.#bySession.set(session, known);
    }
    const { client } = known, { server } = session;
    if (known.server !== server) { // another process may be known to serve by now
      known.server = server;
      if (client.servers.size < MOST_SERVERS) client.servers.add(serverKey(server));
    }
    return client;
  }

  /** That of the process or of its parent, else a new one. */
  #find({ pid, ppid, comm }: Process): Client {
    const own = this.#byPid.get(pid), parent = ppid === undefined ? undefined : this.#byPid.get(ppid);
    const client = own?.comm === comm ? own.client : parent?.client ?? { servers: new Set(), memory: new FlowMemory() };
    this.#byPid.delete(pid);
    this.#byPid.set(pid, { comm, client });
    for (const pid of this.#byPid.keys()) {
      if (this.#byPid.size <= MOST) break;
      this.#byPid.delete(pid);
    }
    return client;
  }
}

/** Tells servers apart: two processes of one command line are one. */
export function serverKey({ key }: McpServer): string {
  return key;
}
