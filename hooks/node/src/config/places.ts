/**
 * Where the configuration, the socket and the spool are.
 *
 * @module
 */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import process from "node:process";
import type { Config } from "./config.ts";

/** The configuration file. */
export function configPath(): string {
  return process.env["MCPSONDE_CONFIG"] ||
    join(homedir(), ".mcpsonde", "sensor.json");
}

/** Sockets that are tried, in their order. */
export function socketPaths({ socket }: Config): readonly string[] {
  if (socket === false) return [];
  const named = process.env["MCPSONDE_SOCKET"] || (socket && resolved(socket));
  if (named) return [named];
  const runtime = process.env["XDG_RUNTIME_DIR"];
  return [...(runtime ? [join(runtime, "mcpsonde", "events.sock")] : []), join(homedir(), ".mcpsonde", "events.sock")];
}

/** The folder of the spool. */
export function spoolDir(dir: string | undefined): string {
  return process.env["MCPSONDE_SPOOL"] || (dir && resolved(dir)) ||
    join(homedir(), ".mcpsonde", "event-spool");
}

/** `~` is the home folder, and what is relative stands there too: the program's working folder is not ours. */
function resolved(path: string): string {
  const inHome = path.startsWith("~/") ? path.slice(2) : path;
  return isAbsolute(inHome) ? inHome : join(homedir(), inHome);
}
