/**
 * The directories that a client has told a server to keep to.
 *
 * @module
 */
import type { Json } from "../../../pipeline/event.ts";

/** Roots that are remembered of one client. */
const MOST_ROOTS = 100;

/** Paths of the `file:` roots in a result of `roots/list`, without a slash at their end. */
export function rootsOf(result: Json | undefined): string[] {
  if (result === null || typeof result !== "object" || Array.isArray(result) || !Array.isArray(result.roots)) return [];
  const paths: string[] = [];
  for (const root of result.roots.slice(0, MOST_ROOTS)) {
    if (root === null || typeof root !== "object" || Array.isArray(root) || typeof root.uri !== "string") continue;
    const path = pathOf(root.uri);
    if (path !== undefined) paths.push(path);
  }
  return paths;
}

/** Whether a text is an absolute path, or a `file:` URI, that is in none of the roots. */
export function isOutside(text: string, roots: readonly string[]): boolean {
  if (text.length > 4096 || /[\n<>]/.test(text) || !/^(?:\/[\w.~-]|[A-Za-z]:[\\/]|file:\/)/.test(text)) return false;
  const path = pathOf(text);
  if (path === undefined || path === "") return false;
  // A path that begins with a slash may be a route of a web site: only those of two parts or more are judged.
  if (!/^file:|^[A-Za-z]:/.test(text) && !/^\/[^/]+\/[^/]/.test(path)) return false;
  return !roots.some((root) => path === root || path.startsWith(`${root}/`));
}

function pathOf(text: string): string | undefined {
  let path = text;
  if (/^file:/i.test(path)) path = path.replace(/^file:(?:\/\/[^/]*)?/i, "");
  else if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return undefined;
  try {
    path = decodeURIComponent(path);
  } catch { // stays as it is written
  }
  path = path.replace(/\\/g, "/").replace(/^\/(?=[A-Za-z]:)/, "");
  if (/^[A-Za-z]:/.test(path)) path = path.toLowerCase();
  return path.replace(/\/+$/, "");
}
