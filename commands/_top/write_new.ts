/**
 * Files that the user asks for.
 *
 * @module
 */
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

/** Text that is gathered before it is written, in UTF-16 units. */
const BLOCK = 1 << 16;

/**
 * Writes a file that only its owner may read, and that was not there before. Half a file is worse than none: if it cannot
 * be written whole, it is removed.
 *
 * @throws {Error} a sentence.
 */
export async function writeNew(path: string, parts: AsyncIterable<string>, home?: string): Promise<string> {
  const name = home !== undefined && /^~(\/|$)/.test(path) ? join(home, path.slice(1)) : path;
  const file = await open(name, "wx", 0o600).catch((error: unknown) => {
    throw new Error(codeOf(error) === "EEXIST" ? `${name} is there already` : reason(name, error));
  });
  try {
    let text = "";
    for await (const part of parts) {
      text += part;
      if (text.length < BLOCK) continue;
      await file.write(text);
      text = "";
    }
    await file.write(text);
    await file.close();
    return name;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(name, { force: true }).catch(() => {});
    throw new Error(reason(name, error), { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "a part of the path is no folder",
  EACCES: "no right to write there",
  EROFS: "nothing can be written there",
  EISDIR: "that is a folder",
  ENOSPC: "the disk is full",
};

function reason(name: string, error: unknown): string {
  const code = codeOf(error);
  return `${name}: ${(code && REASONS[code]) ?? (error instanceof Error ? error.message : String(error))}`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
