/**
 * What files were before we changed them: `~/.mcpsonde/wrapped`.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What is known of a file that was changed. */
export interface Kept {
  readonly path: string;
  /** SHA-256 of the file after the change, in hex. */
  readonly after: string;
  /** The file before it. */
  readonly original: Uint8Array;
  /** Places of lists of arguments that are new. */
  readonly added: readonly string[];
}

/** SHA-256 in hex. */
export function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Backups, a pair of files for each changed one. */
export class Store {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, ".mcpsonde", "wrapped");
  }

  /** What is known of a file; undefined if nothing is. */
  async get(path: string): Promise<Kept | undefined> {
    const { record, original } = this.#names(path);
    try {
      const { after, added } = JSON.parse(await readFile(record, "utf8"));
      return {
        path,
        after: String(after),
        added: Array.isArray(added) ? added.map(String) : [],
        original: await readFile(original),
      };
    } catch {
      return undefined;
    }
  }

  /** Keeps a file's bytes. What was kept before of a file that is still changed stays the original. */
  async keep({ path, after, original, added }: Kept): Promise<void> {
    const names = this.#names(path);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(names.original, original, { mode: 0o600 });
    await writeFile(names.record, JSON.stringify({ path, after, added }), { mode: 0o600 });
  }

  async forget(path: string): Promise<void> {
    const { record, original } = this.#names(path);
    await rm(record, { force: true });
    await rm(original, { force: true });
  }

  /** The files that were changed. */
  async paths(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const paths: string[] = [];
    for (const name of names.filter((name) => name.endsWith(".json")).sort()) {
      try {
        paths.push(String(JSON.parse(await readFile(join(this.#folder, name), "utf8")).path));
      } catch {
        continue;
      }
    }
    return paths;
  }

  #names(path: string): { readonly record: string; readonly original: string } {
    const name = join(this.#folder, hashOf(path).slice(0, 32));
    return { record: `${name}.json`, original: `${name}.original` };
  }
}

/**
 * Puts new bytes in the place of a file, whole or not at all. The mode stays, and the owner where that may be.
 *
 * @throws {Error} if the file is not as it was when it was read.
 */
export async function replace(path: string, before: Uint8Array, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.mcpsonde-${crypto.randomUUID().slice(0, 8)}`;
  const { mode, uid, gid } = await stat(path);
  try {
    await writeFile(beside, bytes, { mode: 0o600, flag: "wx" });
    await chown(beside, uid, gid).catch(() => {});
    await chmod(beside, mode & 0o7777);
    if (Buffer.compare(await readFile(path), before) !== 0) throw new Error("it was changed meanwhile; try again");
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
