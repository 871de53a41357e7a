/**
 * JSON in canonical form (RFC 8785), and its hash: the same for every way of writing the same value.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Json } from "../../pipeline/event.ts";

/**
 * The canonical text of a value that was parsed from JSON. Members are sorted by their UTF-16 code units (section 3.2.3),
 * strings and numbers are written as ECMAScript does (3.2.2). Unlike there, a lone surrogate is no error: it is escaped.
 */
export function canonical(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

/** SHA-256 of a text in UTF-8, in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
