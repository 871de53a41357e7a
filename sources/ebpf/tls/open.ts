/**
 * Opening files as another process has them mapped: in its own mount namespace, and also when they were deleted or
 * replaced on disk since.
 *
 * @module
 */
import { OpenFile } from "../../../bpf/elf/file.ts";
import type { MappedFile } from "./maps.ts";

/** What tells one content of a file from another. */
export interface Identity {
  readonly key: string;
  /** A path that leads to the file, as long as the process has it mapped. */
  readonly via: string;
}

/** Paths that may lead to a mapped file, best first. The first needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE. */
function ways(pid: number, file: MappedFile, main: boolean): string[] {
  const paths = [`/proc/${pid}/map_files/${file.range}`];
  if (main) paths.push(`/proc/${pid}/exe`);
  if (!file.deleted) paths.push(`/proc/${pid}/root${file.path}`);
  return paths;
}

/** Finds a mapped file; undefined when it cannot be reached: the process is gone, or the rights are missing. */
export function identify(pid: number, file: MappedFile, main: boolean): Identity | undefined {
  for (const via of ways(pid, file, main)) {
    try {
      const stat = Deno.statSync(via);
      if (!stat.isFile) continue;
      return { via, key: `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtime?.getTime()}` };
    } catch { /* the next way */ }
  }
  return undefined;
}

/** The path that the kernel takes for an open file of this process, whatever became of its name. */
export function attachPath(file: OpenFile): string {
  return `/proc/self/fd/${file.fd}`;
}

/** The files that a process has mapped to execute; undefined when it is gone or has none, as kernel threads. */
export function readMaps(pid: number): string | undefined {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/maps`) || undefined;
  } catch {
    return undefined;
  }
}

/** Path of a process's program, ` (deleted)` taken off. */
export function readExe(pid: number): string | undefined {
  try {
    return Deno.readLinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
  } catch {
    return undefined;
  }
}
