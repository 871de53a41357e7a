/** Runs `mcpsonde proxy` as a client does: by its own pipes. */
import { join } from "node:path";
import { ROOT, temporary } from "../_cli.ts";

/** A proxy that runs. */
export interface Proxied {
  readonly child: Deno.ChildProcess;
  readonly home: string;
  say(text: string): Promise<void>;
  /** Closes its input. */
  hangUp(): Promise<void>;
  /** The next line of its output; undefined at the end. */
  line(): Promise<string | undefined>;
  /** The rest of its output, and how it ended. */
  rest(): Promise<
    { readonly stdout: string; readonly stderr: string; readonly code: number; readonly signal: string | null }
  >;
}

type Finish = (cleanup: () => unknown) => void;

/** Starts one, with a home of its own. */
export async function proxy(
  finish: Finish,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Proxied> {
  const home = await temporary(finish);
  const child = new Deno.Command("deno", {
    args: ["run", "--quiet", "-A", join(ROOT, "commands", "_proxy", "mcpsonde_proxy.ts"), "proxy", ...args],
    env: { HOME: home, XDG_RUNTIME_DIR: home, DENO_DIR: denoFolder(), NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const stderr = new Response(child.stderr).text();
  let over = false, text = "";
  child.status.then(() => over = true);
  finish(async () => {
    if (!over) child.kill("SIGKILL");
    await child.status;
    await Promise.allSettled([writer.close(), reader.cancel(), stderr]);
  });
  return {
    child,
    home,
    say: (text) => writer.write(new TextEncoder().encode(text)),
    hangUp: () => writer.close(),
    line: async () => {
      while (!text.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) return undefined;
        text += value;
      }
      const end = text.indexOf("\n");
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return line;
    },
    rest: async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
      const { code, signal } = await child.status;
      return { stdout: text, stderr: await stderr, code, signal };
    },
  };
}

function denoFolder(): string {
  const set = Deno.env.get("DENO_DIR");
  return set ?? join(Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME") ?? "/root", ".cache"), "deno");
}

/** The lines of the only file in `~/.mcpsonde/proxy`, or of another. */
export async function lines(home: string, file?: string): Promise<Record<string, unknown>[]> {
  const folder = join(home, ".mcpsonde", "proxy");
  const path = file ?? join(folder, [...Deno.readDirSync(folder)][0]?.name ?? "");
  const text = await Deno.readTextFile(path);
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
