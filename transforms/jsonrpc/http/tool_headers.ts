/**
 * Which arguments of a server's tools are repeated in `Mcp-Param-*` headers: the `x-mcp-header` properties in the input
 * schemas that its answers to `tools/list` held (2026-07-28).
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Json } from "../../../pipeline/event.ts";
import type { Message } from "../../../pipeline/message.ts";

/** One argument. */
export interface Annotation {
  /** The header's name without `Mcp-Param-`. */
  readonly name: string;
  /** Where the argument is. */
  readonly path: readonly string[];
}

/** Servers remembered; and of each so many tools, arguments a tool, and levels of an argument's path. */
const SERVERS = 256, TOOLS = 1024, ARGUMENTS = 64, LEVELS = 8;
/** Larger results are not parsed for this. */
const LARGEST = 8 * 1024 * 1024;
const KEY = "x-mcp-header";
const NONE: readonly Annotation[] = [];

/** What is known of all servers, by authority. */
export class ToolHeaders {
  readonly #servers = new Map<string, Map<string, readonly Annotation[]>>();

  /** Learns from the answer to `tools/list`. */
  learn(authority: string, response: Message): void {
    const from = response.from("result"), length = response.to("result") - from;
    if (from < 0 || length > LARGEST) return;
    const { buffer, byteOffset } = response.buffer;
    if (!Buffer.from(buffer, byteOffset + from, length).includes(`"${KEY}"`)) return;
    const listed = member(response.result, "tools");
    if (!Array.isArray(listed)) return;
    const tools = this.#of(authority);
    for (const tool of listed) {
      const name = member(tool, "name");
      if (typeof name !== "string") continue;
      const found: Annotation[] = [];
      collect(member(tool, "inputSchema"), [], found);
      if (found.length === 0) tools.delete(name);
      else if (tools.size < TOOLS || tools.has(name)) tools.set(name, found);
    }
  }

  /** The arguments of a tool that headers repeat. */
  of(authority: string, tool: Json | undefined): readonly Annotation[] {
    return typeof tool === "string" ? this.#servers.get(authority)?.get(tool) ?? NONE : NONE;
  }

  /** True if nothing was learned of a server. */
  knows(authority: string): boolean {
    return this.#servers.has(authority);
  }

  #of(authority: string): Map<string, readonly Annotation[]> {
    let tools = this.#servers.get(authority);
    if (tools !== undefined) return tools;
    const [oldest] = this.#servers.keys();
    if (oldest !== undefined && this.#servers.size >= SERVERS) this.#servers.delete(oldest);
    this.#servers.set(authority, tools = new Map());
    return tools;
  }
}

/** Walks a schema's `properties`: nothing else may lead to such an argument. */
function collect(schema: Json | undefined, path: readonly string[], found: Annotation[]): void {
  const properties = member(schema, "properties");
  if (typeof properties !== "object" || properties === null || Array.isArray(properties)) return;
  for (const [key, property] of Object.entries(properties)) {
    if (found.length >= ARGUMENTS) return;
    const name = member(property, KEY);
    if (typeof name === "string" && name !== "") found.push({ name, path: [...path, key] });
    if (path.length + 1 < LEVELS) collect(property, [...path, key], found);
  }
}

function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
