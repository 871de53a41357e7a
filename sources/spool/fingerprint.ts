/**
 * What tells a file from another one that has its inode, or that is a compressed copy of it.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** Bytes that are looked at. A spool file begins with a time or an id of its process. */
export const LOOKED_AT = 1024;

/** A hash of a file's first bytes. */
export interface Fingerprint {
  /** How many bytes: at most {@linkcode LOOKED_AT}. */
  readonly bytes: number;
  /** SHA-256 of them, the first 32 hexadecimal digits. */
  readonly hash: string;
}

/** Of a file that begins with these bytes. */
export function fingerprint(head: Uint8Array): Fingerprint {
  const bytes = Math.min(head.length, LOOKED_AT);
  return { bytes, hash: createHash("sha256").update(head.subarray(0, bytes)).digest("hex").slice(0, 32) };
}

/** True if a file that begins with these bytes may be the one. An empty file says nothing. */
export function fits({ bytes, hash }: Fingerprint, head: Uint8Array): boolean {
  return head.length >= bytes && fingerprint(head.subarray(0, bytes)).hash === hash;
}
