/**
 * Who listens on a port of this machine.
 *
 * @module
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** State "listening" in `/proc/net/tcp` (Linux, include/net/tcp_states.h). */
const LISTENING = "0A";

/** `name[pid]`, if it can be told: of other users' processes only root may know. */
export function portHolder(port: number): string | undefined {
  try {
    const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeners(table, port)));
    if (inodes.size === 0) return undefined;
    for (const pid of readdirSync("/proc")) {
      if (/^\d+$/.test(pid) && holds(pid, inodes)) {
        return `${readFileSync(`/proc/${pid}/comm`, "utf8").trim()}[${pid}]`;
      }
    }
  } catch {
    // another system, or the process has gone
  }
  return undefined;
}

function listeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync(table, "utf8").split("\n").slice(1).flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTENING && local?.endsWith(suffix) && inode !== undefined ? [`socket:[${inode}]`] : [];
  });
}

function holds(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.has(link(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false;
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
