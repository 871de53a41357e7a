/**
 * The processes seen at the ends of streams: from exec records where they were seen to start, else from /proc.
 *
 * @module
 */
import type { EndRecord, ExecRecord } from "../../bpf/records.ts";
import type { Process } from "../../pipeline/event.ts";
import { processName } from "../../pipeline/process_name.ts";
import { parseCgroup } from "./container.ts";

/** Reads a file of /proc, or undefined when the process is gone. A test gives its own. */
export type ReadProc = (pid: number, file: "cmdline" | "cgroup" | "comm" | "exe" | "stat") => string | undefined;

/** The real /proc. */
export function readProc(pid: number, file: Parameters<ReadProc>[1]): string | undefined {
  try {
    const path = `/proc/${pid}/${file}`;
    return file === "exe" ? Deno.readLinkSync(path) : Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** Bounded table of processes by tgid. */
export class Processes {
  readonly #known = new Map<number, Process>();
  readonly #execs = new Map<number, ExecRecord>();
  readonly #parents = new Map<number, number>();
  readonly #cgroups = new Map<bigint, { cgroup: string | undefined; container: string | undefined }>();
  readonly #read: ReadProc;
  readonly #limit: number;

  constructor(read: ReadProc = readProc, limit = 8192) {
    this.#read = read;
    this.#limit = limit;
  }

  /** A process was made; its parent stays its parent here when it exits. */
  forked(parent: number, child: number): void {
    this.#known.delete(child); // a pid used again
    this.#execs.delete(child);
    bound(this.#parents, this.#limit * 4);
    this.#parents.set(child, parent);
  }

  /** A process became another program. */
  executed(exec: ExecRecord): void {
    this.#known.delete(exec.tgid);
    this.#execs.delete(exec.tgid);
    bound(this.#execs, this.#limit / 4);
    this.#execs.set(exec.tgid, exec);
    if (!this.#parents.has(exec.tgid)) this.#parents.set(exec.tgid, exec.ppid);
  }

  /** The process at an end, with the kernel's own word on its name and cgroup. */
  atEnd(end: EndRecord): Process {
    if (!this.#parents.has(end.tgid)) this.#parents.set(end.tgid, end.ppid);
    return this.get(end.tgid, end.comm, end.cgroup);
  }

  /** The process with this pid as well as it is known now. */
  get(pid: number, comm?: string, cgroupId?: bigint): Process {
    const known = this.#known.get(pid);
    if (known && (comm === undefined || known.comm === comm)) return known;
    const process = this.#make(pid, comm, cgroupId);
    bound(this.#known, this.#limit);
    this.#known.set(pid, process);
    return process;
  }

  /** The pid, its parent, its parent's parent and so on, as far as known; at most 64. */
  *lineage(pid: number): Generator<number> {
    for (let i = 0; i < 64 && pid > 0; i++) {
      yield pid;
      let parent = this.#parents.get(pid);
      if (parent === undefined) {
        // pid (comm) state ppid ...; comm may hold anything, so take what follows the last parenthesis
        const stat = this.#read(pid, "stat");
        parent = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
        this.#parents.set(pid, parent);
      }
      pid = parent;
    }
  }

  #make(pid: number, comm: string | undefined, cgroupId: bigint | undefined): Process {
    const exec = this.#execs.get(pid);
    const cmdline = this.#read(pid, "cmdline");
    const args = cmdline ? cmdline.replace(/\0+$/, "").split("\0") : exec?.args;
    const name = comm ?? this.#read(pid, "comm")?.trimEnd() ?? exec?.comm ?? "?";
    const { cgroup, container } = this.#cgroup(pid, cgroupId ?? exec?.cgroup);
    return {
      pid,
      comm: name,
      name: processName(name, args),
      ppid: this.#parents.get(pid),
      exe: this.#read(pid, "exe") ?? exec?.filename,
      args,
      cgroup,
      container,
    };
  }

  #cgroup(pid: number, id: bigint | undefined): { cgroup: string | undefined; container: string | undefined } {
    const text = this.#read(pid, "cgroup");
    if (text === undefined) {
      return (id !== undefined && this.#cgroups.get(id)) || { cgroup: undefined, container: undefined };
    }
    const parsed = parseCgroup(text);
    // The unified hierarchy's id stands for its path only where processes are really placed in it.
    if (id !== undefined && id > 1n) {
      bound(this.#cgroups, 1024);
      this.#cgroups.set(id, parsed);
    }
    return parsed;
  }
}

/** Makes room for one more by forgetting the oldest. */
function bound<K>(map: Map<K, unknown>, limit: number): void {
  if (map.size < limit) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
