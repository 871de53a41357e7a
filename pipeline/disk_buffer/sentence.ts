/**
 * Why a buffer cannot be opened, for people.
 *
 * @module
 */
import { codeOf } from "./files.ts";

/** An error with a sentence: what was thrown if it is one already, else what the code of `node:fs` stands for. */
export function sentence(dir: string, error: unknown): Error {
  const code = codeOf(error);
  if (code === "unknown") return error instanceof Error ? error : new Error(String(error));
  const why: Readonly<Record<string, string>> = {
    EACCES: "it is not ours to write to",
    EPERM: "it is not ours to write to",
    EROFS: "it is on a file system that is read-only",
    ENOENT: "it cannot be made there",
    ENOTDIR: "a part of its path is no folder",
    EEXIST: "it is no folder",
    ENOSPC: "the disk is full",
  };
  return new Error(
    `The buffer's folder ${dir} cannot be used: ${why[code] ?? code}. Name another one by \`buffer_dir\``,
  );
}
