/**
 * Whether the runtime lets the sensor do its work without asking anybody.
 *
 * @module
 */
import { RUNTIME } from "./builtin.ts";

interface DenoGlobal {
  readonly permissions?: { querySync?(what: { name: string }): { readonly state: string } };
}

/** What the sensor needs: its configuration, its home, its spool. */
const NEEDED = ["env", "read", "write", "sys"];

/** In Deno, what is not granted would be asked for on the terminal: then nothing is done at all. */
export function isPermitted(): boolean {
  if (RUNTIME !== "deno") return true;
  const { permissions } = (globalThis as unknown as { Deno: DenoGlobal }).Deno;
  return NEEDED.every((name) => permissions?.querySync?.({ name }).state === "granted");
}
