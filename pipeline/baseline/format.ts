/**
 * A baseline as text: JSON, with a version.
 *
 * @module
 */
import type { Json } from "../event.ts";
import { asObject, textMember } from "../../protocols/mcp/mod.ts";
import { BASELINE_LISTS, type BaselineEntry, type BaselineServer, type Entries, type ServerLists } from "./types.ts";

/** The format's version. It grows when a program that knows this one would misread a file. */
export const VERSION = 1;

/** Servers and entries of one list that are read; more are passed over. */
const SERVERS = 10_000, ENTRIES = 10_000;
const HASH = /^[0-9a-f]{64}$/;

/**
 * The servers in a baseline's text.
 *
 * @throws {SyntaxError} if it is no baseline, or one of a later version.
 */
export function parseBaseline(text: string): Map<string, BaselineServer> {
  const root = asObject(parsed(text));
  const servers = asObject(root?.["servers"]);
  if (root === undefined || servers === undefined) throw new SyntaxError("it is no baseline");
  if (root["version"] !== VERSION) throw new SyntaxError(`it has version ${JSON.stringify(root["version"])}`);
  const found = new Map<string, BaselineServer>();
  for (const [key, value] of Object.entries(servers).slice(0, SERVERS)) found.set(key, readServer(key, value));
  return found;
}

/** Says nothing of the text itself: it may be any file. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new SyntaxError("it is not JSON");
  }
}

/** A baseline as text, with a newline at its end. The same servers give the same text. */
export function formatBaseline(servers: ReadonlyMap<string, BaselineServer>): string {
  const sorted = [...servers].sort(([a], [b]) => a < b ? -1 : 1).map(([key, server]) => [key, writeServer(server)]);
  return `${JSON.stringify({ version: VERSION, servers: Object.fromEntries(sorted) }, null, 1)}\n`;
}

function readServer(key: string, value: Json): BaselineServer {
  return {
    name: textMember(value, "name") ?? key,
    transport: textMember(value, "transport") ?? "stdio",
    address: textMember(value, "address"),
    package: textMember(value, "package"),
    acceptedAt: readTime(textMember(value, "accepted_at")),
    accepted: readLists(asObject(value)?.["accepted"]),
    seen: readLists(asObject(value)?.["seen"]),
    seenAt: readTime(textMember(value, "seen_at")),
  };
}

function writeServer(server: BaselineServer): { [member: string]: Json } {
  const { name, transport, address, acceptedAt, seenAt, accepted, seen } = server;
  return {
    name,
    transport,
    ...(address === undefined ? {} : { address }),
    ...(server.package === undefined ? {} : { package: server.package }),
    accepted_at: new Date(acceptedAt).toISOString(),
    accepted: writeLists(accepted),
    ...(Object.keys(seen).length === 0 ? {} : { seen_at: new Date(seenAt).toISOString(), seen: writeLists(seen) }),
  };
}

function readLists(value: Json | undefined): ServerLists {
  const given = asObject(value) ?? {};
  return Object.fromEntries(BASELINE_LISTS.flatMap((list) => {
    const entries = Object.hasOwn(given, list) ? asObject(given[list]) : undefined;
    return entries === undefined ? [] : [[list, readEntries(entries)]];
  }));
}

function readEntries(entries: { [name: string]: Json }): Entries {
  const found = new Map<string, BaselineEntry>();
  for (const [name, entry] of Object.entries(entries).slice(0, ENTRIES)) {
    const hash = textMember(entry, "hash");
    if (hash !== undefined && HASH.test(hash)) found.set(name, { hash, value: asObject(asObject(entry)?.["value"]) });
  }
  return found;
}

function writeLists(lists: ServerLists): { [list: string]: Json } {
  const out: { [list: string]: Json } = {};
  for (const list of BASELINE_LISTS) {
    const entries = lists[list];
    if (entries !== undefined) {
      out[list] = Object.fromEntries([...entries].map(([name, entry]) => [name, plain(entry)]));
    }
  }
  return out;
}

function plain({ hash, value }: BaselineEntry): Json {
  return value === undefined ? { hash } : { hash, value: value as { [member: string]: Json } };
}

function readTime(text: string | undefined): number {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? 0 : time;
}
