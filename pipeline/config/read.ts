/**
 * Reading small text files, with a sentence for whatever may be wrong with one.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import type { Position } from "./problem.ts";

/** Why a text could not be read. The message does not name the file. */
export class ReadError extends Error {
  override readonly name = "ReadError";
  /** Where in the file, if somewhere in it. */
  readonly at: Position | undefined;

  /** The reason, and the place. */
  constructor(message: string, at?: Position) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads a file of UTF-8 text. A pipe will do, so that a shell's `<(…)` works.
 *
 * @throws {ReadError} if it is missing, unreadable, not a file, longer than `limit` bytes, or not UTF-8.
 */
export async function readText(path: string, limit: number): Promise<string> {
  const bytes = await readBytes(path, limit);
  const text = bytes.toString("utf8");
  const bad = firstDifference(bytes, Buffer.from(text, "utf8"));
  if (bad === undefined) return text;
  const before = bytes.toString("utf8", 0, bad);
  const line = before.split("\n").length;
  throw new ReadError("the file is not valid UTF-8", { line, column: before.length - before.lastIndexOf("\n") });
}

async function readBytes(path: string, limit: number): Promise<Buffer> {
  try {
    await using file = await open(path, "r");
    const stat = await file.stat();
    if (stat.isDirectory()) throw new ReadError("this is a directory, not a file");
    if (!stat.isFile() && !stat.isFIFO()) throw new ReadError("this is neither a file nor a pipe");
    const chunks: Buffer[] = [];
    for (let length = 0;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65536), 0, 65536);
      if (bytesRead === 0) return Buffer.concat(chunks);
      chunks.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
      if (length > limit) throw new ReadError(`the file is larger than ${limit / 1024} KiB`);
    }
  } catch (error) {
    if (error instanceof ReadError) throw error;
    throw new ReadError(REASONS[codeOf(error)] ?? `the file cannot be read: ${String(error)}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file: a part of the path is not a directory",
  EACCES: "permission to read the file is denied",
  EPERM: "permission to read the file is denied",
  EISDIR: "this is a directory, not a file",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the file name is too long",
  ENXIO: "this is neither a file nor a pipe",
};

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function firstDifference(a: Buffer, b: Buffer): number | undefined {
  if (a.equals(b)) return undefined;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}
