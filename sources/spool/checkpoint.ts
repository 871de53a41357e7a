/**
 * How far files were read, on disk.
 *
 * @module
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { z } from "zod";

const VERSION = 1;
/** A larger file is none of ours. */
const LARGEST = 64 * 1024 * 1024;

const saved = z.object({
  name: z.string().max(255),
  dev: z.int().min(0),
  ino: z.int().min(0),
  /** Just past the last line that was delivered. */
  offset: z.int().min(0),
  /** What it held then. */
  size: z.int().min(0),
  fingerprint: z.object({ bytes: z.int().min(0), hash: z.string().max(64) }),
});
const format = z.object({ version: z.literal(VERSION), files: z.array(saved) });

/** What is remembered of a file. */
export type SavedFile = z.output<typeof saved>;

/** Reads a checkpoint: undefined if there is none. Throws a sentence if it cannot be read or makes no sense. */
export function loadCheckpoint(path: string): SavedFile[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new Error(`Cannot read the checkpoint ${path}: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = text.length > LARGEST ? undefined : format.safeParse(json(text));
  if (parsed?.success) return parsed.data.files;
  throw new Error(`${path} is no checkpoint of a spool. Take another file, or remove it to start anew.`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes checkpoints: a whole file beside the old one, which then takes its place. */
export class Checkpoint {
  readonly #path: string;

  /** Makes the folder if need be. */
  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  }

  /** Writes what all files are at, each as {@linkcode serialize} has it. Throws what the system says. */
  save(files: Iterable<string>): void {
    const next = `${this.#path}.${process.pid}.new`;
    try {
      writeFileSync(next, `{"version":${VERSION},"files":[\n${[...files].join(",\n")}\n]}\n`, { mode: 0o600 });
      chmodSync(next, 0o600);
      renameSync(next, this.#path);
    } catch (error) {
      rmSync(next, { force: true });
      throw error;
    }
  }
}

/** One file's part of a checkpoint. */
export function serialize(file: SavedFile): string {
  return JSON.stringify(file);
}
