import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import type { Batch } from "../../pipeline/event.ts";
import { DEMO, HOSTILE as HOSTILE_CAPTURE, type Page, TOKEN, until, withPage } from "../sinks/serve/_page.ts";
import { seriousFaults } from "./_page/axe.ts";
import { CHROMIUM, launch } from "./_page/browser.ts";
import { decoded, HOSTILE, hostileTalk, hugeTalk, Live } from "./_page/conversations.ts";
import { type Look, Site } from "./_page/site.ts";

const NO_CHROMIUM = CHROMIUM === undefined ? "no chromium here" : false;
const VIEWS = ["calls", "servers", "findings", "topology", "rates", "health"] as const;

describe.skipIf(NO_CHROMIUM)("the page in Chromium", { timeout: 90_000 }, () => {
  let browser: Browser, demo: readonly Batch[], all: readonly Batch[];

  beforeAll(async () => {
    [browser, demo, all] = await Promise.all([
      launch(),
      decoded([DEMO]),
      decoded([DEMO, HOSTILE_CAPTURE, hostileTalk()]),
    ]);
  });
  afterAll(() => browser.close());

  /** Shows these batches in a tab. */
  async function shown(
    batches: readonly Batch[],
    act: (site: Site, page: Page) => Promise<void>,
    look: Look & { readonly token?: boolean } = {},
    options: Record<string, unknown> = {},
    local: Record<string, unknown> = {},
  ): Promise<void> {
    await withPage(
      batches,
      async (page) => {
        const site = await Site.open(browser, page.url, look);
        await act(site, page);
        await site.close();
      },
      options,
      local,
    );
  }

  it("takes the token out of the address, and stays logged in", async () => {
    await shown(demo, async (site) => {
      expect(site.page.url()).not.toContain(TOKEN);
      expect(await site.page.evaluate("document.cookie")).toBe("");
      await site.page.reload();
      await site.page.waitForSelector(".grid-body .row");
      expect(await site.page.evaluate("history.length")).toBeLessThan(4);
    });
  });

  it("asks for the token where there is none, and says when it is wrong", async () => {
    await shown(demo, async (site) => {
      await site.page.waitForSelector(".login");
      expect(await seriousFaults(site.page)).toEqual([]);
      await site.page.fill("#token", "not the token at all");
      await site.press("Enter");
      await site.page.waitForSelector(".mistake-text:not(:empty)");
      await site.page.fill("#token", TOKEN);
      await site.press("Enter");
      await site.page.waitForSelector(".grid-body .row");
    }, { token: false });
  });

  it("lists calls, and shows one with its messages, timeline and headers", async () => {
    await shown(demo, async (site) => {
      await site.page.waitForSelector(".grid-body .row");
      expect(await site.text(".total")).toBe("10 calls");
      expect(await site.page.locator(".grid").getAttribute("aria-rowcount")).toBe("11");
      const row = site.page.locator(".grid-body .row", { hasText: "Zürich" });
      expect(await row.innerText()).toContain("521 ms");
      await row.click();
      await site.page.waitForSelector(".item h2");
      expect(await site.text(".item h2")).toBe("forecast");
      expect(await site.text(".item .json-tree")).toContain("Zürich");
      expect(await site.page.locator(".item .message").nth(1).innerText()).toContain("sun, 24 °C");
      expect(await site.text(".timeline")).toMatch(/HTTP[^]*Request[^]*Response/);
      expect(await site.text(".headers")).toContain("content-type");
      await site.page.locator(".json-search").first().fill("zür");
      await site.page.waitForSelector(".json-line.is-current");
      expect(await site.text(".json-count")).toBe("1 of 1");
      const address = site.page.url();
      await site.page.goto("about:blank");
      await site.page.goto(address); // can be passed on
      await site.page.waitForSelector(".item h2");
      expect(await site.text(".item h2")).toBe("forecast");
    });
  });

  it("marks what was redacted", async () => {
    const talk = hostileTalk();
    const { use, text } = await import("../transforms/mcp/_talk.ts");
    talk.client(use(90, "login", { arguments: { user: "ann", password: "correct horse battery" } }));
    talk.server(text(90, `GITHUB_TOKEN=ghp_${"a1B2".repeat(9)}`));
    await shown(await decoded([talk]), async (site) => {
      await site.page.locator(".grid-body .row", { hasText: "login" }).click();
      await site.page.waitForSelector(".json-tree mark.redacted");
      expect(await site.text(".json-tree mark.redacted")).toMatch(/^<password:hash:[0-9a-f]{12}>$/);
      expect(await site.page.content()).not.toContain("correct horse");
      expect(await site.text(".message-head mark")).toBe("1 redacted value");
    });
  });

  it("completes a filter, shows mistakes where they stand, and shows what matches", async () => {
    await shown(demo, async (site) => {
      await site.page.waitForSelector(".grid-body .row");
      await site.press("/");
      await site.page.keyboard.type("sta");
      await site.page.waitForSelector(".suggestions li");
      expect(await site.text(".suggestions li")).toContain("status:");
      await site.press("ArrowDown", "Enter");
      await site.page.keyboard.type("tool_e");
      await site.page.waitForSelector(".suggestions li:has-text('tool_error')");
      await site.press("ArrowDown", "Enter", "Escape");
      await site.until("document.querySelectorAll('.grid-body .row').length === 1");
      expect(site.hash).toMatch(/^#\/calls\?q=status%3Atool_error/);
      await site.page.fill(".filter input", "tol:x status:error");
      await site.page.waitForSelector(".mistake-text");
      expect(await site.text(".mistake")).toBe("tol");
      expect(await site.text(".mistake-text")).toContain("Column 1");
      expect(await site.text(".mistake-text")).toContain('did you mean "tool"');
      expect(await site.page.locator(".grid-body .row").count()).toBe(1); // as before
      await site.page.fill(".filter input", "");
      await site.until("document.querySelectorAll('.grid-body .row').length === 10");
    });
  });

  it("can be used by keyboard alone", async () => {
    await shown(demo, async (site) => {
      await site.page.waitForSelector(".grid-body .row");
      await site.press("j", "j");
      const active = `document.getElementById(document.querySelector(".grid").getAttribute("aria-activedescendant"))`;
      await site.until(`${active}?.getAttribute("aria-rowindex") === "3"`);
      await site.press("k");
      await site.until(`${active}?.getAttribute("aria-rowindex") === "2"`);
      await site.press("Enter");
      await site.page.waitForSelector(".item h2");
      expect(site.hash).toBe("#/calls/10");
      await site.press("j");
      await site.until("location.hash === '#/calls/9'");
      await site.press("Escape");
      await site.until("document.querySelector('.item-side') === null");
      await site.press("?");
      await site.page.waitForSelector("dialog[open]");
      expect(await seriousFaults(site.page)).toEqual([]);
      await site.press("Escape");
      await site.until("document.querySelector('dialog') === null");
      for (
        const [key, view] of [["s", "servers"], ["f", "findings"], ["t", "topology"], ["l", "rates"], ["h", "health"], [
          "c",
          "calls",
        ]]
      ) {
        await site.press("g", key ?? "");
        await site.until(`location.hash === '#/${view}'`);
      }
      await site.press("Tab");
      expect(await site.page.evaluate("document.activeElement.className")).toBe("skip");
      await site.press("g", "s");
      await site.page.waitForSelector("tbody th a");
      await site.press("j", "Enter");
      await site.page.waitForSelector(".figures");
      await site.press("Escape");
      await site.until("location.hash === '#/servers'");
    });
  });

  it("follows what happens, holds still while somebody reads, and counts what comes meanwhile", async () => {
    await shown([], async (site, { store }) => {
      await site.page.waitForSelector(".empty");
      await site.page.waitForSelector(".state.is-live");
      const live = new Live(store);
      live.calls(2, "early");
      const first = () => site.text(".grid-body .row[aria-rowindex='2'] .call-name");
      await site.until("document.querySelector('.total').textContent === '3 calls'");
      expect(await first()).toBe("early");
      await site.press("p");
      live.calls(250, "later");
      await site.until("document.querySelector('.fresh')?.textContent === '250 new calls'");
      expect(await first()).toBe("early");
      await site.press("p");
      await site.until("document.querySelector('.total').textContent === '253 calls'");
      await until(async () => await first() === "later");
      expect(await site.page.locator(".fresh").count()).toBe(0);
      // Who scrolls down reads, too.
      await site.page.evaluate("document.querySelector('.grid').scrollTop = 3000");
      await site.page.waitForSelector(".toggle:not(.is-on)");
      live.calls(10, "latest");
      await site.until("document.querySelector('.fresh')?.textContent === '10 new calls'");
      await site.press("End");
      await site.until("document.querySelector('.grid-body .row.is-at .call-name')?.textContent === 'initialize'");
      await live.close();
    });
  });

  it("comes back by itself when mcpsonde was started anew", async () => {
    let port = 0;
    const site = await new Promise<Site>((resolve, reject) => {
      withPage(demo, async (page) => {
        port = page.port;
        const site = await Site.open(browser, page.url);
        await site.page.waitForSelector(".state.is-live");
        resolve(site);
      }).catch(reject);
    });
    await site.page.waitForSelector(".state.is-lost");
    await withPage(all, async () => {
      await site.page.waitForSelector(".state.is-live");
      await site.until("Number(document.querySelector('.total').textContent.split(' ')[0]) > 30");
    }, { listen: `127.0.0.1:${port}` });
    await site.close();
  });

  it("shows hostile names and results as text, and what cannot be seen in them", async () => {
    await shown(await decoded([hostileTalk()]), async (site) => {
      await site.page.waitForSelector(".grid-body .row");
      for (const view of VIEWS) {
        await site.go(`#/${view}`);
        await site.until(`document.querySelector("nav [aria-current]").getAttribute("href") === "#/${view}"`);
        await site.page.waitForTimeout(200);
        expect(await site.page.evaluate("document.title")).not.toContain("owned");
        expect(await site.page.locator("img, iframe, script:not([src]), a[href^='javascript']").count()).toBe(0);
      }
      await site.go("#/calls");
      await site.page.waitForSelector(".grid-body .hidden-char");
      const all = await site.text(".grid-body");
      expect(all).toContain(HOSTILE.image);
      expect(all).toContain("U+202E");
      for (const id of [3, 5, 7, 8, 9]) {
        await site.go(`#/calls/${id}`);
        await site.until(
          `document.querySelector(".item-id")?.textContent === "#${id}" && document.querySelector(".json-tree") !== null`,
        );
        expect(await site.page.locator(".item img, .item script").count()).toBe(0);
        const text = await site.text(".item");
        for (const unseen of ["\u202e", "\u200b", "\u0000", "\u001b"]) expect(text).not.toContain(unseen);
      }
      await site.go("#/servers");
      await site.page.locator("tbody th a").first().click();
      await site.page.waitForSelector(".tool");
      for (const tool of await site.page.locator(".tool summary").all()) await tool.click();
      expect(await site.text(".tools")).toContain(HOSTILE.script);
      expect(await site.page.evaluate("document.title")).not.toContain("owned");
      expect(await seriousFaults(site.page)).toEqual([]);
    });
  });

  it("stays quick with ten thousand tools and names of a megabyte", async () => {
    await shown(await decoded([hugeTalk(1000, 1_000_000)]), async (site) => {
      await site.page.waitForSelector(".grid-body .row");
      expect((await site.page.content()).length).toBeLessThan(200_000);
      await site.press("j", "Enter");
      await site.page.waitForSelector(".pair .json-tree");
      expect((await site.page.content()).length).toBeLessThan(300_000);
      // The inventory holds 2,048 tools; another mcpsonde's may hold more.
      const long = `y${"<b>z".repeat(250_000)}`;
      await site.page.route("**/api/v1/servers/*", async (route) => {
        const answer = await (await route.fetch()).json();
        const [tool] = answer.tools;
        answer.tools = Array.from({ length: 10_000 }, (_, k) => ({ ...tool, name: k === 0 ? long : `tool_${k}` }));
        await route.fulfill({ json: answer });
      });
      await site.go("#/servers");
      await site.page.locator("tbody th a").first().click();
      await site.page.waitForSelector(".tool");
      expect(await site.page.locator(".tool").count()).toBeLessThan(200);
      await site.page.fill(".block-head input[type=search]", "tool_9999");
      await site.until("document.querySelectorAll('.tool').length === 1");
      await site.page.fill(".block-head input[type=search]", "<b>z");
      await site.until("document.querySelectorAll('.tool').length === 1");
      expect(await site.page.locator(".tool b").count()).toBe(0);
      expect((await site.page.content()).length).toBeLessThan(100_000);
    });
  });

  it("has no serious fault of accessibility in any view, light or dark", { timeout: 90_000 }, async () => {
    await shown(all, async (site) => {
      await site.page.waitForSelector(".grid-body .row");
      const server = `servers/${encodeURIComponent("stdio:notes#c5e859ae4a1f")}`;
      for (const view of [...VIEWS, "calls/8", "calls/25", "calls?q=tol:x", server]) {
        await site.go(`#/${view}`);
        await site.page.emulateMedia({ colorScheme: "light" });
        await site.page.waitForTimeout(400); // colours may take a moment to change
        expect([view, await seriousFaults(site.page)]).toEqual([view, []]);
        await site.page.emulateMedia({ colorScheme: "dark" });
        await site.page.waitForTimeout(250);
        expect([view, "dark", await seriousFaults(site.page, ["color-contrast"])]).toEqual([view, "dark", []]);
      }
    });
  });

  it("works in a window of 360 pixels", async () => {
    await shown(all, async (site) => {
      await site.page.waitForSelector(".grid-body .row");
      for (const view of [...VIEWS, "calls/8", "calls/25", "calls/40"]) {
        await site.go(`#/${view}`);
        await site.page.waitForTimeout(250);
        expect([view, await site.page.evaluate("document.documentElement.scrollWidth")]).toEqual([view, 360]);
        // Nothing but what scrolls by itself is wider than its place.
        const wide = await site.page.evaluate(`[...document.querySelectorAll(".page, .item-side, .cards, .bar, .item")]
          .filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.className)`);
        expect([view, wide]).toEqual([view, []]);
      }
      expect(await seriousFaults(site.page)).toEqual([]);
    }, { width: 360, height: 740 });
  });

  it("accepts what a server offers into the baseline", async () => {
    const folder = await Deno.makeTempDir();
    const baseline = `${folder}/baseline.json`;
    try {
      const changed = await decoded([HOSTILE_CAPTURE], { baseline });
      await shown(
        changed,
        async (site) => {
          await site.page.waitForSelector(".grid-body .row");
          await site.go("#/servers");
          await site.page.locator("tbody th a", { hasText: "notes" }).click();
          await site.page.waitForSelector(".diff");
          expect(await site.text(".drift")).toContain("<IMPORTANT>");
          expect(await seriousFaults(site.page)).toEqual([]);
          await site.page.getByRole("button", { name: "Accept all into the baseline" }).click();
          await site.page.getByRole("button", { name: "Yes, accept" }).click();
          await site.page.waitForSelector(".drift:has-text('Accepted into the baseline')");
          await site.until("document.querySelector('.drift-row') === null");
        },
        {},
        {},
        { baseline },
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
});
