/**
 * Shows a feed in the terminal until the user has seen enough, a signal comes, or nothing more can come.
 *
 * @module
 */
import process from "node:process";
import { Buffer } from "node:buffer";
import type { Feed } from "../../pipeline/feed/feed.ts";
import { hasColours } from "../../sinks/console/terminal.ts";
import { descriptorWriter } from "../../sinks/console/writer.ts";
import { paintFor } from "./line.ts";
import { Surface } from "./surface.ts";
import { Terminal } from "./terminal.ts";
import { type Mode, Top } from "./top.ts";
import type { Ui } from "./ui.ts";
import { writeNew } from "./write_new.ts";

/** What there is to show, and how. */
export interface ScreenOptions {
  readonly feed: Feed;
  readonly mode: Mode;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The filter at the start. */
  readonly filter?: string | undefined;
  /** Ends it: nothing more can come. */
  readonly stop: AbortSignal;
  /** Gets what takes the lines that stages say. */
  readonly onLog?: (take: (line: string) => void) => void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** How long what is under way may take to be sent at the end, in milliseconds. */
const PATIENCE = 300;
/** Base64 digits that terminals take by OSC 52 (xterm's limit is 100,000 bytes for all of it). */
const MOST_COPIED = 99_000;

/** Resolves when it is over and the terminal is as it was. Rejects with what the screen itself failed with. */
export async function showScreen(options: ScreenOptions): Promise<void> {
  const { feed, mode, env, stop, filter } = options;
  const { show } = await loadInk(env);
  const terminal = new Terminal();
  const surface = new Surface(descriptorWriter(1), terminal.size);
  const ending = new AbortController();
  let failure: unknown;
  const quit = () => ending.abort();
  const fail = (error: unknown) => {
    failure ??= error;
    quit();
  };
  let ui: Ui | undefined;
  const draw = () => {
    surface.resize(terminal.size);
    ui?.redraw();
  };
  const suspend = async () => {
    await surface.close(PATIENCE);
    terminal.giveBack();
    terminal.stopProcess();
  };
  const goOn = () => {
    if (ending.signal.aborted) return;
    terminal.take();
    terminal.raw();
    surface.open(terminal.size);
    ui?.redraw();
  };
  const top = new Top(feed, {
    mode,
    io: {
      copy: (text) => {
        const code = Buffer.from(text).toString("base64");
        if (code.length > MOST_COPIED) return false;
        surface.send(`\x1b]52;c;${code}\x07`);
        return true;
      },
      write: (path, parts) => writeNew(path, parts, env["HOME"]),
      suspend: () => void suspend().catch(fail),
      redraw: draw,
      quit,
    },
  });
  options.onLog?.((line) => top.logged(line));
  const onError = (event: ErrorEvent | PromiseRejectionEvent) => {
    event.preventDefault();
    fail(event instanceof ErrorEvent ? event.error : event.reason);
  };
  stop.addEventListener("abort", quit);
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onError);
  for (const name of SIGNALS) process.on(name, quit);
  process.on("SIGWINCH", draw);
  process.on("SIGCONT", goOn);
  process.stdin.on("end", quit);
  try {
    if (filter !== undefined) await top.data.calls.load(filter);
    terminal.take();
    surface.open(terminal.size);
    const running = top.run(ending.signal);
    ui = show({ top, surface, paint: paintFor(hasColours("auto", colours(env))), onFailure: fail });
    if (stop.aborted) quit();
    await Promise.race([aborted(ending.signal), surface.broken]);
    ending.abort();
    await Promise.race([running, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  } finally {
    ui?.[Symbol.dispose]();
    await surface.close(PATIENCE);
    terminal.giveBack();
    process.stdin.pause();
    process.stdin.off("end", quit);
    process.off("SIGCONT", goOn);
    process.off("SIGWINCH", draw);
    for (const name of SIGNALS) process.off(name, quit);
    globalThis.removeEventListener("unhandledrejection", onError);
    globalThis.removeEventListener("error", onError);
    stop.removeEventListener("abort", quit);
  }
  if (failure !== undefined) throw failure;
}

/** Ink and React look at the environment when they are loaded. */
async function loadInk(env: ScreenOptions["env"]): Promise<typeof import("./ui.ts")> {
  process.env["NODE_ENV"] = "production"; // React's other build is for those who write programs with it
  delete process.env["DEV"]; // would look for React's developer tools on this machine
  try {
    return await import("./ui.ts");
  } finally {
    if (env["NODE_ENV"] === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = env["NODE_ENV"];
    if (env["DEV"] !== undefined) process.env["DEV"] = env["DEV"];
  }
}

function colours(env: ScreenOptions["env"]) {
  return { isTTY: true, columns: () => undefined, env: (name: string) => env[name] };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
