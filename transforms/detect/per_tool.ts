/**
 * What detectors remember of each tool of each server.
 *
 * @module
 */
import type { LogicalCall, McpServer, McpSession } from "../../pipeline/context.ts";
import { QuickMap } from "./quick_map.ts";

/** Tools of one server that are remembered, and other methods. Beyond it the one that was known first is forgotten. */
const MOST = 1000;

/** The values of one server: two maps, so that no key has to be put together for each call. */
interface Values<Value> {
  readonly byName: Map<string, Value>;
  readonly byMethod: Map<string, Value>;
}

/**
 * A value for each tool of each server, and one for each other method: resources have too many names. A server's values
 * go when the server is forgotten.
 */
export class PerTool<Value> {
  readonly #make: () => Value;
  readonly #servers = new QuickMap<McpServer, Values<Value>>();

  /** Values that begin like this. */
  constructor(make: () => Value) {
    this.#make = make;
  }

  /** The value of what was called. */
  of(call: LogicalCall, session: McpSession): Value {
    const { method } = call, { server } = session;
    let values = this.#servers.get(server, session);
    if (values === undefined) this.#servers.set(server, values = { byName: new Map(), byMethod: new Map() });
    const name = method === "tools/call" ? call.name : undefined; // of others it need not be read
    const map = name === undefined ? values.byMethod : values.byName, key = name ?? method;
    let value = map.get(key);
    if (value !== undefined) return value;
    if (map.size >= MOST) { for (const oldest of map.keys()) if (map.delete(oldest)) break; }
    map.set(key, value = this.#make());
    return value;
  }
}
