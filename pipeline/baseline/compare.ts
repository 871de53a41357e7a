/**
 * What came, went and changed between two lists.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Json } from "../event.ts";
import { canonical } from "../../protocols/canonical_json/mod.ts";
import type { BaselineEntry, Entries } from "./types.ts";
import { type FieldChange, fieldChanges } from "./text_diff.ts";

/** An entry with another content. */
export interface Changed {
  readonly name: string;
  readonly before: BaselineEntry;
  readonly after: BaselineEntry;
  /** In what, as far as the entries are kept. */
  readonly fields: readonly FieldChange[];
}

/** An entry that goes by another name. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
  /** True if nothing but the name is different. */
  readonly isExact: boolean;
  readonly fields: readonly FieldChange[];
}

/** The difference of two lists. */
export interface Drift {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly Changed[];
  readonly renamed: readonly Renamed[];
}

/** Pairs of gone and new entries that are compared. */
const PAIRS = 10_000;
/** Words that two descriptions must share, of all that they have together, to be alike. */
const LIKE = 0.7;
/** Shorter descriptions say too little to be alike. */
const TELLING = 20;

/** How two lists differ; undefined if they do not. */
export function compareLists(before: Entries, after: Entries): Drift | undefined {
  const changed: Changed[] = [];
  const gone: [string, BaselineEntry][] = [], come: [string, BaselineEntry][] = [];
  for (const [name, entry] of after) {
    const old = before.get(name);
    if (old === undefined) come.push([name, entry]);
    else if (old.hash !== entry.hash) changed.push({ name, before: old, after: entry, fields: fieldsOf(old, entry) });
  }
  for (const [name, entry] of before) if (!after.has(name)) gone.push([name, entry]);
  if (changed.length + gone.length + come.length === 0) return undefined;
  const renamed = pairs(gone, come);
  const from = new Set(renamed.map((pair) => pair.from)), to = new Set(renamed.map((pair) => pair.to));
  return {
    added: come.map(([name]) => name).filter((name) => !to.has(name)),
    removed: gone.map(([name]) => name).filter((name) => !from.has(name)),
    changed,
    renamed,
  };
}

/** SHA-256 of a list as a set, in hex: of each name with its hash, in order of the names. */
export function setHash(entries: Entries): string {
  const lines = [...entries].map(([name, { hash }]) => JSON.stringify([name, hash])).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function fieldsOf(before: BaselineEntry, after: BaselineEntry): FieldChange[] {
  return fieldChanges(before.value as Json | undefined, after.value as Json | undefined);
}

function pairs(gone: readonly [string, BaselineEntry][], come: readonly [string, BaselineEntry][]): Renamed[] {
  if (gone.length * come.length > PAIRS) return [];
  const found: Renamed[] = [];
  const left = new Map(come);
  for (const isAlike of [isSame, isLike]) {
    for (const [from, before] of gone) {
      if (found.some((pair) => pair.from === from)) continue;
      for (const [to, after] of left) {
        if (!isAlike(before, after)) continue;
        const fields = fieldsOf(before, after).filter(({ path }) => path !== "name");
        found.push({ from, to, isExact: fields.length === 0, fields });
        left.delete(to);
        break;
      }
    }
  }
  return found;
}

/** True if nothing but the name is different. */
function isSame({ value: a }: BaselineEntry, { value: b }: BaselineEntry): boolean {
  if (a === undefined || b === undefined) return false;
  const { name: _one, ...before } = a, { name: _other, ...after } = b;
  return Object.keys(before).length > 0 && canonical(before) === canonical(after);
}

/** True if the descriptions are much the same. */
function isLike({ value: a }: BaselineEntry, { value: b }: BaselineEntry): boolean {
  const one = a?.["description"], other = b?.["description"];
  if (typeof one !== "string" || typeof other !== "string") return false;
  if (one.length < TELLING || other.length < TELLING) return false;
  const words = wordsOf(one), others = wordsOf(other);
  let both = 0;
  for (const word of words) if (others.has(word)) both++;
  return both / (words.size + others.size - both) >= LIKE;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.slice(0, 4000).toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ""));
}
