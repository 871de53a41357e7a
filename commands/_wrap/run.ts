/**
 * `wrap` and `unwrap`: shows what would change, asks, and changes it.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import picocolors from "picocolors";
import type { CliContext } from "../_context.ts";
import { EXIT, Failure } from "../_exit.ts";
import { type Changed, entriesOf, unwrapText, wrapText } from "./config.ts";
import { diff } from "./diff.ts";
import { wrappedBy } from "./entry.ts";
import { type ClientFile, clientFiles, namedFile } from "./files.ts";
import { hashOf, type Kept, replace, Store } from "./store.ts";

/** Flags of both commands. */
export interface WrapFlags {
  readonly file?: readonly string[];
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** A file and what it is to become. */
interface Planned {
  readonly file: ClientFile;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly servers: readonly string[];
  readonly added: readonly string[];
  readonly kept: Kept | undefined;
}

const LAUNCHER = fileURLToPath(new URL("../../mcpsonde", import.meta.url));
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const MARK = "\ufeff";

/** Runs `wrap` or `unwrap`; returns the exit code. */
export async function change(
  what: "wrap" | "unwrap",
  flags: WrapFlags,
  clients: readonly string[],
  { process: { stdout, stderr, env } }: CliContext,
): Promise<number> {
  const home = env["HOME"] ?? homedir();
  const store = new Store(home);
  const paint = picocolors.createColors(stdout.isTTY && !env["NO_COLOR"]);
  const say = (text: string) => stdout.write(`${text}\n`);
  const files = await chosen(what, flags, clients, home, store);
  const plans: Planned[] = [];
  let failed = false;
  for (const file of files) {
    try {
      const plan = await planned(what, file, store);
      if (plan.after !== plan.before) plans.push(plan);
      else say(`${paint.dim(`${file.client}: ${file.path}: ${nothing(what)}`)}`);
    } catch (error) {
      failed = true;
      stderr.write(`mcpsonde: ${file.path} is left as it is: ${messageOf(error)}\n`);
    }
  }
  if (files.length === 0) say("no client's configuration was found; --file FILE names one");
  for (const { file, before, after, servers, kept } of plans) {
    const restored = what === "unwrap" && kept !== undefined && after === kept.original ? ", as it was before" : "";
    say(paint.bold(`${file.client}: ${file.path}`) + `: ${servers.join(", ")}${restored}`);
    stdout.write(diff(text(before), text(after), stdout.isTTY && !env["NO_COLOR"]));
  }
  if (plans.length === 0 || flags.dryRun) return failed ? EXIT.failed : EXIT.ok;
  if (!flags.yes && !agrees(stdout.isTTY, what)) return EXIT.ok;
  for (const plan of plans) {
    try {
      await write(what, plan, store);
    } catch (error) {
      failed = true;
      stderr.write(`mcpsonde: ${plan.file.path} is left as it is: ${messageOf(error)}\n`);
    }
  }
  const count = plans.reduce((sum, { servers }) => sum + servers.length, 0);
  if (!failed) say(`${count} ${count === 1 ? "server" : "servers"} ${what}ped; restart the clients`);
  return failed ? EXIT.failed : EXIT.ok;
}

async function chosen(
  what: "wrap" | "unwrap",
  { file: named }: WrapFlags,
  clients: readonly string[],
  home: string,
  store: Store,
): Promise<ClientFile[]> {
  if (named !== undefined) {
    return await Promise.all(named.map((path) =>
      namedFile(path).catch(() => {
        throw new Failure(`--file: there is no ${path}`, EXIT.usage);
      })
    ));
  }
  const files = await clientFiles(clients, { home, folder: process.cwd() });
  if (what === "unwrap" && clients.length === 0) {
    for (const path of await store.paths()) {
      const file = files.some((file) => file.path === path) ? undefined : await namedFile(path).catch(() => undefined);
      if (file !== undefined) files.push(file);
    }
  }
  return files;
}

async function planned(what: "wrap" | "unwrap", file: ClientFile, store: Store): Promise<Planned> {
  const before = new Uint8Array(await readFile(file.path));
  const kept = await store.get(file.path);
  if (what === "unwrap" && kept !== undefined && hashOf(before) === kept.after) {
    const entries = await entriesOf(bare(text(before)), file.path, file.places);
    const servers = entries.filter((entry) => wrappedBy(entry) !== undefined).map(({ name }) => name);
    return { file, before, after: kept.original, servers, added: [], kept };
  }
  const written = text(before), mark = written.startsWith(MARK) ? MARK : "";
  const changed: Changed = what === "wrap"
    ? await wrapText(bare(written), file.path, file.places, LAUNCHER)
    : await unwrapText(bare(written), file.path, file.places, kept?.added ?? []);
  const { servers, added } = changed;
  if (servers.length === 0) return { file, before, after: before, servers, added, kept };
  return { file, before, after: new TextEncoder().encode(mark + changed.text), servers, added, kept };
}

async function write(
  what: "wrap" | "unwrap",
  { file, before, after, added, kept }: Planned,
  store: Store,
): Promise<void> {
  if (what === "unwrap") {
    await replace(file.path, before, after);
    return await store.forget(file.path);
  }
  const original = kept !== undefined && kept.after === hashOf(before)
    ? kept.original
    : await unwrapped(file, before, kept);
  await store.keep({
    path: file.path,
    after: hashOf(after),
    original,
    added: [...new Set([...kept?.added ?? [], ...added])],
  });
  await replace(file.path, before, after);
}

/** A file without the proxies that it has already: what to restore, once one more is put there. */
async function unwrapped({ path, places }: ClientFile, bytes: Uint8Array, kept: Kept | undefined): Promise<Uint8Array> {
  const written = text(bytes);
  const { servers, text: bareText } = await unwrapText(bare(written), path, places, kept?.added ?? []);
  if (servers.length === 0) return bytes;
  return new TextEncoder().encode((written.startsWith(MARK) ? MARK : "") + bareText);
}

function agrees(isTerminal: boolean, what: string): boolean {
  if (!isTerminal || !Deno.stdin.isTerminal()) {
    throw new Failure(`nothing is changed without an answer: mcpsonde ${what} --yes changes it`, EXIT.usage);
  }
  return /^y/i.test(prompt(`Change this? [y/N]`) ?? "");
}

function nothing(what: "wrap" | "unwrap"): string {
  return what === "wrap" ? "no server over stdio that is not wrapped" : "no server that is wrapped";
}

function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function bare(text: string): string {
  return text.startsWith(MARK) ? text.slice(1) : text;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
