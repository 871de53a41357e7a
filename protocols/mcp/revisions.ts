/**
 * The revisions of the Model Context Protocol.
 *
 * @module
 */

/** The published revisions, oldest first. */
export const REVISIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] as const;
/** A published revision of MCP. */
export type Revision = typeof REVISIONS[number];

/** The first revision without sessions: each request says in `_meta` what `initialize` said before. */
export const MODERN: Revision = "2026-07-28";

/** Names that are longer are no revision. */
const LONGEST = 32;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** True for the name of a published revision. */
export function isRevision(version: string): version is Revision {
  return (REVISIONS as readonly string[]).includes(version);
}

/** True for the name of 2026-07-28 or a later revision, published or not: names are dates, drafts may add to them. */
export function isModern(version: string): boolean {
  return version.length <= LONGEST && DATE.test(version.slice(0, MODERN.length)) && version >= MODERN;
}
