/**
 * Where in the tree something stands: a client's process, and below it a server.
 *
 * @module
 */
import type { McpSession } from "../../../pipeline/context.ts";
import type { McpEvent, Process } from "../../../pipeline/event.ts";
import { RecentMap } from "../../../pipeline/recent_map.ts";
import { transportName } from "../http.ts";
import type { Span } from "../line.ts";
import { partyStyle } from "../parties.ts";
import { visible } from "../visible.ts";
import { shortenMiddle } from "../width.ts";

/** Longest name shown, in columns. */
const LONGEST = 60;
/** Processes whose places are remembered. */
const MOST_PLACES = 1024;

/** A client, and maybe one of its servers. Compared by identity of its keys. */
export interface Place {
  /** Tells clients apart. */
  readonly client: string;
  readonly clientSpans: readonly Span[];
  /** Tells a client's servers apart; undefined for what stands under the client. */
  readonly server: string | undefined;
  readonly serverSpans: readonly Span[];
}

/** Finds places. */
export class Places {
  /** By pid: where a process was last a server, and where a client. */
  readonly #servers = new RecentMap<number, Place>(MOST_PLACES);
  readonly #clients = new RecentMap<number, Place>(MOST_PLACES);

  /** Where a message stands. */
  of(event: McpEvent, session: McpSession): Place {
    const place = placeOf(event, session);
    const { clientProcess, server: { process } } = session;
    if (clientProcess !== undefined) this.#clients.set(clientProcess.pid, place);
    if (process !== undefined) this.#servers.set(process.pid, place);
    return place;
  }

  /** Where that stands which a process did: as a server, or as a client; undefined if it was neither. */
  ofProcess(process: Process | undefined): Place | undefined {
    if (process === undefined) return undefined;
    const asServer = this.#servers.get(process.pid);
    if (asServer !== undefined) return asServer;
    const asClient = this.#clients.get(process.pid);
    return asClient === undefined ? undefined : { ...asClient, server: undefined, serverSpans: [] };
  }
}

function placeOf(event: McpEvent, session: McpSession): Place {
  const { clientProcess, clientInfo, server, era } = session;
  const sender = event.context?.sender;
  const address = remoteClient(event);
  const client = clientProcess?.pid ?? address ?? clientInfo?.name ?? "?";
  const name = clientProcess?.name ?? address ?? clientInfo?.name ?? (sender === undefined ? "?" : "client");
  const more = [
    server.info?.version,
    transportName(event) || "stdio",
    era,
  ].filter((part) => part !== undefined && part !== "").join(" · ");
  const info = clientInfo === undefined ? "" : `  ${clientInfo.name} ${clientInfo.version ?? ""}`.trimEnd();
  return {
    client: String(client),
    clientSpans: [...party(name, clientProcess), ["dim", visible(info)]],
    server: `${server.key} ${server.process?.pid ?? ""}`,
    serverSpans: [...party(server.name, server.process), ["dim", `  ${visible(more)}`]],
  };
}

/** The address of a client on another machine. */
function remoteClient({ http }: McpEvent): string | undefined {
  return http === undefined ? undefined : (http.stream.from ?? http.stream.reverse?.to)?.address;
}

function party(name: string, process: Process | undefined): Span[] {
  const shown = shortenMiddle(visible(name), LONGEST);
  return process === undefined
    ? [[partyStyle(name), shown]]
    : [[partyStyle(process.pid), shown], ["dim", `[${process.pid}]`]];
}
