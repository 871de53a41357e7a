/**
 * The demo as it happens: the monitor and the client are two children of this process, as the kernel source leaves out
 * its own process and all that descends from it.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { CliContext } from "./_context.ts";
import { EXIT } from "./_exit.ts";

/** How the live demo ended: with an exit code, or not at all, for a reason. */
export type Outcome = { readonly code: number } | { readonly reason: string };

const CLIENT = fileURLToPath(new URL("../examples/demo/client.ts", import.meta.url));
const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));
const SERVER = "npm:@modelcontextprotocol/server-everything@2026.8.31";
/** The two must not touch the lock file of this repository. */
const APART = ["--no-config", "--no-lock"];

const INTRO = `A real MCP client (@modelcontextprotocol/sdk 1.32.2) now uses a real server (server-everything
2026.8.31) over stdio. Neither knows of mcpsonde, which reads along in the kernel.\n\n`;
const OUTRO = "\nNext: sudo mcpsonde watches everything that speaks MCP on this machine.\n";

/** Times in milliseconds. */
const SLOW_DOWNLOAD = 700, LONGEST_START = 10_000, LONGEST_TALK = 30_000, LAST_WORDS = 500;

/** Runs the demo. With `record`, its bytes go to that file and nothing is shown. */
export async function live(context: CliContext, record: string | undefined): Promise<Outcome> {
  const { stderr } = context.process;
  const fetched = await fetchPackages((line) => stderr.write(line));
  if (fetched !== undefined) return { reason: fetched };
  stderr.write(INTRO);
  await using client = spawn(["run", "-A", "--quiet", ...APART, CLIENT], {
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  });
  const what = record === undefined ? [] : ["record", "-o", record];
  const only = inHostsPidNamespace() ? ["--pid", String(client.child.pid)] : [];
  await using monitor = spawn(["run", "-A", "--quiet", CLI, ...what, ...only], {
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
    detached: true, // Ctrl-C comes to this process, which then stops both in order
  });
  const stopped = stopOnSignal([client, monitor]);
  const told = listen(monitor.child.stderr);
  if (!await within(told.ready, LONGEST_START)) {
    monitor.kill("SIGTERM");
    await monitor.child.status;
    return { reason: told.text().trim().replace(/^mcpsonde: /gm, "") };
  }
  await sendLine(client.child.stdin);
  await Promise.race([within(client.child.status, LONGEST_TALK), stopped]);
  await sleep(LAST_WORDS);
  monitor.kill("SIGINT");
  const { code } = await monitor.child.status;
  if (code !== EXIT.ok) stderr.write(told.text());
  else if (record === undefined) stderr.write(OUTRO);
  return { code };
}

/** Gets client and server into Deno's cache. Says why not, if not. */
async function fetchPackages(say: (line: string) => void): Promise<string | undefined> {
  const timer = setTimeout(() => say("Getting the demo's client and server from npm, this once.\n"), SLOW_DOWNLOAD);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", ...APART, CLIENT, SERVER],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  clearTimeout(timer);
  if (success) return undefined;
  // deno-lint-ignore no-control-regex
  const first = new TextDecoder().decode(stderr).replace(/\x1b\[[\d;]*m/g, "").trim().split("\n")[0];
  return `The demo's client and server could not be had from npm (${first}).`;
}

/** A child that does not outlive this function's scope. */
interface Kept extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  kill(signal: Deno.Signal): void;
}

function spawn(args: string[], options: Deno.CommandOptions): Kept {
  const child = new Deno.Command(Deno.execPath(), { args, ...options }).spawn();
  let exited = false;
  child.status.then(() => exited = true);
  const kill = (signal: Deno.Signal) => {
    if (!exited) child.kill(signal);
  };
  return {
    child,
    kill,
    [Symbol.asyncDispose]: async () => {
      kill("SIGKILL");
      await child.status;
    },
  };
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

/** Collects what the monitor says; `ready` resolves true when it captures, false when it ended before. */
function listen(stream: ReadableStream<Uint8Array>): { readonly ready: Promise<boolean>; text(): string } {
  let text = "";
  const ready = Promise.withResolvers<boolean>();
  (async () => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (/capturing/.test(text)) ready.resolve(true);
    }
    ready.resolve(false);
  })();
  return { ready: ready.promise, text: () => text };
}

async function sendLine(stdin: WritableStream<Uint8Array>): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(new TextEncoder().encode("\n"));
  writer.releaseLock();
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => timer = setTimeout(() => resolve(undefined), ms));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** In another pid namespace the kernel source knows processes by other numbers than this process does. */
function inHostsPidNamespace(): boolean {
  try {
    return Deno.readLinkSync("/proc/self/ns/pid") === "pid:[4026531836]";
  } catch {
    return false;
  }
}
