/**
 * A list that follows what happens, or stands still while somebody reads it. Memory is bounded by {@linkcode Pages} and
 * {@linkcode MOST_NEW}.
 *
 * @module
 */
import type { Page } from "../../../../pipeline/feed/feed.ts";
import { type FetchPage, type HasId, PAGE_ROWS, Pages } from "./pages.ts";

/** Newest rows that are kept while the list follows. */
export const MOST_NEW = 2 * PAGE_ROWS;

/** The list. */
export class LiveList<Row extends HasId> {
  /** What is shown. */
  pages: Pages<Row>;
  /** Whether it follows. */
  follows = true;
  /** New rows since it stands still. */
  fresh = 0;
  /** Whether there may be more of them: some were not told, and a filter is on. */
  hasMoreFresh = false;
  /** The largest id that was seen. Without a filter it is the number of all rows. */
  newest = 0;
  /** Whether the first answer has come. */
  loaded = false;
  /** What went wrong with the first answer. */
  error: unknown;
  readonly #fetch: FetchPage<Row>;
  readonly #dense: boolean;
  readonly #onChange: () => void;
  #head: Row[] = [];
  #early: Row[] = []; // what came before the first answer
  #headEnds = false; // whether nothing is older than the last of the head
  #closed = false;
  #asking = 0;

  /** `dense`: ids have no holes, as there is no filter. */
  constructor(fetch: FetchPage<Row>, dense: boolean, onChange: () => void) {
    this.#fetch = fetch;
    this.#dense = dense;
    this.#onChange = onChange;
    this.pages = new Pages(fetch, onChange);
  }

  /** Asks for the newest rows anew. */
  async reload(): Promise<void> {
    const asking = ++this.#asking;
    try {
      const page = await this.#fetch(undefined, PAGE_ROWS);
      if (this.#closed || asking !== this.#asking) return;
      this.error = undefined;
      this.#start(page);
    } catch (error) {
      if (this.#closed || asking !== this.#asking) return;
      this.error = error;
    }
    this.loaded = true;
    if (this.#early.length > 0) this.push(this.#early.splice(0));
    this.#onChange();
  }

  /** New rows, and changed ones. `omitted`: there were others, older than the oldest new one, that are not here. */
  push(rows: readonly Row[], omitted = 0): void {
    if (this.#closed) return;
    if (!this.loaded) {
      this.#early = [...rows, ...this.#early].slice(0, MOST_NEW);
      return;
    }
    const known = this.newest;
    const added = rows.filter(({ id }) => id > known).sort((a, b) => b.id - a.id);
    const changed = rows.filter(({ id }) => id <= known);
    const [first] = added;
    if (first !== undefined) this.newest = first.id;
    if (!this.follows) {
      this.fresh += this.#dense ? this.newest - known : added.length;
      this.hasMoreFresh ||= !this.#dense && omitted > 0;
      this.pages.update(changed);
      this.#onChange();
      return;
    }
    const others = new Map(changed.map((row) => [row.id, row]));
    const old = this.#head.map((row) => others.get(row.id) ?? row);
    const hasHole = added.length > 0 && (this.#dense ? (added.at(-1)?.id ?? 0) > known + 1 : omitted > 0);
    this.#head = (hasHole ? added : [...added, ...old]).slice(0, MOST_NEW);
    if (hasHole || added.length + old.length > MOST_NEW) this.#headEnds = false;
    this.pages.update(changed);
    if (first !== undefined) this.#show();
    this.#onChange();
  }

  /** Holds still. */
  pause(): void {
    if (!this.follows) return;
    this.follows = false;
    this.fresh = 0;
    this.hasMoreFresh = false;
    this.#onChange();
  }

  /** Shows the newest again, and what comes. */
  follow(): void {
    if (this.follows) return;
    this.follows = true;
    this.fresh = 0;
    this.hasMoreFresh = false;
    void this.reload();
  }

  /** It is not shown any more. */
  close(): void {
    this.#closed = true;
    this.pages.close();
  }

  #start(page: Page<Row>): void {
    this.#head = [...page.rows];
    this.#headEnds = !page.more;
    this.newest = Math.max(this.#dense ? 0 : this.newest, page.rows[0]?.id ?? 0);
    this.fresh = 0;
    this.hasMoreFresh = false;
    this.#show();
  }

  #show(): void {
    this.pages.close();
    const top = this.#head[0]?.id;
    this.pages = new Pages(this.#fetch, this.#onChange, {
      top,
      dense: this.#dense && top !== undefined,
      seed: { rows: this.#head, more: !this.#headEnds },
    });
  }
}
