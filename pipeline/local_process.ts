/**
 * Processes of this machine, as /proc shows them.
 *
 * @module
 */
import { readFileSync, readlinkSync } from "node:fs";
import type { Process } from "./event.ts";
import { processName } from "./process_name.ts";

/** Clock ticks a second that times in /proc have on Linux (USER_HZ, proc(5)). */
const USER_HZ = 100;
/** A process that began later than an event, beyond what clocks differ by, is another one. In milliseconds. */
const SLACK_MS = 1000;

let booted: number | undefined;

/** The process that has this pid and had it at `since`, in milliseconds since the epoch; undefined if there is none. */
export function lookUpProcess(pid: number, since: number): Process | undefined {
  const stat = read(pid, "stat");
  if (stat === undefined) return undefined;
  // pid (comm) state ppid ... starttime: comm may hold anything, so what follows the last parenthesis
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const began = bootTime() + Number(fields[19]) * (1000 / USER_HZ);
  if (began > since + SLACK_MS) return undefined;
  const comm = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  const line = read(pid, "cmdline")?.replace(/\0+$/, "");
  const args = line === undefined || line === "" ? undefined : line.split("\0");
  return { pid, comm, name: processName(comm, args), ppid: Number(fields[1]), exe: link(pid), args };
}

function read(pid: number | "self", file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined; // it is gone
  }
}

function link(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined; // gone, or somebody else's
  }
}

/** Milliseconds since the epoch. */
function bootTime(): number {
  if (booted === undefined) {
    let stat = "";
    try {
      stat = readFileSync("/proc/stat", "utf8");
    } catch { // not Linux
    }
    booted = Number(/^btime (\d+)$/m.exec(stat)?.[1] ?? 0) * 1000;
  }
  return booted;
}
