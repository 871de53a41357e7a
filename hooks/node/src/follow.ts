/**
 * Gives the sensor to child processes. Most get it by the environment that they inherit; MCP clients start their servers
 * with an environment that has a few variables only.
 *
 * @module
 */
import { dirname } from "node:path";
import process from "node:process";
import type { Start } from "./audit/processes.ts";

declare const __filename: string;

/** Variables that concern the sensors, with what brings one into a process of another language. */
const OURS = /^(?:MCPSONDE_[A-Z_]+|PYTHONPATH|DENO_NODE_OPTIONS|BUN_OPTIONS)$/;

/** Adds what is missing to the environment of a process that is about to be started. */
export function follow(start: Start): void {
  const { envPairs } = start;
  if (!Array.isArray(envPairs) || !envPairs.every((pair) => typeof pair === "string")) return;
  const known = new Map(envPairs.map((pair: string) => [pair.slice(0, pair.indexOf("=")), pair]));
  if (known.get("MCPSONDE_OFF") === "MCPSONDE_OFF=1") return;
  const more: string[] = [];
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined || known.has(name) || !OURS.test(name)) continue;
    if (name.startsWith("MCPSONDE_") || value.includes("mcpsonde")) {
      more.push(`${name}=${value}`);
    }
  }
  const options = known.get("NODE_OPTIONS")?.slice("NODE_OPTIONS=".length);
  const kept = options === undefined ? envPairs : envPairs.filter((pair) => !pair.startsWith("NODE_OPTIONS="));
  const isThere = options?.includes(dirname(__filename)) ?? false; // as `--require` or `--import`
  if (isThere && more.length === 0) return;
  if (!isThere) {
    more.push(`NODE_OPTIONS=${[options, requireOption()].filter(Boolean).join(" ")}`);
  }
  start.envPairs = [...(isThere ? envPairs : kept), ...more];
}

/** `--require`, quoted as Node wants it. */
function requireOption(): string {
  const path = __filename.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return /[\s"\\]/.test(path) ? `"--require=${path}"` : `--require=${path}`;
}
