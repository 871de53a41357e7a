/** A real terminal, by tmux: keys go in, and what is seen comes out. */
import { join } from "node:path";
import { REPOSITORY } from "./machine.ts";
import { run, until } from "./process.ts";

/** Why there is no terminal to test with, or false: for `describe.skipIf`. */
export const noTmux: string | false = await run(["tmux", "-V"]).then(({ code }) => code === 0, () => false)
  ? false
  : "tmux is not installed";

/** Milliseconds that something may take to be seen. */
const PATIENCE = 30_000;
/** What the shell in the terminal asks with. */
const PROMPT = "ready>";

/** A terminal of its own server, with a shell in it. */
export class Tmux implements AsyncDisposable {
  readonly folder: string;
  readonly #socket: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#socket = join(folder, "tmux");
  }

  /** Starts one and waits for its shell. */
  static async start(columns: number, rows: number, env: Readonly<Record<string, string>> = {}): Promise<Tmux> {
    const tmux = new Tmux(await Deno.makeTempDir({ prefix: "mcpsonde-tmux-" }));
    const shell = [
      "env",
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      `PS1=${PROMPT} `,
      "LC_ALL=C.UTF-8",
    ];
    await tmux.run(
      "-f",
      "/dev/null",
      "-u",
      "new-session",
      "-d",
      "-x",
      `${columns}`,
      "-y",
      `${rows}`,
      ...shell,
      "bash",
      "--norc",
    );
    await tmux.run("set", "-s", "set-clipboard", "on");
    await tmux.sees(PROMPT);
    return tmux;
  }

  /** Runs a command of tmux and gives what it says. */
  async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(["tmux", "-S", this.#socket, ...args], { cwd: REPOSITORY });
    if (code !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** Types a command into the shell. */
  async command(...words: string[]): Promise<void> {
    await this.type(words.map((word) => `'${word}'`).join(" "));
    await this.keys("Enter");
  }

  /** Types text. */
  async type(text: string): Promise<void> {
    await this.run("send-keys", "-l", text);
  }

  /** Presses keys, by their names in tmux. */
  async keys(...keys: string[]): Promise<void> {
    for (const key of keys) await this.run("send-keys", key);
  }

  /** What is seen now. */
  async text(): Promise<string> {
    return await this.run("capture-pane", "-p");
  }

  /** Waits until something is seen, and gives all that is. */
  async sees(what: string | RegExp, timeout: number = PATIENCE): Promise<string> {
    let text = "";
    const isThere = () => typeof what === "string" ? text.includes(what) : what.test(text);
    await until(() => `${what} on the screen:\n${text}`, async () => {
      text = await this.text();
      return isThere();
    }, timeout);
    return text;
  }

  /** Waits until the shell has the terminal again, as it was: cooked, with a cursor, on the first screen. */
  async isRestored(): Promise<void> {
    await until(
      "the first screen, with a cursor",
      async () =>
        (await this.run("display-message", "-p", "#{alternate_on}#{cursor_flag}#{wrap_flag}")).trim() === "011",
      PATIENCE,
    );
    await this.sees(new RegExp(`${PROMPT}\\s*$`));
    await this.type("stty -a | grep -Eo -- '-?(icanon|echo|isig)\\b' | tr '\\n' ' '");
    await this.keys("Enter");
    await this.sees(/^(?=.*\bisig\b)(?=.*\bicanon\b)(?=.*\becho\b)[^-|]+$/m);
  }

  /** Id of the process in front. */
  async pid(): Promise<number> {
    const pane = (await this.run("display-message", "-p", "#{pane_pid}")).trim();
    return await until("a process in the terminal", async () => {
      const { stdout } = await run(["ps", "-o", "pid=,stat=", "--ppid", pane]);
      return Number(/^\s*(\d+)\s+\S*\+/m.exec(stdout)?.[1]);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("kill-server").catch(() => {});
    await Deno.remove(this.folder, { recursive: true });
  }
}
