/**
 * How long sessions last. Of the revisions before 2026-07-28 only, and of sessions whose beginning was seen. A session ends
 * with its `DELETE` (Streamable HTTP), when one of its processes is gone, or when it was silent for an hour: it has lasted from
 * its first message to its last.
 *
 * @module
 */
import type { McpContext, McpSession } from "../../pipeline/context.ts";
import type { HttpEvent, McpEvent, Process } from "../../pipeline/event.ts";
import { mcpSessionId } from "../../pipeline/http_session.ts";
import { isModern } from "../../protocols/mcp/mod.ts";
import { networkAttributes, serverAddress } from "./attributes.ts";
import type { Instruments } from "./instruments.ts";
import type { Resources } from "./resources.ts";
import { endsHere, type Roles } from "./trace.ts";
import { type Attributes, brief, maybeBrief } from "./values.ts";

/** Sessions that are followed. One more, and the oldest counts as over. */
const MOST = 10_000;
/** A session that was silent for so long counts as over, in milliseconds. */
const SILENT_MS = 3_600_000;
/** Processes that are looked for at once. */
const LOOKS = 1000;

/** A session that goes on. */
interface Going {
  readonly session: McpSession;
  readonly client: Process | undefined;
  readonly server: Process | undefined;
  readonly here: Roles;
  readonly network: Attributes;
  readonly address: Attributes;
}

/** Measures sessions. */
export class Sessions {
  readonly #going = new Map<number, Going>();
  readonly #resources: Resources;
  readonly #instruments: Instruments;
  readonly #isAlive: (process: Process, since: number) => boolean;

  /** `isAlive` tells whether a process is still there that was at `since`. */
  constructor(
    resources: Resources,
    instruments: Instruments,
    isAlive: (process: Process, since: number) => boolean,
  ) {
    this.#resources = resources;
    this.#instruments = instruments;
    this.#isAlive = isAlive;
  }

  /** A session begins with this `initialize`. */
  begins(request: McpEvent, { session, sender }: McpContext): void {
    if (this.#going.has(session.id)) return;
    if (this.#going.size >= MOST) {
      const [oldest] = this.#going.values();
      if (oldest !== undefined) this.#end(oldest);
    }
    this.#going.set(session.id, {
      session,
      client: request.process,
      server: request.peer,
      here: endsHere(session, request, sender),
      network: networkAttributes(request),
      address: serverAddress(request),
    });
  }

  /** Ends the session that an exchange deletes. */
  http({ exchange, type }: HttpEvent): void {
    const { request, response } = exchange;
    if (type !== "response" || request?.method !== "DELETE" || this.#going.size === 0) return;
    if (response === undefined || response.status < 200 || response.status >= 300) return;
    const id = mcpSessionId(exchange);
    if (id === undefined) return;
    for (const going of this.#going.values()) if (going.session.sessionId === id) return this.#end(going);
  }

  /** Ends those whose processes are gone, and those that are silent. Of many, some each time. */
  look(now: number): void {
    let looks = 0;
    for (const going of [...this.#going.values()]) {
      const { client, server, session: { id, startTime, lastTime } } = going;
      const isGone = [client, server].some((process) => {
        return process !== undefined && looks++ < LOOKS && !this.#isAlive(process, startTime);
      });
      if (isGone || now - lastTime > SILENT_MS) this.#end(going);
      else if (looks <= LOOKS) { // others are first next time
        this.#going.delete(id);
        this.#going.set(id, going);
      }
    }
  }

  #end({ session, client, server, here, network, address }: Going): void {
    this.#going.delete(session.id);
    const { era, startTime, lastTime } = session;
    if (era !== undefined && isModern(era)) return;
    const attributes = {
      "mcp.protocol.version": maybeBrief(era),
      ...network,
      "mcpsonde.server.name": brief(session.server.name),
    };
    const millis = Math.max(0, lastTime - startTime);
    if (here.client) {
      const resource = this.#resources.service({ session, side: "client", process: client });
      this.#instruments.series("clientSession", resource, { ...attributes, ...address }).record(millis, lastTime);
    }
    if (here.server) {
      const resource = this.#resources.service({ session, side: "server", process: server });
      this.#instruments.series("serverSession", resource, attributes).record(millis, lastTime);
    }
  }
}
