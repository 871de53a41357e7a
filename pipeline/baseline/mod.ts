/**
 * The definitions that servers are held against: the first that are seen are trusted, unless a file knows better.
 *
 * @module
 */
import type { McpServer } from "../context.ts";
import { loadBaseline, saveBaseline } from "./file.ts";
import { setHash } from "./compare.ts";
import {
  BASELINE_LISTS,
  type BaselineEntry,
  type BaselineList,
  type BaselineServer,
  type Entries,
  type ServerLists,
} from "./types.ts";

export { compareLists, type Drift, setHash } from "./compare.ts";
export { instructionsOf, listsOf } from "./lists.ts";
export { defaultBaseline, loadBaseline, saveBaseline } from "./file.ts";
export { BASELINE_LISTS, type BaselineList, type BaselineServer, type Entries, type ServerLists } from "./types.ts";

/**
 * Servers that are remembered, and the length of all that is kept of them as JSON text. Beyond it, in memory the one that
 * was known first is forgotten, and a file takes no more.
 */
const SERVERS = 10_000, LENGTH = 64 * 1024 * 1024;
/** Entries that are larger, as JSON text, are kept as a hash only. */
const ENTRY = 64 * 1024;

/** A baseline, in memory or over a file. */
export class Baseline {
  /** The file; undefined if there is none. */
  readonly path: string | undefined;
  /** Servers that were passed over, as too many are known. */
  skipped = 0;
  readonly #servers: Map<string, BaselineServer>;
  /** When each was accepted last, as the file had it. */
  #acceptedAt: ReadonlyMap<string, number> = new Map();
  /** Length of what is kept of each, and of all. */
  readonly #lengths = new Map<string, number>();
  #length = 0;
  /** Keys of servers that are not on disk as they are here; none without a file. */
  readonly #unsaved = new Set<string>();

  /**
   * Over a file, which need not be there yet, or without one.
   *
   * @throws {Error} if the file cannot be read, or is no baseline.
   */
  constructor(path?: string) {
    this.path = path;
    this.#servers = (path === undefined ? undefined : loadBaseline(path)) ?? new Map();
    for (const [key, server] of this.#servers) this.#measure(key, server);
    this.#remember(this.#servers);
  }

  /** All servers, by key. */
  get servers(): ReadonlyMap<string, BaselineServer> {
    return this.#servers;
  }

  /** True if {@linkcode save} has something to do. */
  get isUnsaved(): boolean {
    return this.#unsaved.size > 0;
  }

  /** What is held against a server's list; undefined if nothing is: then the list is now. */
  meet(server: McpServer, list: BaselineList, entries: Entries, time: number): Entries | undefined {
    const known = this.#servers.get(server.key);
    const held = known?.accepted[list];
    if (held === undefined) this.#trust(server, known, list, entries, time);
    else if (known !== undefined) this.#saw(server.key, known, list, held, entries, time);
    return held;
  }

  /** Accepts a server as it was last seen, or of it only the tools of these names. False if there is nothing to accept. */
  accept(key: string, time: number, tools?: readonly string[]): boolean {
    const server = this.#servers.get(key);
    if (server === undefined || Object.keys(server.seen).length === 0) return false;
    if (tools !== undefined) return this.#acceptTools(key, server, tools, time);
    const accepted = { ...server.accepted, ...server.seen };
    this.#set(key, { ...server, accepted, seen: {}, seenAt: 0, acceptedAt: time });
    return true;
  }

  #acceptTools(key: string, server: BaselineServer, names: readonly string[], time: number): boolean {
    const { accepted: { tools: before }, seen: { tools: after } } = server;
    if (before === undefined || after === undefined) return false;
    const tools = new Map(before);
    for (const name of names) {
      const entry = after.get(name);
      if (entry === undefined) tools.delete(name);
      else tools.set(name, entry);
    }
    if (setHash(tools) === setHash(before)) return false;
    const accepted = { ...server.accepted, tools };
    const seen = differing(server.seen, accepted);
    const seenAt = Object.keys(seen).length === 0 ? 0 : server.seenAt;
    this.#set(key, { ...server, accepted, seen, seenAt, acceptedAt: time });
    return true;
  }

  /** Accepts these lists of a server, whatever was accepted before. */
  acceptAs(server: McpServer, lists: ServerLists, time: number): void {
    const before = this.#servers.get(server.key);
    const accepted = { ...before?.accepted, ...copies(lists) };
    this.#set(server.key, { ...about(server), accepted, seen: {}, seenAt: 0, acceptedAt: time });
  }

  /** Forgets a server. False if it is not known. */
  forget(key: string): boolean {
    this.#changed(key);
    this.#length -= this.#lengths.get(key) ?? 0;
    this.#lengths.delete(key);
    return this.#servers.delete(key);
  }

