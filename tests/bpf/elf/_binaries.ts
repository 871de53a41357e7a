/** Real files to test with, those of them that are on this machine. */
import process from "node:process";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";

const FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];

/** Path of a shared library by the start of its name. */
export function library(start: string): string | undefined {
  for (const folder of FOLDERS) {
    if (!existsSync(folder)) continue;
    const name = readdirSync(folder).find((entry) => entry.startsWith(start));
    if (name !== undefined) return realpathSync(`${folder}/${name}`);
  }
  return undefined;
}

/** Path of a program, links resolved. */
export function program(name: string): string | undefined {
  const found = run("sh", ["-c", `command -v ${name}`])?.trim();
  return found ? realpathSync(found) : undefined;
}

/** What a command prints, or undefined if it fails. */
export function run(command: string, args: readonly string[], cwd?: string): string | undefined {
  try {
    const env = { ...process.env, GOFLAGS: "-mod=mod", GO111MODULE: "on" };
    return execFileSync(command, args, {
      encoding: "utf8",
      maxBuffer: 1 << 30,
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch {
    return undefined;
  }
}

/** Exported functions with their addresses, as `nm` has them; undefined without `nm`. */
export function exportsOf(path: string): Map<string, number> | undefined {
  const lines = run("nm", ["-D", "--defined-only", path])?.split("\n");
  if (lines === undefined) return undefined;
  const found = new Map<string, number>();
  for (const line of lines) {
    const [, address, name] = /^([0-9a-f]+) T ([^@\s]+)/.exec(line) ?? [];
    if (address !== undefined && name !== undefined && !found.has(name)) found.set(name, parseInt(address, 16));
  }
  return found;
}
