/**
 * Which package a file belongs to.
 *
 * @module
 */
import { dirname, join, relative } from "node:path";
import { files } from "../write/files.ts";

/** A package, by the `package.json` above a file. */
export interface Package {
  readonly dir: string;
  readonly name: string;
  readonly version: string | undefined;
}

/** Folders that are remembered. */
const MOST = 4096;

/** Finds packages, each once. */
export class Packages {
  readonly #known = new Map<string, Package | undefined>();

  /** The package of a file; undefined if it belongs to none that has a name. */
  of(file: string): Package | undefined {
    return this.#at(dirname(file), 0);
  }

  #at(dir: string, depth: number): Package | undefined {
    const known = this.#known.get(dir);
    if (known !== undefined || this.#known.has(dir)) return known;
    const parent = dirname(dir);
    const found = read(dir) ??
      (parent === dir || depth > 64 ? undefined : this.#at(parent, depth + 1));
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(dir, found);
    return found;
  }
}

/** What a file is called within its package: `zod/v4/core/index.js`. */
export function fullName(file: string, owner: Package | undefined): string {
  return owner === undefined ? file : join(owner.name, relative(owner.dir, file));
}

function read(dir: string): Package | undefined {
  const path = join(dir, "package.json");
  if (!files.existsSync(path)) return undefined;
  try {
    const { name, version } = JSON.parse(files.readFileSync(path, "utf8")) as {
      name?: unknown;
      version?: unknown;
    };
    return typeof name === "string"
      ? {
        dir,
        name,
        version: typeof version === "string" ? version : undefined,
      }
      : undefined;
  } catch {
    return undefined;
  }
}
