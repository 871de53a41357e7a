/**
 * Which streams the user wants: `only` and `except` by pid, comm and container at either end.
 *
 * @module
 */
import type { Process } from "../../pipeline/event.ts";

/** One of the two lists. A name may hold `*`; it is compared with the task name, the shown name and the program's file. */
export interface Selection {
  readonly pid: readonly number[];
  readonly comm: readonly string[];
  readonly container: readonly string[];
}

/** Decides for the processes at a stream's ends; undefined where an end is not known. */
export type Wanted = (writer: Process | undefined, reader: Process | undefined) => boolean;

function glob(pattern: string): RegExp {
  return new RegExp("^" + pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*") + "$");
}

function matcher(
  selection: Selection,
  lineage: ((pid: number) => Iterable<number>) | undefined,
): (p: Process) => boolean {
  const pids = new Set(selection.pid);
  const names = selection.comm.map(glob);
  return (process) => {
    if (pids.size > 0) {
      for (const pid of lineage ? lineage(process.pid) : [process.pid]) if (pids.has(pid)) return true;
    }
    const program = process.exe?.slice(process.exe.lastIndexOf("/") + 1); // Node's main thread is called MainThread
    if (names.some((name) => [process.comm, process.name, program].some((it) => it !== undefined && name.test(it)))) {
      return true;
    }
    const { container } = process;
    // A container id may be given in any length; the one known here is its first twelve digits.
    return container !== undefined &&
      selection.container.some((id) => id.startsWith(container) || container.startsWith(id));
  };
}

/** Builds the decision; undefined if everything is wanted. `lineage` is given when children follow their parents. */
export function wanted(
  only: Selection | undefined,
  except: Selection | undefined,
  lineage: ((pid: number) => Iterable<number>) | undefined,
): Wanted | undefined {
  if (!only && !except) return undefined;
  const include = only && matcher(only, lineage), exclude = except && matcher(except, lineage);
  return (writer, reader) => {
    const ends = [writer, reader].filter((end) => end !== undefined);
    if (exclude && ends.some(exclude)) return false;
    return !include || ends.some(include);
  };
}
