/**
 * How a program can be watched here: the best of what this machine allows.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { whyNoCapture } from "../_machine.ts";

/** From the kernel and from inside; from inside; between it and its client. */
export const WAYS = ["kernel", "sensor", "proxy"] as const;
/** One of them. */
export type Way = typeof WAYS[number];

/** A way, and why it is not a better one. */
export interface Chosen {
  readonly way: Way;
  readonly why: string | undefined;
}

/** The best way to watch a program. */
export async function bestWay(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Chosen> {
  const obstacle = await whyNoCapture();
  if (obstacle === undefined) return { way: "kernel", why: undefined };
  return await withoutKernel(obstacle, command, env);
}

/** The best way where the kernel lets nobody look, for this reason. */
export async function withoutKernel(
  obstacle: string,
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Chosen> {
  const why = `${lowerFirst(obstacle.split(/[:(\n]/)[0]?.trim() ?? "").replace(/\.$/, "")}; mcpsonde doctor says more`;
  return { way: await hasSensor(command[0] ?? "", env["PATH"] ?? "") ? "sensor" : "proxy", why };
}

/** Programs that the sensors run in, and those that start such. */
const RUNTIMES = /^(python[\d.]*|pypy[\d.]*|node|nodejs|npx|npm|pnpm|yarn|tsx|uv|uvx|pipx|bun|bunx)$/;

/** True for a program that runs in Python or Node, or a script that does. */
async function hasSensor(program: string, path: string): Promise<boolean> {
  if (RUNTIMES.test(base(program))) return true;
  const file = program.includes("/") ? program : await which(program, path);
  if (file === undefined) return false;
  const head = await readFile(file).then((bytes) => new TextDecoder().decode(bytes.subarray(0, 256)), () => "");
  const [, line = ""] = /^#!([^\n]*)/.exec(head) ?? [];
  return line.trim().split(/\s+/).some((word) => RUNTIMES.test(base(word)));
}

async function which(program: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, program);
    if (folder !== "" && await stat(file).then((stat) => stat.isFile(), () => false)) return file;
  }
  return undefined;
}

function base(path: string): string {
  return path.replace(/^.*[\\/]/, "");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
