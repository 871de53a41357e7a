/**
 * The tools that are called, found once for each call and not once by each detector.
 *
 * @module
 */
import type { LogicalCall, McpServer, McpSession } from "../../pipeline/context.ts";
import { QuickMap } from "./quick_map.ts";

/** Tools of one server that are remembered, and other methods. Beyond it the one that was known first is forgotten. */
const MOST = 1000;
/** Calls whose tools are at hand; a power of two. */
const LATEST = 256;

/** A tool of a server, or one of its other methods: resources have too many names. */
export class Tool {
  /** What is remembered of it, by the number of who remembers. */
  readonly values: unknown[] = [];
}

/** The tools of one server: two maps, so that no key has to be put together for each call. */
interface Tools {
  readonly byName: Map<string, Tool>;
  readonly byMethod: Map<string, Tool>;
}

/** Finds the tools of calls. Those of a server go when the server is forgotten. */
export class ToolTable {
  readonly #servers = new QuickMap<McpServer, Tools>();
  // The latest calls by their ids, as the calls themselves would keep their messages.
  readonly #ids = new Float64Array(LATEST).fill(-1);
  readonly #tools: (Tool | undefined)[] = new Array<Tool | undefined>(LATEST).fill(undefined);
  readonly #of: (McpServer | undefined)[] = new Array<McpServer | undefined>(LATEST).fill(undefined);
  #numbers = 0;

  /** A number for who remembers something of tools. */
  number(): number {
    return this.#numbers++;
  }

  /** What was called. */
  of(call: LogicalCall, session: McpSession): Tool {
    const { id } = call, { server } = session, place = id & LATEST - 1;
    const known = this.#tools[place];
    if (known !== undefined && this.#ids[place] === id && this.#of[place] === server) return known;
    const tool = this.#find(call, session);
    this.#ids[place] = id;
    this.#of[place] = server;
    return this.#tools[place] = tool;
  }

  #find(call: LogicalCall, session: McpSession): Tool {
    const { method } = call, { server } = session;
    let tools = this.#servers.get(server, session);
    if (tools === undefined) this.#servers.set(server, tools = { byName: new Map(), byMethod: new Map() });
    const name = method === "tools/call" ? call.name : undefined; // of others it need not be read
    const map = name === undefined ? tools.byMethod : tools.byName, key = name ?? method;
    let tool = map.get(key);
    if (tool !== undefined) return tool;
    if (map.size >= MOST) { for (const oldest of map.keys()) if (map.delete(oldest)) break; }
    map.set(key, tool = new Tool());
    return tool;
  }
}
