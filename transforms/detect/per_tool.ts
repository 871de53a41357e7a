/**
 * What a detector remembers of each tool of each server.
 *
 * @module
 */
import type { LogicalCall, McpSession } from "../../pipeline/context.ts";
import type { ToolTable } from "./tools.ts";

/** A value for each tool of each server, and one for each other method. They go when the server is forgotten. */
export class PerTool<Value> {
  readonly #tools: ToolTable;
  readonly #number: number;
  readonly #make: () => Value;

  /** Values that begin like this. */
  constructor(tools: ToolTable, make: () => Value) {
    this.#tools = tools;
    this.#number = tools.number();
    this.#make = make;
  }

  /** The value of what was called. */
  of(call: LogicalCall, session: McpSession): Value {
    const { values } = this.#tools.of(call, session), number = this.#number;
    return (values[number] ??= this.#make()) as Value;
  }
}