  /**
   * Writes what is new to the file. What others have written there since about other servers is kept.
   *
   * @throws {Error} if the file cannot be read or written.
   */
  save(): void {
    if (this.path === undefined || !this.isUnsaved) return;
    const onDisk = loadBaseline(this.path) ?? new Map<string, BaselineServer>();
    for (const key of this.#unsaved) {
      const server = this.#servers.get(key), theirs = onDisk.get(key);
      if (server === undefined) onDisk.delete(key);
      else if (theirs === undefined || !this.#isOvertaken(key, server, theirs)) onDisk.set(key, server);
      else { // someone has accepted it meanwhile
        const seen = differing(server.seen, theirs.accepted);
        onDisk.set(key, { ...theirs, seen, seenAt: Object.keys(seen).length === 0 ? 0 : server.seenAt });
        this.#servers.set(key, onDisk.get(key) ?? server);
      }
    }
    saveBaseline(this.path, onDisk);
    this.#unsaved.clear();
    this.#remember(onDisk);
  }

  /** True if someone else has accepted a server since it was read, and we have not. */
  #isOvertaken(key: string, ours: BaselineServer, theirs: BaselineServer): boolean {
    const then = this.#acceptedAt.get(key);
    return ours.acceptedAt === then && theirs.acceptedAt !== then;
  }

  #remember(onDisk: ReadonlyMap<string, BaselineServer>): void {
    this.#acceptedAt = new Map([...onDisk].map(([key, { acceptedAt }]) => [key, acceptedAt]));
  }

  #trust(
    server: McpServer,
    known: BaselineServer | undefined,
    list: BaselineList,
    entries: Entries,
    time: number,
  ): void {
    if (!this.#hasRoom(known === undefined ? 1 : 0)) return;
    const accepted = { ...known?.accepted, [list]: copy(entries) };
    this.#set(server.key, { seen: {}, seenAt: 0, ...known, ...about(server), accepted, acceptedAt: time });
  }

  #saw(key: string, known: BaselineServer, list: BaselineList, held: Entries, entries: Entries, time: number): void {
    const before = known.seen[list];
    const hash = setHash(entries);
    if (hash === setHash(held)) {
      if (before === undefined) return;
      const { [list]: _gone, ...seen } = known.seen;
      this.#set(key, { ...known, seen });
    } else if ((before === undefined || hash !== setHash(before)) && this.#hasRoom(0)) {
      this.#set(key, { ...known, seen: { ...known.seen, [list]: copy(entries) }, seenAt: time });
    }
  }

  #hasRoom(more: number): boolean {
    for (;;) {
      if (this.#servers.size + more <= SERVERS && this.#length < LENGTH) return true;
      const [oldest] = this.#servers.keys();
      if (this.path !== undefined || oldest === undefined || this.#servers.size === 1) break;
      this.forget(oldest);
    }
    this.skipped++;
    return false;
  }

  #set(key: string, given: BaselineServer): void {
    // whole milliseconds, as the file has them
    const server = { ...given, acceptedAt: Math.trunc(given.acceptedAt), seenAt: Math.trunc(given.seenAt) };
    this.#servers.set(key, server);
    this.#changed(key);
    this.#measure(key, server);
  }

  #changed(key: string): void {
    if (this.path !== undefined) this.#unsaved.add(key);
  }

  #measure(key: string, { accepted, seen }: BaselineServer): void {
    const length = key.length + lengthOf(accepted) + lengthOf(seen);
    this.#length += length - (this.#lengths.get(key) ?? 0);
    this.#lengths.set(key, length);
  }
}

function about(server: McpServer): Pick<BaselineServer, "name" | "transport" | "address" | "package"> {
  const { name, transport, address } = server;
  return { name: name.slice(0, 200), transport, address: address?.slice(0, 1000), package: server.package };
}

function copies(lists: ServerLists): ServerLists {
  return Object.fromEntries(Object.entries(lists).map(([list, entries]) => [list, copy(entries)]));
}

function copy(entries: Entries): Entries {
  return new Map([...entries].map(([name, entry]) => [name, kept(entry)]));
}

function kept({ hash, value }: BaselineEntry): BaselineEntry {
  return { hash, value: value !== undefined && JSON.stringify(value).length <= ENTRY ? value : undefined };
}

/** The lists that are not as these. */
function differing(lists: ServerLists, others: ServerLists): ServerLists {
  return Object.fromEntries(
    BASELINE_LISTS.flatMap((list) => {
      const entries = lists[list], other = others[list];
      const isSame = entries === undefined || other !== undefined && setHash(entries) === setHash(other);
      return isSame ? [] : [[list, entries]];
    }),
  );
}

function lengthOf(lists: ServerLists): number {
  let length = 0;
  for (const entries of Object.values(lists)) {
    for (const [name, { hash, value }] of entries) {
      length += name.length + hash.length + (value === undefined ? 0 : JSON.stringify(value).length);
    }
  }
  return length;
}
