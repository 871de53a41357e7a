/**
 * Joins the pages of lists.
 *
 * @module
 */
import type { McpEvent } from "../../../pipeline/event.ts";
import { textMember } from "../../../protocols/mcp/mod.ts";
import type { LiveDefinition } from "./definition.ts";

/** A list so far. */
export interface Pages {
  /** By name. */
  readonly entries: Map<string, LiveDefinition>;
  /** Size of its entries. */
  size: number;
  /** False if a page was not seen or not read: then what is missing may be there all the same. */
  whole: boolean;
  /** True if an entry was seen and not kept. */
  lacking: boolean;
}

/** Lists that have begun and wait for their next page, of one server. */
export class OpenLists {
  /** Size of all entries. */
  size = 0;
  readonly #open = new Map<string, Pages & { readonly cursor: string }>();
  readonly #limit: number;

  /** At most so many at once; beyond it the oldest is given up. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The pages before the one that this response is; a new list if it is the first. */
  before(event: McpEvent, session: number): Pages {
    const key = keyOf(event, session);
    const cursor = textMember(event.request?.params, "cursor");
    const open = this.#open.get(key);
    this.#delete(key);
    if (cursor === undefined) return { entries: new Map(), size: 0, whole: true, lacking: false };
    return open?.cursor === cursor ? open : { entries: new Map(), size: 0, whole: false, lacking: false };
  }

  /** Keeps a list until the page at a cursor comes. */
  await(event: McpEvent, session: number, pages: Pages, cursor: string): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= this.#limit) this.#delete(oldest);
    this.#open.set(keyOf(event, session), { ...pages, cursor });
    this.size += pages.size;
  }

  /** Gives all up. */
  clear(): void {
    this.#open.clear();
    this.size = 0;
  }

  #delete(key: string): void {
    this.size -= this.#open.get(key)?.size ?? 0;
    this.#open.delete(key);
  }
}

function keyOf(event: McpEvent, session: number): string {
  return `${session} ${event.request?.method}`;
}
