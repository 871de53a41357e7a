/**
 * Hashes files, in pieces, so that nothing else waits for it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A piece: about half a millisecond. */
const PIECE = 256 * 1024;
/** Larger files are not hashed. */
const LARGEST = 512 * 1024 * 1024;
/** Nor what takes longer, in milliseconds. */
const PATIENCE = 20_000;
/** Files whose hash is remembered. */
const REMEMBERED = 256;

const known = new Map<string, string>();

/** SHA-256 of a regular file in hex; undefined if it is too large or takes too long. The same file is read once. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > LARGEST) return undefined;
    const id = `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
    const before = known.get(id);
    if (before !== undefined) return before;
    const digest = await read(file, signal);
    if (digest !== undefined) remember(id, digest);
    return digest;
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, signal: AbortSignal): Promise<string | undefined> {
  const hash = createHash("sha256");
  const until = performance.now() + PATIENCE;
  const piece = new Uint8Array(PIECE);
  for (let at = 0;;) {
    const { bytesRead } = await file.read(piece, 0, PIECE, at);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
    if (at > LARGEST || signal.aborted || performance.now() > until) return undefined;
  }
}

function remember(id: string, digest: string): void {
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= REMEMBERED) known.delete(oldest);
  known.set(id, digest);
}
