/**
 * The file `lock`: keeps a second process out of a buffer.
 *
 * It names the process that has the buffer. What a dead one has left is taken over: one whose pid is not in use or belongs to
 * a process that began at another time, or one from before the machine started. A process of another container cannot be
 * looked up; its lock counts as left once it has not been touched for a minute.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, readlinkSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import process from "node:process";
import { codeOf, remove } from "./files.ts";

/** After so many milliseconds without a touch the lock of another container counts as left. */
const LEFT_MS = 60_000;
/** How often to try against others that do the same. */
const ATTEMPTS = 5;

/** Who has a lock. */
interface Holder {
  readonly pid: number;
  /** When the process began, in clock ticks since the machine started (proc(5), field 22 of stat); "" where not known. */
  readonly started: string;
  /** The machine's start: `/proc/sys/kernel/random/boot_id`; "" where there is none. */
  readonly boot: string;
  /** The pid namespace: what `/proc/self/ns/pid` points to; "" where there is none. */
  readonly pids: string;
}

/** A lock that is held. */
export class Lock {
  readonly #path: string;
  readonly #content: string;

  private constructor(path: string, content: string) {
    this.#path = path;
    this.#content = content;
  }

  /** Takes the lock. Throws an Error with a sentence if another has it, or an error of `node:fs`. */
  static take(path: string): Lock {
    const content = JSON.stringify(self());
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const own = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
      writeFileSync(own, content, { mode: 0o600, flag: "wx" });
      try {
        linkSync(own, path); // with its content at once, or not at all
        return new Lock(path, content);
      } catch (error) {
        if (codeOf(error) !== "EEXIST") throw error;
      } finally {
        remove(own);
      }
      const found = read(path);
      if (found === undefined) continue;
      const holder = parse(found);
      if (holder !== undefined && lives(holder, path)) {
        const who = holder.pid === process.pid ? "Another sink of this pipeline" : `Process ${holder.pid}`;
        throw new Error(`${who} has this buffer already. End it, or give this sink another \`buffer_dir\``);
      }
      setAside(path, found);
    }
    throw new Error("Others take and leave this buffer all the time. Give this sink another `buffer_dir`");
  }

  /** Says that we live. */
  touch(): void {
    try {
      utimesSync(this.#path, new Date(), new Date());
    } catch {
      // then the folder is gone, which is found out elsewhere
    }
  }

  /** Gives it back. */
  release(): void {
    if (read(this.#path) === this.#content) remove(this.#path);
  }
}

/** Moves a left lock away; puts it back if somebody else has taken it over in between. */
function setAside(path: string, left: string): void {
  const aside = `${path}.${process.pid}.left`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, "utf8") !== left) linkSync(aside, path);
  } catch {
    // somebody was faster
  }
  remove(aside);
}

function self(): Holder {
  return { pid: process.pid, started: startedAt("self"), boot: boot(), pids: namespace() };
}

function lives({ pid, started, boot: theirs, pids }: Holder, path: string): boolean {
  if (theirs !== boot()) return false;
  if (pids !== namespace()) {
    const touched = statSync(path, { throwIfNoEntry: false });
    return touched !== undefined && Date.now() - touched.mtimeMs < LEFT_MS;
  }
  if (started !== "") return startedAt(String(pid)) === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function parse(content: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== "object" || value === null || !("pid" in value)) return undefined;
    const { pid, started, boot, pids } = value as Record<string, unknown>;
    if (!Number.isInteger(pid)) return undefined;
    return { pid: Number(pid), started: String(started ?? ""), boot: String(boot ?? ""), pids: String(pids ?? "") };
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function startedAt(pid: string): string {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function boot(): string {
  return read("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
}

function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
