/**
 * What detectors remember of each tool of each server.
 *
 * @module
 */
import type { LogicalCall, McpServer, McpSession } from "../../pipeline/context.ts";
import { QuickMap } from "./quick_map.ts";

/** Tools of one server that are remembered. Beyond it the one that was known first is forgotten. */
const MOST = 1000;

/**
 * A value for each tool of each server, and one for each other method: resources have too many names. A server's values
 * go when the server is forgotten.
 */
export class PerTool<Value> {
  readonly #make: () => Value;
  readonly #servers = new QuickMap<McpServer, Map<string, Value>>();

  /** Values that begin like this. */
  constructor(make: () => Value) {
    this.#make = make;
  }

  /** The value of what was called. */
  of({ method, name }: LogicalCall, session: McpSession): Value {
    const { server } = session;
    let tools = this.#servers.get(server, session);
    if (tools === undefined) this.#servers.set(server, tools = new Map());
    // no tool's name is empty before the first slash and has a blank after it
    const key = method === "tools/call" && name !== undefined ? name : `/ ${method}`;
    let value = tools.get(key);
    if (value !== undefined) return value;
    if (tools.size >= MOST) { for (const oldest of tools.keys()) if (tools.delete(oldest)) break; }
    tools.set(key, value = this.#make());
    return value;
  }
}
