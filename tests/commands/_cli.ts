/** Runs the command line as its users do: through the launcher, in a process of its own. */
import { fileURLToPath } from "node:url";

/** The repository, with a slash at its end. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
/** The launcher. */
export const LAUNCHER: string = `${ROOT}mcpsonde`;

/** How a run ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run may differ in. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
  readonly stdin?: string;
}

/** Runs a program, by default the launcher, to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = new Deno.Command(options.program ?? LAUNCHER, {
    args: [...args],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { NO_COLOR: "1", ...options.env },
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (options.stdin !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(options.stdin));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Whether a program is installed here. */
export async function has(program: string): Promise<boolean> {
  const { code } = await run(["-c", `command -v ${program}`], { program: "/bin/sh" });
  return code === 0;
}

/** A folder that is removed when the test ends. */
export async function temporary(onTestFinished: (cleanup: () => unknown) => void): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "mcpsonde-test-" });
  onTestFinished(() => Deno.remove(folder, { recursive: true }));
  return folder;
}
