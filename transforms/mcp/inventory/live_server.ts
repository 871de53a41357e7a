/**
 * A server of the inventory.
 *
 * @module
 */
import type { Definition, Implementation, McpServer } from "../../../pipeline/context.ts";
import type { Json, McpEvent, Process } from "../../../pipeline/event.ts";
import type { LiveDefinition } from "./definition.ts";
import type { Lists } from "./lists.ts";
import { OpenLists, type Pages } from "./pages.ts";

/** What tells one server from another. */
export interface ServerAt {
  /** How it is reached. */
  readonly transport: McpEvent["transport"];
  /** Its process, if it runs here. */
  readonly process: Process | undefined;
  /** Of HTTP: authority and path, `localhost:3000/mcp`. */
  readonly address: string | undefined;
  /** True if it runs on another machine. */
  readonly remote: boolean;
  /** Milliseconds since the epoch of the message that shows it. */
  readonly time: number;
}

/** Revisions of one server that are kept: there are five. */
const ERAS = 16;

/** A server, filled in as more is seen. Its lists are replaced and never changed, so who has one keeps it as it was. */
export class LiveServer implements McpServer {
  readonly key: string;
  info: Implementation | undefined = undefined;
  capabilities: Json | undefined = undefined;
  instructions: string | undefined = undefined;
  readonly transport: McpEvent["transport"];
  process: Process | undefined;
  readonly address: string | undefined;
  readonly remote: boolean;
  executableHash: string | undefined = undefined;
  package: string | undefined = undefined;
  eras: readonly string[] = [];
  readonly firstSeen: number;
  lastSeen: number;
  version = 0;
  tools: ReadonlyMap<string, Definition> = new Map();
  resources: ReadonlyMap<string, Definition> = new Map();
  resourceTemplates: ReadonlyMap<string, Definition> = new Map();
  prompts: ReadonlyMap<string, Definition> = new Map();
  /** Size of its lists, as {@linkcode LiveDefinition.size} counts. */
  #size = 0;
  /** Results that were looked at for its name, in vain. */
  unnamed = 0;
  /** Lists of which some entries were not seen or not kept. */
  readonly partial: Set<keyof Lists> = new Set();
  /** Lists of which more pages are to come. */
  readonly open: OpenLists;
  /** Hash of the latest result of each list that came in one page, to know it again unread. */
  readonly latest: Map<keyof Lists, string> = new Map();

  /** A server of which nothing is known yet; at most `pages` of its lists may be open. */
  constructor(key: string, { transport, process, address, remote, time }: ServerAt, pages: number) {
    this.key = key;
    this.transport = transport;
    this.process = process;
    this.address = address;
    this.remote = remote;
    this.firstSeen = this.lastSeen = time;
    this.open = new OpenLists(pages);
  }

  /** Size of all its definitions, those of lists that are not whole yet included. */
  get size(): number {
    return this.#size + this.open.size;
  }

  get name(): string {
    return this.info?.name || this.process?.name || hostOf(this.address) || "?";
  }

  /** Adds a revision that it speaks. */
  speaks(era: string): void {
    if (this.eras.includes(era) || this.eras.length >= ERAS) return;
    this.eras = [...this.eras, era];
    this.version++;
  }

  /** Takes over a list. What is the same as before stays the same object; what is not in it is gone, if it is whole. */
  replace(list: keyof Lists, { entries, whole, lacking }: Pages, time: number): void {
    if (whole && !lacking) this.partial.delete(list);
    else this.partial.add(list);
    const before = this[list] as ReadonlyMap<string, LiveDefinition>;
    const after = new Map(whole ? [] : before);
    let changed = whole && before.size !== entries.size;
    for (const [name, entry] of entries) {
      const old = before.get(name);
      const same = old !== undefined && old.hash === entry.hash;
      if (same) old.lastSeen = Math.max(old.lastSeen, time);
      else changed = true;
      after.set(name, same ? old : entry);
    }
    if (!changed) return;
    this.#size += sizeOf(after) - sizeOf(before);
    this[list] = after;
    this.version++;
  }

  /** A list came again as it was. */
  again(list: keyof Lists, time: number): void {
    for (const entry of this[list].values() as Iterable<LiveDefinition>) {
      entry.lastSeen = Math.max(entry.lastSeen, time);
    }
  }

  /** Forgets its lists. */
  forget(): void {
    this.tools =
      this.resources =
      this.resourceTemplates =
      this.prompts =
        new Map();
    this.open.clear();
    this.latest.clear();
    this.partial.clear();
    this.#size = 0;
    this.version++;
  }
}

function sizeOf(list: ReadonlyMap<string, LiveDefinition>): number {
  let size = 0;
  for (const entry of list.values()) size += entry.size;
  return size;
}

/** The host of `host:port/path`. */
function hostOf(address: string | undefined): string | undefined {
  return address?.replace(/\/.*$/s, "").replace(/:\d+$/, "");
}
