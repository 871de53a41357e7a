/**
 * Makes the pictures of the live page in `docs/` anew, of the recordings in `examples/`, in Debian's Chromium:
 * `deno run -A --lock=tests/deno.lock scripts/page_pictures.ts`.
 *
 * @module
 */
import { decoded } from "../tests/e2e/_page/conversations.ts";
import { launch } from "../tests/e2e/_page/browser.ts";
import { type Look, Site } from "../tests/e2e/_page/site.ts";
import { DEMO, HOSTILE, withPage } from "../tests/sinks/serve/_page.ts";

interface Picture extends Look {
  readonly name: string;
  readonly place: string;
  readonly capture: string;
  /** Waits for it. */
  readonly shows: string;
}

const WIDE = { width: 1200, height: 720 }, WIDER = { width: 1360, height: 820 }, PHONE = { width: 360, height: 720 };
const PICTURES: readonly Picture[] = [
  { name: "calls", place: "#/calls", shows: ".grid-body .row", ...WIDE, capture: HOSTILE },
  { name: "call", place: "#/calls/7", shows: ".json-tree", ...WIDER, scheme: "dark", capture: DEMO },
  { name: "findings", place: "#/findings", shows: ".finding", ...WIDE, capture: HOSTILE },
  { name: "topology", place: "#/topology", shows: ".node", width: 1200, height: 340, capture: DEMO },
  { name: "phone", place: "#/calls", shows: ".grid-body .row", ...PHONE, scheme: "dark", capture: HOSTILE },
];

if (import.meta.main) {
  const browser = await launch();
  try {
    for (const { name, place, shows, capture, ...look } of PICTURES) {
      await withPage(
        await decoded([capture]),
        async ({ url }) => {
          const site = await Site.open(browser, url, look);
          await site.go(place);
          await site.page.waitForSelector(shows);
          await site.page.waitForTimeout(500);
          await site.page.screenshot({ path: new URL(`../docs/page-${name}.png`, import.meta.url).pathname });
          await site.close();
        },
        {},
        { title: capture.replace("examples/", "") },
      );
    }
  } finally {
    await browser.close();
  }
}
