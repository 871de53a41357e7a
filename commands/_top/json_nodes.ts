/**
 * JSON that unfolds.
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";
import { width } from "../../sinks/console/width.ts";
import { visible } from "../../pipeline/visible.ts";
import type { Node } from "./document.ts";
import { type Piece, piece } from "./line.ts";
import { wrapText } from "./wrap.ts";

/** Members that are shown at once; the others unfold from a line below them. */
const CHUNK = 200;
/** Deeper values are not unfolded. */
const DEEPEST = 100;
/** Longest beginning of a folded value that is shown, in UTF-16 units. */
const PREVIEW = 300;

/** What all values of a document share. */
export interface JsonLook {
  /** Columns of the screen. */
  readonly columns: number;
  /** Objects and lists down to this depth are unfolded at first. */
  readonly open: number;
}

/** The members of a value, or the value itself if it has none. */
export function jsonNodes(key: string, value: Json, look: JsonLook): readonly Node[] {
  return isBranch(value) && size(value) > 0 ? members(key, value, look, 0) : [jsonNode(key, undefined, value, look, 0)];
}

/** One value, with its name. */
export function jsonNode(key: string, name: string | undefined, value: Json, look: JsonLook, depth = 0): Node {
  const label: Piece[] = name === undefined ? [] : [piece("party0", name), ["dim", ": "]];
  const text = () => typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
  if (isBranch(value)) {
    const count = size(value);
    const brackets: [string, string] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
    if (depth >= DEEPEST) return { key, pieces: [...label, ["warn", "nested too deep to be shown"]] };
    if (count === 0) return { key, pieces: [...label, ["dim", brackets.join("")]], text };
    return {
      key,
      pieces: [...label, ["dim", `${brackets[0]}${count}${brackets[1]} `], piece("dim", preview(value))],
      open: depth < look.open,
      children: () => members(key, value, look, depth + 1),
      text,
    };
  }
  if (typeof value !== "string") {
    return { key, pieces: [...label, [typeof value === "number" ? "ask" : "warn", String(value)]], text };
  }
  const room = Math.max(20, look.columns - 2 * depth - 8);
  const used = label.reduce((sum, [, part]) => sum + width(part), 0);
  const isShort = !value.includes("\n") && value.length <= room && used + width(visible(value)) <= room;
  return {
    key,
    pieces: [...label, piece("plain", value.slice(0, PREVIEW))],
    text,
    ...(isShort ? {} : {
      children: () =>
        wrapText(value, room).map((line, i): Node => ({ key: `${key}\n${i}`, pieces: [["plain", line]], text })),
    }),
  };
}

/** Text of JSON, or text that is none. */
export function textNodes(key: string, text: string, look: JsonLook): readonly Node[] {
  const value = parsed(text);
  if (value !== undefined) return jsonNodes(key, value, look);
  return wrapText(text, look.columns - 8).map((line, i) => ({ key: `${key}\n${i}`, pieces: [["plain", line]] }));
}

/** The value, or undefined if it is no JSON. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Branch = Json[] | { readonly [name: string]: Json };

function isBranch(value: Json): value is Branch {
  return typeof value === "object" && value !== null;
}

function size(value: Branch): number {
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function members(key: string, value: Branch, look: JsonLook, depth: number): readonly Node[] {
  const entries: (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((item, i) => [String(i), item])
    : Object.entries(value);
  return chunk(key, entries, look, depth, 0);
}

function chunk(
  key: string,
  entries: readonly (readonly [string, Json])[],
  look: JsonLook,
  depth: number,
  from: number,
): readonly Node[] {
  const nodes = entries.slice(from, from + CHUNK).map(([name, value]) =>
    jsonNode(`${key}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, name, value, look, depth)
  );
  const left = entries.length - from - CHUNK;
  if (left <= 0) return nodes;
  return [...nodes, {
    key: `${key}/…${from}`,
    pieces: [["dim", `… ${left} more`]],
    children: () => chunk(key, entries, look, depth, from + CHUNK),
  }];
}

/** A glimpse of what is inside: names of members, or the first items that are no objects. */
function preview(value: Branch): string {
  const parts: string[] = [];
  let length = 0;
  const entries = Array.isArray(value) ? value : Object.keys(value);
  for (const entry of entries.slice(0, 20)) {
    const text = typeof entry === "string" ? entry.slice(0, 60) : typeof entry === "object" ? "…" : String(entry);
    parts.push(text);
    length += text.length;
    if (length > PREVIEW) break;
  }
  return parts.join(", ");
}
