/**
 * Finds text in JSON.
 *
 * @module
 */
import type { Node } from "./json.ts";

/** Places that are found at most. */
export const MOST_FOUND = 500;

/** Where: indices of members and items from the root, joined by dots; the root is the empty text. */
export type Place = string;

/** The place of a child. */
export function child(place: Place, index: number): Place {
  return place === "" ? String(index) : `${place}.${index}`;
}

/** All places above this one, the root first. */
export function above(place: Place): readonly Place[] {
  const out: Place[] = [];
  for (let at = place.lastIndexOf("."); place !== ""; at = place.lastIndexOf(".")) {
    place = at < 0 ? "" : place.slice(0, at);
    out.unshift(place);
  }
  return out;
}

/** Places of values whose name or text has this in it, without regard to case. */
export function search(root: Node, words: string): readonly Place[] {
  const found: Place[] = [];
  const wanted = words.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(wanted);
  const visit = (node: Node, place: Place, name: string | undefined): void => {
    if (found.length >= MOST_FOUND) return;
    const own = node.type === "string" ? node.value : node.type === "object" || node.type === "array" ? "" : node.text;
    if ((name !== undefined && has(name)) || (own !== "" && has(own))) found.push(place);
    if (node.type === "object") node.members.forEach(({ name, value }, k) => visit(value, child(place, k), name));
    else if (node.type === "array") node.items.forEach((item, k) => visit(item, child(place, k), undefined));
  };
  if (wanted !== "") visit(root, "", undefined);
  return found;
}
