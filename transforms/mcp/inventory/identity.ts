/**
 * What a server says of itself.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { asObject, META, serverInfoOf, textMember } from "../../../protocols/mcp/mod.ts";
import type { LiveServer } from "./live_server.ts";

/** Capabilities that are larger, as JSON text, are not kept. */
const CAPABILITIES = 256 * 1024;

/** Learns from the answer to `initialize` or `server/discover`. Texts are cut after so many characters. */
export function learnIdentity(server: LiveServer, event: McpEvent, longest: number): void {
  const result = asObject(event.result);
  if (result === undefined) return;
  setInfo(server, result);
  const instructions = textMember(result, "instructions")?.slice(0, longest);
  if (instructions !== undefined && instructions !== server.instructions) {
    server.instructions = instructions;
    server.version++;
  }
  const { capabilities } = result;
  if (capabilities === undefined || same(capabilities, server.capabilities)) return;
  if (JSON.stringify(capabilities).length > CAPABILITIES) return;
  server.capabilities = capabilities;
  server.version++;
}

/** Learns the name from `_meta` of any result. Texts longer than `longest` are not read. */
export function learnInfo(server: LiveServer, event: McpEvent, longest: number): void {
  const from = event.from("result"), length = event.to("result") - from;
  if (from < 0 || length > longest) return;
  const { buffer, byteOffset } = event.buffer;
  if (!Buffer.from(buffer, byteOffset + from, length).includes(META.serverInfo)) return;
  setInfo(server, event.result);
}

function setInfo(server: LiveServer, result: Json | undefined): void {
  const info = serverInfoOf(result);
  if (info === undefined) return;
  const { name, title, version } = server.info ?? {};
  if (server.info !== undefined && name === info.name && title === info.title && version === info.version) return;
  server.info = info;
  server.version++;
}

function same(a: Json, b: Json | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
