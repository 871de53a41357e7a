/**
 * Where an export goes: a file that its owner may read, or standard output.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import process from "node:process";
import type { Output } from "../_context.ts";
import { Failure } from "../_exit.ts";

/** Characters that are written at once. */
const LOT = 256 * 1024;

/** Takes text. */
export interface Out {
  write(text: string): void;
  /** All was written: the file is put in its place. */
  done(): void;
  /** It was not: nothing is left of it. */
  failed(): void;
}

/** Opens a file, or takes standard output for `-` and nothing. A file that is there is replaced once all is written. */
export function openOut(path: string | undefined, stdout: Output): Out {
  if (path === undefined || path === "-") return { write: (text) => stdout.write(text), done() {}, failed() {} };
  const isPlain = statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  const target = isPlain ? `${path}.partial-${process.pid}` : path; // a pipe or device is written as it is
  const fd = attempt(path, () => openSync(target, "w", 0o600));
  let waiting: string[] = [], length = 0;
  const flush = () => {
    const bytes = Buffer.from(waiting.join(""));
    waiting = [];
    length = 0;
    attempt(path, () => {
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    });
  };
  return {
    write(text) {
      waiting.push(text);
      if ((length += text.length) >= LOT) flush();
    },
    done() {
      flush();
      closeSync(fd);
      if (isPlain) attempt(path, () => renameSync(target, path));
    },
    failed() {
      closeSync(fd);
      if (isPlain) rmSync(target, { force: true });
    },
  };
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Failure(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
