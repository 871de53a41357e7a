/**
 * Opens a page in the user's browser.
 *
 * @module
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long a browser may take to read the file, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Opens an address. It has the token, and all users see the arguments of processes: so the browser is given a file, which
 * leads to the address and which only its owner may read. Gives why it was not opened; undefined if it was.
 */
export async function openPage(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (env["SUDO_USER"] !== undefined) return "a browser is not started as root";
  if (env["DISPLAY"] === undefined && env["WAYLAND_DISPLAY"] === undefined) return "there is no display";
  const dir = await mkdtemp(join(tmpdir(), "mcpsonde-"));
  const forget = () => rm(dir, { recursive: true, force: true }).catch(() => {});
  const file = join(dir, "open.html");
  await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">\n`, { mode: 0o600 });
  try {
    const child = new Deno.Command("xdg-open", { args: [file], stdin: "null", stdout: "null", stderr: "null" }).spawn();
    child.unref();
    const timer = setTimeout(forget, PATIENCE_MS);
    Deno.unrefTimer(timer);
    globalThis.addEventListener("unload", () => {
      try {
        Deno.removeSync(dir, { recursive: true });
      } catch {
        // gone already
      }
    });
    return undefined;
  } catch {
    await forget();
    return "there is no xdg-open";
  }
}
