/**
 * Files as another process sees them: from its own root and working folder.
 *
 * @module
 */
import { constants } from "node:fs";
import { open, readdir, readFile, readlink } from "node:fs/promises";
import { posix } from "node:path";
import type { Process } from "../../../../pipeline/event.ts";
import { withoutEnv } from "../../../../pipeline/program.ts";

/** Links followed in one path: Linux allows 40 (`MAXSYMLINKS`, include/linux/namei.h). */
const LINKS = 40;
/** Longest path (`PATH_MAX`, include/uapi/linux/limits.h). */
const PATH = 4096;
/** Entries of a folder that are looked at. */
const ENTRIES = 20_000;

/** The files of one process. Paths are absolute and in its own view, unless said otherwise. */
export class ProcessFiles {
  /** The executable, as a path of ours. */
  readonly executable: string;
  readonly #pid: number;
  readonly #root: string;
  readonly #folder: string;
  /** The interpreter's path as the command line has it, and as it is; both may lie in folders of packages. */
  readonly programs: readonly string[];

  private constructor(pid: number, root: string, folder: string, programs: readonly string[]) {
    this.#pid = pid;
    this.#root = root;
    this.#folder = folder;
    this.programs = programs;
    this.executable = `/proc/${pid}/exe`;
  }

  /** Those of a process; undefined if another one has its number by now. */
  static async of(process: Process): Promise<ProcessFiles | undefined> {
    const { pid, args = [] } = process;
    const [cmdline, folder, exe, own, theirs] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8"),
      readlink(`/proc/${pid}/cwd`),
      readlink(`/proc/${pid}/exe`),
      readlink("/proc/self/ns/mnt"),
      readlink(`/proc/${pid}/ns/mnt`),
    ]);
    if (!isSame(cmdline, args)) return undefined;
    const [program = ""] = withoutEnv(args);
    const named = program.startsWith("/") ? [program] : [];
    return new ProcessFiles(pid, own === theirs ? "" : `/proc/${pid}/root`, folder, [...named, exe]);
  }

  /** True if the process is still the one that it was. */
  async isStill({ args = [] }: Process): Promise<boolean> {
    return isSame(await readFile(`/proc/${this.#pid}/cmdline`, "utf8"), args);
  }

  /** One of its paths as a path of ours. */
  host(path: string): string {
    return `${this.#root}${path}`;
  }

  /**
   * A path, maybe relative to its working folder, without links: those of another root must not be followed by us, as
   * they would lead out of it. Undefined if there is nothing.
   */
  async resolve(path: string): Promise<string | undefined> {
    let left = posix.join("/", posix.isAbsolute(path) ? path : posix.join(this.#folder, path)).split("/").filter(
      Boolean,
    );
    let done = "";
    for (let links = 0; left.length > 0;) {
      const [part = "", ...rest] = left;
      const at = `${done}/${part}`;
      const link = part === ".." ? undefined : await this.#link(at);
      if (link === null || at.length > PATH) return undefined;
      if (link === undefined) {
        done = part === ".." ? posix.dirname(done).replace(/^\/$/, "") : at;
        left = rest;
      } else {
        if (++links > LINKS) return undefined;
        if (link.startsWith("/")) done = "";
        left = [...link.split("/").filter((name) => name !== "" && name !== "."), ...rest];
      }
    }
    return done || "/";
  }

  /** A small file's text; undefined if there is none, or it is longer than so many bytes. */
  async text(path: string, longest: number): Promise<string | undefined> {
    const resolved = await this.resolve(path);
    if (resolved === undefined) return undefined;
    try {
      const file = await open(this.host(resolved), constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const stat = await file.stat();
        if (!stat.isFile() || stat.size > longest) return undefined;
        const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(longest) });
        return new TextDecoder().decode(buffer.subarray(0, bytesRead));
      } finally {
        await file.close();
      }
    } catch {
      return undefined; // not for us to read
    }
  }

  /** The names in a folder, at most 20,000; none if there is no such folder. */
  async names(path: string): Promise<readonly string[]> {
    const resolved = await this.resolve(path);
    if (resolved === undefined) return [];
    try {
      return (await readdir(this.host(resolved))).slice(0, ENTRIES);
    } catch {
      return [];
    }
  }

  /** Where a link leads; undefined if it is no link, null if there is nothing. */
  async #link(path: string): Promise<string | null | undefined> {
    try {
      return await readlink(this.host(path));
    } catch (error) {
      return error instanceof Error && "code" in error && error.code === "EINVAL" ? undefined : null;
    }
  }
}

/** What the source told of a command line may be cut, or be that of the `env` that became the program. */
function isSame(cmdline: string, args: readonly string[]): boolean {
  if (args.length === 0) return false;
  return cmdline.startsWith(args.join("\0")) || cmdline.startsWith(withoutEnv(args).join("\0"));
}
