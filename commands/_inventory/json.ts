/**
 * The inventory for programs.
 *
 * @module
 */
import type { Definition, McpServer } from "../../pipeline/context.ts";
import type { Json } from "../../pipeline/event.ts";

/** One JSON text, with a newline at its end. */
export function inventoryJson(servers: readonly McpServer[]): string {
  return `${JSON.stringify({ servers: servers.map(serverJson) }, null, 2)}\n`;
}

function serverJson(server: McpServer): Record<string, unknown> {
  const { key, name, info, transport, process, address, remote, eras, instructions, capabilities } = server;
  return {
    key,
    name,
    title: info?.title,
    version: info?.version,
    transport,
    address,
    remote,
    pid: process?.pid,
    command_line: process?.args,
    container: process?.container,
    package: server.package,
    executable_sha256: server.executableHash,
    protocols: eras,
    first_seen: iso(server.firstSeen),
    last_seen: iso(server.lastSeen),
    capabilities,
    instructions,
    tools: list(server.tools),
    prompts: list(server.prompts),
    resources: list(server.resources),
    resource_templates: list(server.resourceTemplates),
  };
}

function list(entries: ReadonlyMap<string, Definition>): Record<string, unknown>[] {
  return [...entries.values()].map(({ name, value, hash, tokens, firstSeen, lastSeen }) => ({
    name,
    description: text(value["description"]),
    sha256: hash,
    tokens,
    first_seen: iso(firstSeen),
    last_seen: iso(lastSeen),
  }));
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
