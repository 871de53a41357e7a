/**
 * Sets full files aside.
 *
 * @module
 */
import { createReadStream, createWriteStream, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** What becomes of files set aside. */
export interface RotateOptions {
  /** Compress them. */
  readonly gzip: boolean;
  /** How many are kept. */
  readonly keep: number;
}

/** Name of a file set aside: when, and a number where two fall into one millisecond. */
const ASIDE = /^\.\d{8}T\d{9}Z(?:-\d+)?(?:\.gz)?$/;

/** Renames the file to `path.20261121T120549677Z`; returns that name. */
export function setAside(path: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:.]/g, "");
  let aside = `${path}.${stamp}`;
  for (let k = 1; existsSync(aside) || existsSync(`${aside}.gz`); k++) aside = `${path}.${stamp}-${k}`;
  renameSync(path, aside);
  return aside;
}

/**
 * Compresses a file set aside (`.gz` is added to its name) and removes the oldest beyond `keep`. One at a time, please.
 * Rejects if it cannot be done; the file then stays as it is.
 */
export async function tidy(path: string, aside: string, { gzip, keep }: RotateOptions): Promise<void> {
  if (gzip && existsSync(aside)) await compress(aside);
  const folder = dirname(path), name = basename(path);
  const old = readdirSync(folder).filter((entry) => entry.startsWith(name) && ASIDE.test(entry.slice(name.length)));
  old.sort();
  for (const entry of old.slice(0, Math.max(0, old.length - keep))) rmSync(join(folder, entry), { force: true });
}

async function compress(file: string): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(createReadStream(file), createGzip(), createWriteStream(part, { mode: 0o600 }));
    renameSync(part, `${file}.gz`);
    rmSync(file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
