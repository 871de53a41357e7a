import { describe, expect, it } from "vitest";
import type { Page } from "../../../../pipeline/feed/feed.ts";
import { LiveList } from "../../../../sinks/serve/web/model/live_list.ts";
import { MOST_PAGES, PAGE_ROWS, Pages } from "../../../../sinks/serve/web/model/pages.ts";

interface Row {
  readonly id: number;
  readonly state?: string;
}

/** A store that has forgotten rows up to `gone`. */
class Rows {
  newest: number;
  asked = 0;
  readonly #gone: number;
  readonly #isThere: (id: number) => boolean;

  constructor(newest: number, gone = 0, isThere: (id: number) => boolean = () => true) {
    this.newest = newest;
    this.#gone = gone;
    this.#isThere = isThere;
  }

  fetch = (before: number | undefined, limit: number): Promise<Page<Row>> => {
    this.asked++;
    const rows: Row[] = [];
    let id = Math.min(this.newest, (before ?? Infinity) - 1);
    for (; id > this.#gone && rows.length < limit; id--) if (this.#isThere(id)) rows.push({ id });
    while (id > this.#gone && !this.#isThere(id)) id--;
    return Promise.resolve({ rows, more: id > this.#gone });
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Scrolls to the end of a list, as often as the end moves. */
async function toTheEnd(pages: Pages<Row>): Promise<number> {
  for (let length = -1, rounds = 1;; rounds++) {
    if (pages.length === length && !pages.more) return rounds;
    length = pages.length;
    pages.look(Math.max(0, length - 40), length);
    await settled();
  }
}

describe("Pages", () => {
  it("asks for any place of a list without holes at once", async () => {
    const rows = new Rows(100_000);
    const pages = new Pages<Row>(rows.fetch, () => {}, { top: 100_000, dense: true });
    expect(pages.length).toBe(100_000);
    expect(pages.at(54_321)).toBeUndefined();
    await settled();
    expect(pages.at(54_321)).toEqual({ id: 100_000 - 54_321 });
    expect(rows.asked).toBe(1);
  });

  it("goes from page to page where ids have holes", async () => {
    const rows = new Rows(10_000, 0, (id) => id % 7 === 0);
    const pages = new Pages<Row>(rows.fetch, () => {});
    await toTheEnd(pages);
    expect(pages.length).toBe(Math.floor(10_000 / 7));
    expect(pages.at(pages.length - 1)).toEqual({ id: 7 });
    expect(pages.at(500)?.id).toBe((Math.floor(10_000 / 7) - 500) * 7);
  });

  it("finds the end in a few steps where old rows are forgotten", async () => {
    for (const gone of [0, 1, 99, 100, 12_345, 299_900, 299_999]) {
      const rows = new Rows(300_000, gone);
      const pages = new Pages<Row>(rows.fetch, () => {}, { top: 300_000, dense: true });
      pages.look(0, 40);
      await settled();
      expect(await toTheEnd(pages)).toBeLessThan(30);
      expect([gone, pages.length]).toEqual([gone, 300_000 - gone]);
      expect(pages.at(pages.length - 1)).toEqual({ id: gone + 1 });
    }
  });

  it("forgets pages that are far from what is looked at", async () => {
    const rows = new Rows(100_000);
    const pages = new Pages<Row>(rows.fetch, () => {}, { top: 100_000, dense: true });
    for (let from = 0; from < 20_000; from += 50) {
      pages.look(from, from + 50);
      await settled();
    }
    expect(pages.held).toBeLessThanOrEqual((MOST_PAGES + 1) * PAGE_ROWS);
    expect(pages.peek(0)).toBeUndefined();
    expect(pages.at(0)).toBeUndefined();
    await settled();
    expect(pages.at(0)).toEqual({ id: 100_000 });
  });

  it("tells what failed, and asks again", async () => {
    let fails = true;
    const fetch = () => fails ? Promise.reject(new Error("away")) : Promise.resolve({ rows: [{ id: 1 }], more: false });
    const pages = new Pages<Row>(fetch, () => {}, { top: 1, dense: true });
    pages.look(0, 1);
    await settled();
    expect(pages.error).toEqual(new Error("away"));
    fails = false;
    pages.look(0, 1);
    await settled();
    expect([pages.error, pages.peek(0)]).toEqual([undefined, { id: 1 }]);
  });
});

describe("LiveList", () => {
  const upTo = (newest: number, many: number): Row[] => Array.from({ length: many }, (_, k) => ({ id: newest - k }));

  async function list(rows: Rows, dense = true): Promise<LiveList<Row>> {
    const list = new LiveList<Row>(rows.fetch, dense, () => {});
    await list.reload();
    return list;
  }

  it("shows new rows on top while it follows, and changed ones in their places", async () => {
    const live = await list(new Rows(500));
    live.push([...upTo(503, 3), { id: 499, state: "done" }]);
    expect([live.newest, live.pages.length]).toEqual([503, 503]);
    expect([0, 1, 2, 3, 4].map((k) => live.pages.peek(k))).toEqual([
      ...upTo(503, 4),
      { id: 499, state: "done" },
    ]);
  });

  it("stands still while paused, counts, and follows again from the newest", async () => {
    const rows = new Rows(500);
    const live = await list(rows);
    live.pause();
    live.push(upTo(750, 100), 150);
    expect([live.fresh, live.pages.peek(0)?.id, live.pages.length]).toEqual([250, 500, 500]);
    rows.newest = 750;
    live.follow();
    await settled();
    expect([live.fresh, live.pages.peek(0)?.id, live.pages.length]).toEqual([0, 750, 750]);
  });

  it("asks for rows that were left out, when they are looked at", async () => {
    const rows = new Rows(500);
    const live = await list(rows);
    rows.newest = 5000;
    live.push(upTo(5000, 60), 4440);
    expect(live.pages.peek(59)?.id).toBe(4941);
    expect(live.pages.peek(60)).toBeUndefined();
    live.pages.look(0, 80);
    await settled();
    expect(live.pages.peek(60)?.id).toBe(4940);
    expect(live.pages.length).toBe(5000);
  });

  it("holds a bounded number of rows however many come", async () => {
    const rows = new Rows(500);
    const live = await list(rows);
    for (let newest = 600; newest < 200_000; newest += 100) live.push(upTo(newest, 100));
    expect(live.pages.held).toBeLessThanOrEqual(2 * PAGE_ROWS);
  });

  it("says of filtered rows that there may be more of them", async () => {
    const live = await list(new Rows(500, 0, (id) => id % 5 === 0), false);
    live.pause();
    live.push([{ id: 505 }], 20);
    expect([live.fresh, live.hasMoreFresh]).toEqual([1, true]);
  });

  it("tells that the first answer failed", async () => {
    const live = new LiveList<Row>(() => Promise.reject(new Error("away")), true, () => {});
    await live.reload();
    expect([live.loaded, live.error]).toEqual([true, new Error("away")]);
  });
});
