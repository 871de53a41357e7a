/**
 * What a server says of itself.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Implementation } from "../../../pipeline/context.ts";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { object, string } from "./lists.ts";
import type { LiveServer } from "./live_server.ts";

/** In `_meta` of a result: MCP 2026-07-28, `ResultMetaObject`. */
const KEY = "io.modelcontextprotocol/serverInfo";
/** Capabilities that are larger, as JSON text, are not kept. */
const CAPABILITIES = 256 * 1024;
/** Longest name, title and version. */
const NAME = 200;

/** Learns from the answer to `initialize` or `server/discover`. Texts are cut after so many characters. */
export function learnIdentity(server: LiveServer, event: McpEvent, longest: number): void {
  const result = object(event.result);
  if (result === undefined) return;
  setInfo(server, result["serverInfo"] ?? object(result["_meta"])?.[KEY]);
  const instructions = string(result, "instructions")?.slice(0, longest);
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
  if (!Buffer.from(buffer, byteOffset + from, length).includes(KEY)) return;
  setInfo(server, object(object(event.result)?.["_meta"])?.[KEY]);
}

/** `Implementation` of the MCP schema; undefined if it has no name. */
export function implementationOf(value: Json | undefined): Implementation | undefined {
  const given = object(value);
  const name = string(given, "name");
  if (name === undefined) return undefined;
  const cut = (text: string | undefined) => text?.slice(0, NAME);
  return { name: name.slice(0, NAME), title: cut(string(given, "title")), version: cut(string(given, "version")) };
}

function setInfo(server: LiveServer, value: Json | undefined): void {
  const info = implementationOf(value);
  if (info === undefined) return;
  const { name, title, version } = server.info ?? {};
  if (server.info !== undefined && name === info.name && title === info.title && version === info.version) return;
  server.info = info;
  server.version++;
}

function same(a: Json, b: Json | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
