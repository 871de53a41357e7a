/**
 * What a credential is replaced by.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { recentTexts } from "./recent.ts";

const hashes = recentTexts();

/**
 * `sha256:` and the first 8 hex digits of the credential's SHA-256 (of its UTF-8 bytes). The same credential gives the
 * same hash wherever it stands; nothing and what is such a hash already stay as they are.
 */
export function hashed(credential: string): string {
  if (credential === "" || HASHED.test(credential)) return credential;
  return hashes.recall(credential, digest);
}

/** What {@linkcode hashed} gives. */
const HASHED = /^sha256:[0-9a-f]{8}$/;

function digest(credential: string): string {
  return `sha256:${createHash("sha256").update(credential).digest("hex").slice(0, 8)}`;
}
