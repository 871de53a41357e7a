/**
 * Which npm package a script belongs to.
 *
 * @module
 */
import { posix } from "node:path";
import type { ProcessFiles } from "./process_files.ts";

/** Folders above the script that are looked into. */
const LEVELS = 12;
/** Larger files are not read. */
const LARGEST = 256 * 1024;

/** `npm:name@version` by the nearest `package.json` above the script that has a name; undefined if there is none. */
export async function npmPackage(files: ProcessFiles, script: string): Promise<string | undefined> {
  let folder = posix.dirname(script);
  for (let level = 0; level < LEVELS; level++) {
    const found = nameOf(await files.text(posix.join(folder, "package.json"), LARGEST));
    if (found !== undefined) return found;
    const above = posix.dirname(folder);
    if (above === folder || posix.basename(folder) === "node_modules") return undefined;
    folder = above;
  }
  return undefined;
}

function nameOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("name" in value) || typeof value.name !== "string") {
      return undefined;
    }
    const version = "version" in value && typeof value.version === "string" ? `@${value.version.slice(0, 64)}` : "";
    return value.name === "" ? undefined : `npm:${value.name.slice(0, 214)}${version}`;
  } catch {
    return undefined; // a package.json that is none
  }
}
