/**
 * The texts in a JSON value, with where they stand.
 *
 * @module
 */
import type { Json } from "../../../pipeline/event.ts";

/** One text. */
export interface Text {
  /** Where it is: `content[0].text`. */
  readonly path: string;
  /** What it says. */
  readonly text: string;
  /** The name of a member rather than a value. */
  readonly isName: boolean;
}

/** Bounds and what to leave out. */
export interface TextsOptions {
  /** Texts of one value. */
  readonly most?: number;
  /** Characters of all of them together. */
  readonly mostChars?: number;
  /** Whether members of objects that `names` holds for are texts by their names. */
  readonly names?: (path: string) => boolean;
  /** Shortest text that is taken. */
  readonly shortest?: number;
}

const MOST_LEVELS = 48;
/** Members whose text is no prose: identifiers, and data in base64. */
const SKIPPED = new Set(["mimeType", "type", "role", "blob", "jsonrpc", "nextCursor", "$schema"]);

/** The texts of a value in their order. */
export function textsIn(value: Json | undefined, options: TextsOptions = {}): Text[] {
  const { most = 1000, mostChars = 262_144, names, shortest = 1 } = options;
  const found: Text[] = [];
  let chars = 0;
  const take = (text: string, path: string, isName: boolean) => {
    if (text.length < shortest || found.length >= most || chars >= mostChars) return;
    found.push({ path, text, isName });
    chars += text.length;
  };
  const walk = (value: Json, path: string, level: number) => {
    if (found.length >= most || chars >= mostChars || level > MOST_LEVELS) return;
    if (typeof value === "string") take(value, path, false);
    else if (Array.isArray(value)) {
      for (let k = 0; k < value.length; k++) walk(value[k] ?? null, `${path}[${k}]`, level + 1);
    } else if (value !== null && typeof value === "object") {
      const isMedia = value.type === "image" || value.type === "audio";
      const named = names?.(path) === true;
      for (const name of Object.keys(value)) {
        if (SKIPPED.has(name) || isMedia && name === "data") continue;
        const inner = path === "" ? name : `${path}.${name}`;
        if (named) take(name, inner, true);
        walk(value[name] ?? null, inner, level + 1);
      }
    }
  };
  if (value !== undefined) walk(value, "", 0);
  return found;
}
