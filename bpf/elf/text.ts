/**
 * Version numbers that a file tells in plain text.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { ElfImage } from "./image.ts";
import type { Pace } from "./pace.ts";
import { occurrences } from "./scan.ts";

/** Most bytes searched. The constants of the largest programs (Node, Electron) are below it. */
const MAX_SEARCH = 64 << 20;
/** Bytes looked at behind the prefix. */
const TEXT = 64;

/**
 * The first text in a section that starts with `prefix` and matches `pattern`; what its first group has. Undefined if
 * there is none in the first 64 MiB.
 */
export async function findText(
  image: ElfImage,
  section: string,
  prefix: string,
  pattern: RegExp,
  pace: Pace,
): Promise<string | undefined> {
  let text: string | undefined;
  await everyText(image, section, prefix, pattern, pace, (match) => {
    text = match;
    return true;
  });
  return text;
}

/** The highest version among all such texts, by its numbers. */
export async function highestText(
  image: ElfImage,
  section: string,
  prefix: string,
  pattern: RegExp,
  pace: Pace,
): Promise<string | undefined> {
  let highest: string | undefined;
  await everyText(image, section, prefix, pattern, pace, (match) => {
    if (highest === undefined || compareVersions(match, highest) > 0) highest = match;
  });
  return highest;
}

/**
 * Below, at or above 0 as the first version is older, equal or newer: `3.0.9` is older than `3.0.10`, `1.1.1` than
 * `1.1.1a`.
 */
export function compareVersions(a: string, b: string): number {
  const left = a.split(/[._]/), right = b.split(/[._]/);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const one = left[i] ?? "0", other = right[i] ?? "0";
    const difference = parseInt(one) - parseInt(other);
    if (difference !== 0) return difference;
    if (one !== other) return one < other ? -1 : 1; // letters
  }
  return 0;
}

async function everyText(
  image: ElfImage,
  name: string,
  prefix: string,
  pattern: RegExp,
  pace: Pace,
  found: (match: string) => boolean | void,
): Promise<void> {
  const section = image.section(name);
  if (section === undefined) return;
  const range = { offset: section.offset, size: Math.min(section.size, MAX_SEARCH) };
  await occurrences(image.file, range, [Buffer.from(prefix, "latin1")], pace, ({ chunk, at }) => {
    const match = pattern.exec(chunk.toString("latin1", at, at + TEXT))?.[1];
    return match !== undefined && found(match);
  }, TEXT);
}
