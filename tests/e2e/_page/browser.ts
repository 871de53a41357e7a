/** Debian's Chromium for tests of the page of `serve`, driven through playwright-core. */
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The program, if it is here: Debian's package `chromium`. */
export const CHROMIUM: string | undefined = PLACES.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** Starts it. `flags` are command line switches besides. */
export async function launch(flags: readonly string[] = []): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error("no chromium here: apt install chromium");
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb", ...flags];
  return await chromium.launch({ executablePath: CHROMIUM, args });
}
