/**
 * Where a sink's buffer is unless it is told.
 *
 * @module
 */
import { join } from "node:path";

/** `mcpsonde/buffer/NAME` in the state folder: XDG Base Directory Specification, `XDG_STATE_HOME`. */
export function defaultDirectory(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const state = env["XDG_STATE_HOME"];
  const home = env["HOME"] ?? env["USERPROFILE"] ?? ".";
  const safe = name.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_").slice(0, 100) || "sink";
  return join(state?.startsWith("/") ? state : join(home, ".local/state"), "mcpsonde/buffer", safe);
}
