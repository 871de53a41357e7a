/**
 * What tells servers apart, in this run and the next.
 *
 * @module
 */
import type { McpServer } from "../../../pipeline/context.ts";
import type { Process } from "../../../pipeline/event.ts";
import { programOf, type Runs } from "../../../pipeline/program.ts";
import { sha256 } from "../../../protocols/canonical_json/mod.ts";

/** Hex digits of the command line's hash. */
const DIGITS = 12;
/** Longest part of an address that is kept as it is. */
const ADDRESS = 300;
/** Names of options and variables whose values are no part of what a server is: they are secret, or differ each time. */
const PASSING = /(key|token|secret|passw(or)?d|auth|authorization|credential|credentials|header|session|port|pid)$/i;

/** How a server is reached, and what it is. */
export type Identity = Pick<McpServer, "transport" | "process" | "address">;

/**
 * The key of a server. Over HTTP its address without query, `http:localhost:3000/mcp`. Over stdio the process's name and
 * the beginning of a hash of its command line: the command line itself may hold secrets.
 */
export function serverKey({ transport, process, address }: Identity): string {
  if (transport !== "stdio" && address !== undefined) return `${transport}:${plainAddress(address)}`;
  if (process === undefined) return `${transport}:?`;
  return `${transport}:${process.name}#${sha256(JSON.stringify(commandOf(process))).slice(0, DIGITS)}`;
}

/** True if another server may well have the same command line: a relative script, a container's program, none at all. */
export function isAmbiguous({ transport, process }: Identity): boolean {
  if (transport !== "stdio") return false;
  if (process?.args === undefined || process.container !== undefined) return true;
  const { runs } = programOf(process.args);
  return runs.kind === "code" || runs.kind === "script" && !runs.path.startsWith("/");
}

/** The command line without what differs from run to run though the server is the same. */
function commandOf({ comm, args = [comm], container }: Process): string[] {
  const { name, runs, rest } = programOf(args);
  return [container === undefined ? "" : "container", name, target(runs), ...lasting(rest)];
}

function target(runs: Runs): string {
  switch (runs.kind) {
    case "script":
      return scriptPath(runs.path);
    case "module":
      return `-m ${runs.name}`;
    case "package":
      return `${runs.registry}:${runs.spec}`;
    default:
      return runs.kind;
  }
}

/** A script's path without the folders of npx and uv, whose names are hashes: `…/_npx/15c61037b1978c83/node_modules/…`. */
function scriptPath(path: string): string {
  const modules = path.lastIndexOf("/node_modules/");
  if (modules >= 0 && path.includes("/_npx/")) return path.slice(modules + 1);
  return path.replace(/^.*\/(archive-v\d+|environments-v\d+)\/[^/]+\//, "");
}

/** Arguments with the values of passing options left out. */
function lasting(args: readonly string[]): string[] {
  const out: string[] = [];
  let passing = false;
  for (const arg of args) {
    const at = arg.indexOf("=");
    const name = at < 0 ? arg : arg.slice(0, at);
    if (passing && !arg.startsWith("-")) out.push("*");
    else if (at >= 0 && PASSING.test(name)) out.push(`${name}=*`);
    else out.push(arg);
    passing = at < 0 && arg.startsWith("-") && PASSING.test(name);
  }
  return out;
}

function plainAddress(address: string): string {
  const end = address.search(/[?#]/);
  const plain = end < 0 ? address : address.slice(0, end);
  const slash = plain.indexOf("/");
  const authority = slash < 0 ? plain : plain.slice(0, slash);
  const text = authority.toLowerCase() + (slash < 0 ? "" : plain.slice(slash));
  return text.length <= ADDRESS ? text : `${text.slice(0, ADDRESS)}#${sha256(text).slice(0, DIGITS)}`;
}
