/**
 * The demo as it happens: the monitor, the client and the server that listens are children of this process, as the
 * kernel source leaves out its own process and all that descends from it.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CliContext } from "./_context.ts";
import { type Kept, listen, sleep, spawn, within } from "./_demo_child.ts";
import { credentialSeen } from "./_demo_credential.ts";
import { fetchPackages, startClient, startWeather, type Weather } from "./_demo_peers.ts";
import { EXIT } from "./_exit.ts";

/** How the live demo ended: with an exit code, or not at all, for a reason. */
export type Outcome = { readonly code: number } | { readonly reason: string };

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));

const OUTRO = "\nNext: sudo mcpsonde watches everything that speaks MCP on this machine.\n";

/** Times in milliseconds. */
const LONGEST_START = 10_000, LONGEST_TALK = 30_000, LAST_WORDS = 500;

/** What the demo may be asked for. */
export interface LiveOptions {
  /** Its bytes go to this file and nothing is shown. */
  readonly record: string | undefined;
  /** Only what matches this expression is shown. */
  readonly filter: string | undefined;
}

/** Runs the demo. */
export async function live(context: CliContext, { record, filter }: LiveOptions): Promise<Outcome> {
  const { stderr } = context.process;
  const say = (line: string) => void stderr.write(line);
  const fetched = await fetchPackages(say);
  if (fetched !== undefined) return { reason: fetched };
  const token = `demo-${crypto.randomUUID()}`;
  const weather = await startWeather(token, say);
  await using _server = weather?.kept;
  await using client = startClient(token);
  stderr.write(intro(weather));
  const folder = await Deno.makeTempDir({ prefix: "mcpsonde-demo-" });
  try {
    const lines = join(folder, "messages.jsonl");
    await using monitor = startMonitor(
      record === undefined
        ? ["-o", lines, ...(filter === undefined ? [] : [`--filter=${filter}`])]
        : ["record", "-o", record],
      [
        client,
        ...(weather === undefined ? [] : [weather.kept]),
      ],
    );
    const stopped = stopOnSignal([client, monitor, ...(weather === undefined ? [] : [weather.kept])]);
    const told = listen(monitor.child.stderr, /capturing/);
    if (!await within(told.said, LONGEST_START)) {
      monitor.kill("SIGTERM");
      await monitor.child.status;
      return { reason: told.text().trim().replace(/^mcpsonde: /gm, "") };
    }
    await begin(client, weather?.line ?? "{}\n");
    await Promise.race([within(client.child.status, LONGEST_TALK), stopped]);
    await sleep(LAST_WORDS);
    monitor.kill("SIGINT");
    const { code } = await monitor.child.status;
    if (code !== EXIT.ok) stderr.write(told.text());
    else if (record === undefined) stderr.write(await credentialSeen(lines) + OUTRO);
    return { code };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function intro(weather: Weather | undefined): string {
  const how = weather === undefined
    ? "stdio"
    : weather.notTls === undefined
    ? "stdio, HTTP and HTTPS"
    : "stdio and HTTP";
  const but = weather?.notTls === undefined ? "" : `\nHTTPS is left out: ${weather.notTls}.`;
  return `A real MCP client (SDK 1.32.2) now uses real servers over ${how}.
None of them knows of mcpsonde, which reads along in the kernel.${but}\n\n`;
}

function startMonitor(what: readonly string[], watched: readonly Kept[]): Kept {
  const pids = watched.map(({ child }) => child.pid).join(",");
  const only = inHostsPidNamespace() ? ["--pid", pids] : [];
  return spawn(Deno.execPath(), ["run", "-A", "--quiet", CLI, ...what, ...only], {
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
    detached: true, // Ctrl-C comes to this process, which then stops all in order
  });
}

/** Resolves when the user wants to leave; the second signal leaves at once. */
function stopOnSignal(children: readonly Kept[]): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const listener = () => {
      if (!asked) return (asked = true, resolve());
      for (const child of children) child.kill("SIGKILL");
      Deno.exit(EXIT.forced);
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) Deno.addSignalListener(name, listener);
  });
}

async function begin({ child }: Kept, line: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(line));
  writer.releaseLock();
}

/** In another pid namespace the kernel source knows processes by other numbers than this process does. */
function inHostsPidNamespace(): boolean {
  try {
    return Deno.readLinkSync("/proc/self/ns/pid") === "pid:[4026531836]";
  } catch {
    return false;
  }
}
