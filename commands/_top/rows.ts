/**
 * Rows of one kind that a feed has, behind a filter, kept up to date.
 *
 * @module
 */
import type { Ask, Page } from "../../pipeline/feed/feed.ts";
import { Held, type Numbered } from "./held.ts";

/** Rows asked for at once. */
const PAGE = 1000;
/** Rows asked for where they come so fast that a list of them has holes: some screens full. */
const NEWEST = 200;
/** Rows that are held at most, unless said otherwise. */
export const MOST_HELD = 10_000;

/** What is shown of a feed's calls, or findings. */
export class Rows<Row extends Numbered> {
  /** Whether the feed has older ones. */
  more = false;
  /** New ones since {@linkcode Rows.paused} was set. */
  waiting = 0;
  /** Whether the newest are not there, as they came too fast: they are counted, until they are asked for. */
  isDetached = false;
  readonly #ask: (ask: Ask) => Promise<Page<Row>>;
  readonly #held: Held<Row>;
  #filter = "";
  #paused = false;
  /** Counts loads: what an older one brings is of no use. */
  #load = 0;
  #loadingOlder = false;
  /** What changed while a load was under way. */
  #meanwhile: Row[] | undefined;
  /** Of what changed behind a filter: the smallest id. */
  #dirty = Infinity;
  #newest = 0;
  /** Whether rows came that were not told of. */
  #hasMissed = false;

  /** Rows that `ask` gives; `most` are held. */
  constructor(ask: (ask: Ask) => Promise<Page<Row>>, most: number = MOST_HELD) {
    this.#ask = ask;
    this.#held = new Held(most);
  }

  /** In the filter language; empty: all. */
  get filter(): string {
    return this.#filter;
  }

  /** Whether they stay as they are. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Whether no older ones can be held. */
  get isFull(): boolean {
    return this.#held.isFull;
  }

  /** Those that are held, oldest first. */
  rows(): Row[] {
    return this.#held.rows();
  }

  /** Asks for the newest, forgetting what there was. Rejects as the feed does. */
  async load(filter: string = this.#filter, limit: number = PAGE): Promise<void> {
    const load = ++this.#load;
    this.#meanwhile = [];
    this.#hasMissed = false;
    this.#dirty = Infinity;
    this.isDetached = false;
    try {
      const page = await this.#ask({ ...wanted(filter), limit });
      if (load !== this.#load) return;
      this.#filter = filter;
      this.#held.clear();
      this.#held.put(page.rows.toReversed());
      if (filter === "") this.#held.put(this.#meanwhile);
      this.more = page.more;
      this.waiting = 0;
      this.#newest = Math.max(this.#newest, this.#held.last?.id ?? 0);
    } finally {
      if (load === this.#load) this.#meanwhile = undefined;
    }
  }

  /** Asks for a page of older ones, if there is room for them. */
  async loadOlder(): Promise<void> {
    const { first } = this.#held;
    if (!this.more || this.#loadingOlder || this.isFull || first === undefined) return;
    const load = this.#load;
    this.#loadingOlder = true;
    try {
      const page = await this.#ask({ ...wanted(this.#filter), before: first.id, limit: PAGE });
      if (load !== this.#load) return;
      this.#held.putOlder(page.rows);
      this.more = page.more;
    } finally {
      this.#loadingOlder = false;
    }
  }

  /** Asks for older ones until there are none, or no more can be held: for an order that is not that of time. */
  async loadAll(): Promise<void> {
    for (let before = -1; this.more && !this.isFull && !this.#loadingOlder && this.#held.size !== before;) {
      before = this.#held.size;
      await this.loadOlder();
    }
  }

  /** Takes what a feed says is new or has changed; `omitted` others came besides, that it does not tell of. */
  changed(rows: readonly Row[], omitted = 0): void {
    this.#hasMissed ||= omitted > 0;
    const fresh = rows.filter(({ id }) => id > this.#newest).length;
    for (const { id } of rows) if (id > this.#newest) this.#newest = id;
    if (this.#paused) this.waiting += fresh + omitted;
    else if (this.#meanwhile !== undefined) {
      if (this.#meanwhile.length < PAGE) this.#meanwhile.push(...rows);
      else this.#dirty = Math.min(this.#dirty, ...rows.map(({ id }) => id));
    } else if (this.isDetached) {
      this.#held.update(rows);
      this.waiting += fresh + omitted;
    } else if (this.#filter === "") this.#held.put(rows);
    else for (const { id } of rows) this.#dirty = Math.min(this.#dirty, id);
  }

  /** Whether {@linkcode Rows.refresh} has anything to do. */
  get isStale(): boolean {
    return (this.#dirty < Infinity || this.#hasMissed) && !this.#paused;
  }

  /**
   * Asks again for what has changed behind the filter, and for what came too fast: for the newest, if they are looked at
   * (`follows`); else what is there stays as it is, as there would be a hole behind it.
   */
  async refresh(follows: boolean): Promise<void> {
    if (!this.isStale || this.#meanwhile !== undefined) return;
    if (this.#hasMissed && follows) return await this.load(this.#filter, NEWEST);
    if (this.#hasMissed) {
      this.#hasMissed = false;
      this.#dirty = Infinity;
      this.isDetached = true;
      return;
    }
    const from = this.#dirty, load = this.#load;
    this.#dirty = Infinity;
    const { rows, more } = await this.#ask({ ...wanted(this.#filter), after: from - 1, limit: PAGE });
    if (load !== this.#load || this.#paused) return;
    this.#held.replace(more ? rows.at(-1)?.id ?? from : from, rows);
  }

  /** Leaves the rows as they are. */
  pause(): void {
    this.#paused = true;
  }

  /** Shows what is there by now. */
  async resume(): Promise<void> {
    this.#paused = false;
    await this.load();
  }
}

function wanted(filter: string): Ask {
  return filter === "" ? {} : { filter };
}
