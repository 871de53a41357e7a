/**
 * The client and the servers of the demo: where they come from, and what runs them.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Kept, listen, sleep, spawn, within } from "./_demo_child.ts";

const CLIENT = peer("client.ts"), WEATHER = peer("weather.ts");
const EVERYTHING = "npm:@modelcontextprotocol/server-everything@2026.8.31";
/** They must not touch the lock file of this repository. */
const APART = ["--no-config", "--no-lock", "--quiet"];
/** Oldest Node that runs the server. */
const OLDEST_NODE = 20;

/** Times in milliseconds. */
const SLOW_DOWNLOAD = 700, LONGEST_BUNDLING = 60_000, LONGEST_START = 20_000;

/** A server that listens. */
export interface Weather {
  readonly kept: Kept;
  /** What it printed: the client's input. */
  readonly line: string;
  /** Why it has no HTTPS that could be seen. */
  readonly notTls: string | undefined;
}

/** Gets client and servers into Deno's cache. Says why not, if not. */
export async function fetchPackages(say: (line: string) => void): Promise<string | undefined> {
  const timer = setTimeout(() => say("Getting the demo's client and servers from npm, this once.\n"), SLOW_DOWNLOAD);
  const failure = await deno(["cache", ...APART, CLIENT, WEATHER, EVERYTHING]);
  clearTimeout(timer);
  return failure && `The demo's client and servers could not be had from npm (${failure}).`;
}

/** Starts the client, which waits for a line on its standard input. */
export function startClient(token: string): Kept {
  return spawn(Deno.execPath(), ["run", "-A", ...APART, CLIENT], {
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    env: { DEMO_TOKEN: token },
  });
}

/** Starts the server that listens: on Node, whose TLS can be seen, else on Deno. */
export async function startWeather(token: string, say: (line: string) => void): Promise<Weather | undefined> {
  const timer = setTimeout(() => say("Making the demo's server ready for Node, this once.\n"), SLOW_DOWNLOAD);
  const node = await bundleForNode();
  clearTimeout(timer);
  const onNode = "file" in node ? await start("node", [node.file, "tls"], token) : undefined;
  if (onNode !== undefined) return { ...onNode, notTls: undefined };
  const onDeno = await start(Deno.execPath(), ["run", "-A", ...APART, WEATHER], token);
  return onDeno && { ...onDeno, notTls: "reason" in node ? node.reason : "the server did not start on Node" };
}

async function start(program: string, args: string[], token: string): Promise<Omit<Weather, "notTls"> | undefined> {
  const kept = spawn(program, args, { stdin: "null", stdout: "piped", stderr: "null", env: { DEMO_TOKEN: token } });
  const told = listen(kept.child.stdout, /\n/);
  if (await within(told.said, LONGEST_START)) return { kept, line: told.text() };
  await kept[Symbol.asyncDispose]();
  return undefined;
}

/** Node does not read what Deno does, so it gets the server as one file, made once for each version of it. */
async function bundleForNode(): Promise<{ readonly file: string } | { readonly reason: string }> {
  const version = await nodeVersion();
  if (version === undefined) return { reason: "there is no Node here, and the TLS code of Deno cannot be seen" };
  if (version < OLDEST_NODE) return { reason: `Node ${version} is too old for the server` };
  const home = Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME") ?? "/tmp", ".cache");
  const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(WEATHER));
  const folder = join(home, "mcpsonde", `demo-${new Uint8Array(hash).slice(0, 6).toHex()}`);
  const file = join(folder, "weather.mjs");
  try {
    if (await Deno.stat(file).then(() => true, () => false)) return { file };
    await Deno.mkdir(folder, { recursive: true });
    const draft = join(folder, `${Deno.pid}.mjs`);
    const bundled = deno(["bundle", ...APART, "-o", draft, WEATHER]);
    const failure = await Promise.race([bundled, sleep(LONGEST_BUNDLING).then(() => "it took too long")]);
    if (failure !== undefined) return { reason: `deno bundle failed: ${failure}` };
    await Deno.rename(draft, file);
    return { file };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Major version of the Node in PATH. */
async function nodeVersion(): Promise<number | undefined> {
  try {
    const { stdout } = await new Deno.Command("node", { args: ["--version"], stderr: "null" }).output();
    const major = /^v(\d+)\./.exec(new TextDecoder().decode(stdout))?.[1];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

/** Runs a subcommand of Deno; gives the first line of what went wrong. */
async function deno(args: string[]): Promise<string | undefined> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  // deno-lint-ignore no-control-regex
  return success ? undefined : new TextDecoder().decode(stderr).replace(/\x1b\[[\d;]*m/g, "").trim().split("\n")[0];
}

function peer(name: string): string {
  return fileURLToPath(new URL(`../examples/demo/${name}`, import.meta.url));
}
