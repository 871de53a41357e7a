/**
 * A baseline on disk. It holds what servers say in clear, so it is readable by its owner only.
 *
 * @module
 */
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { formatBaseline, parseBaseline } from "./format.ts";
import type { BaselineServer } from "./types.ts";

/** Larger files are not read. */
const LARGEST = 256 * 1024 * 1024;

/** Where a baseline is unless told otherwise: XDG Base Directory Specification, `XDG_STATE_HOME`. */
export function defaultBaseline(env: Readonly<Record<string, string | undefined>>): string {
  const state = env["XDG_STATE_HOME"];
  const home = env["HOME"] ?? env["USERPROFILE"] ?? ".";
  return join(state?.startsWith("/") ? state : join(home, ".local/state"), "mcpsonde/baseline.json");
}

/**
 * The servers of a file; undefined if there is none.
 *
 * @throws {Error} if it cannot be read, or is no baseline.
 */
export function loadBaseline(path: string): Map<string, BaselineServer> | undefined {
  let fd: number;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new TypeError("it is no file");
    if (stat.size > LARGEST) throw new RangeError(`it has ${stat.size} bytes`);
    return parseBaseline(fs.readFileSync(fd, "utf8"));
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Writes a file as a whole: who reads it meanwhile has the old or the new one.
 *
 * @throws {Error} if it cannot be written; the old file is as it was then.
 */
export function saveBaseline(path: string, servers: ReadonlyMap<string, BaselineServer>): void {
  fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${unique()}.tmp`;
  const fd = fs.openSync(temporary, fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_TRUNC, 0o600);
  try {
    fs.writeFileSync(fd, formatBaseline(servers));
    fs.fsyncSync(fd);
  } catch (error) {
    fs.closeSync(fd);
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  fs.closeSync(fd);
  fs.renameSync(temporary, path);
}

/** Tells this writer from others. */
function unique(): string {
  return Math.random().toString(36).slice(2, 10);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
