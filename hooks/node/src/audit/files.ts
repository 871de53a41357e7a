/**
 * Files that are written, changed or deleted, and sensitive ones that are read.
 *
 * @module
 */
import fs from "node:fs";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { fault } from "../guard.ts";
import { type AnyFunction, patch } from "../patch.ts";
import type { Aggregate } from "./aggregate.ts";

/** What arguments of a function say; undefined: nothing to tell of. */
type Reader = (args: readonly unknown[]) => readonly string[] | undefined;

/** Functions on paths, by their names without `Sync`: how many paths they take, and the event's name. */
const ON_PATHS: readonly (readonly [name: string, paths: number])[] = [
  ["unlink", 1],
  ["rename", 2],
  ["rm", 1],
  ["rmdir", 1],
  ["chmod", 1],
  ["chown", 1],
  ["link", 2],
  ["symlink", 2],
  ["truncate", 1],
  ["copyFile", 2],
  ["cp", 2],
];
/** Functions that write a file, and those that read one. */
const WRITERS = ["writeFile", "appendFile"], READERS = ["readFile"];
const WRITES = fs.constants.O_WRONLY | fs.constants.O_RDWR |
  fs.constants.O_APPEND | fs.constants.O_CREAT |
  fs.constants.O_TRUNC;

/** Patches `node:fs` and `node:fs/promises`. */
export function watchFiles(aggregate: Aggregate, isSensitive: (path: string) => boolean): void {
  let depth = 0; // within one function, Node calls others of these
  const watch = (name: string, event: string, read: Reader) => {
    if (!aggregate.wants(event)) return;
    const make = (original: AnyFunction): AnyFunction =>
      function (this: unknown, ...args: unknown[]) {
        if (depth > 0) return Reflect.apply(original, this, args);
        try {
          const shown = read(args);
          if (shown !== undefined) aggregate.told(event, shown);
        } catch (error) {
          fault("audit.files", error);
        }
        depth++;
        try {
          return Reflect.apply(original, this, args);
        } finally {
          depth--;
        }
      };
    patch(fs, name, make);
    patch(fs, `${name}Sync`, make);
    patch(fs.promises, name, make);
  };

  for (const [name, paths] of ON_PATHS) {
    watch(name, `fs.${name}`, (args) => args.slice(0, paths).map((path) => pathOf(path) ?? "?"));
  }
  const opened = (path: unknown, isWrite: boolean): readonly string[] | undefined => {
    const shown = pathOf(path);
    if (shown === undefined) return undefined;
    if (isWrite) return shown === "/dev/null" ? undefined : [shown, "write"];
    return isSensitive(shown) ? [shown, "read"] : undefined;
  };
  for (const name of WRITERS) {
    watch(name, "open", ([path]) => opened(path, true));
  }
  for (const name of READERS) {
    watch(name, "open", ([path]) => opened(path, false));
  }
  watch("open", "open", ([path, flags]) => opened(path, isForWriting(flags)));
}

function isForWriting(flags: unknown): boolean {
  if (typeof flags === "number") return (flags & WRITES) !== 0;
  return typeof flags === "string" && /[wa+]/.test(flags);
}

/** The path; undefined for what is no path, as a descriptor. */
function pathOf(path: unknown): string | undefined {
  if (typeof path === "string") return path;
  if (path instanceof URL) {
    return path.protocol === "file:" ? fileURLToPath(path) : undefined;
  }
  return Buffer.isBuffer(path) ? path.toString("utf8") : undefined;
}
