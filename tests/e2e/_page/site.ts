/** The page of `serve` in a browser: opened, logged in, and watched for what goes wrong in it. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { TOKEN } from "../../sinks/serve/_page.ts";

/** How it is shown. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
}

/** For what takes longer something is wrong. */
const PATIENCE_MS = 15_000;

/** A tab with the page. */
export class Site {
  readonly page: Page;
  /** Errors of scripts, and whatever the browser's console says, such as violations of the policy for content. */
  readonly faults: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on("pageerror", (error) => this.faults.push(`${error.message}\n${error.stack ?? ""}`));
    page.on("dialog", (dialog) => {
      this.faults.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      // a server that is away, and a token that is asked for, are told by the browser itself
      if (message.text().startsWith("Failed to load resource")) return;
      this.faults.push(message.text());
    });
  }

  /** Opens `url`, with the token of the tests if `token` is true. */
  static async open(
    browser: Browser,
    url: string,
    { width = 1280, height = 800, scheme = "light", token = true }: Look & { readonly token?: boolean } = {},
  ): Promise<Site> {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      locale: "en-US",
      timezoneId: "UTC",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const site = new Site(context, await context.newPage());
    site.page.setDefaultTimeout(PATIENCE_MS);
    await site.page.goto(token ? `${url}#token=${TOKEN}` : url);
    if (token) await site.page.waitForSelector(".top");
    return site;
  }

  /** Goes to another place in the page: `#/servers`. */
  async go(hash: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  }

  /** The place. */
  get hash(): string {
    return new URL(this.page.url()).hash;
  }

  /** Text of the first such element. */
  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  /** Waits until an expression in the page holds. It is asked from outside: the page itself may not evaluate any. */
  async until(expression: string): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (await this.page.evaluate(expression) !== true) {
      if (performance.now() > end) throw new Error(`never was ${expression}`);
      await this.page.waitForTimeout(30);
    }
  }

  /** Keys, one after another. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Closes the tab; what went wrong in it is an error. */
  async close(): Promise<void> {
    await this.#context.close();
    if (this.faults.length > 0) throw new Error(`in the page:\n${this.faults.join("\n")}`);
  }
}
