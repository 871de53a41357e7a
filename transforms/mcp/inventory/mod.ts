/**
 * The servers that were seen, and what they offer.
 *
 * @module
 */
import type { Definition, Implementation, McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Json, McpEvent, Process } from "../../../pipeline/event.ts";

/** What tells one server from another. */
export interface ServerAt {
  /** How it is reached. */
  readonly transport: McpEvent["transport"];
  /** Its process, if it runs here. */
  readonly process: Process | undefined;
  /** Of HTTP: authority and path, `localhost:3000/mcp`. */
  readonly address: string | undefined;
  /** True if it runs on another machine. */
  readonly remote: boolean;
  /** Milliseconds since the epoch of the message that shows it. */
  readonly time: number;
}

/** A server of the inventory, filled in as more is seen. */
export class LiveServer implements McpServer {
  readonly key: string;
  name: string;
  info: Implementation | undefined = undefined;
  capabilities: Json | undefined = undefined;
  instructions: string | undefined = undefined;
  readonly transport: McpEvent["transport"];
  process: Process | undefined;
  readonly address: string | undefined;
  readonly remote: boolean;
  executableHash: string | undefined = undefined;
  package: string | undefined = undefined;
  eras: readonly string[] = [];
  readonly firstSeen: number;
  lastSeen: number;
  version = 0;
  readonly tools: Map<string, Definition> = new Map();
  readonly resources: Map<string, Definition> = new Map();
  readonly resourceTemplates: Map<string, Definition> = new Map();
  readonly prompts: Map<string, Definition> = new Map();

  /** A server of which nothing is known yet. */
  constructor(key: string, { transport, process, address, remote, time }: ServerAt) {
    this.key = key;
    this.name = process?.name ?? address ?? "";
    this.transport = transport;
    this.process = process;
    this.address = address;
    this.remote = remote;
    this.firstSeen = this.lastSeen = time;
  }
}

/** All servers. */
export class Inventory {
  readonly #servers = new Map<string, LiveServer>();

  /** The server there, known or new. */
  server(at: ServerAt): LiveServer {
    const key = `${at.transport} ${at.process?.pid ?? ""} ${at.address ?? ""}`;
    let server = this.#servers.get(key);
    if (server === undefined) this.#servers.set(key, server = new LiveServer(key, at));
    return server;
  }

  /** Learns from a message: the answers to `initialize`, `server/discover` and the lists, and notices of changed lists. */
  observe(_event: McpEvent, _session: McpSession): void {}

  /** All, oldest first. */
  get servers(): Iterable<McpServer> {
    return this.#servers.values();
  }
}
