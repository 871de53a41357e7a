/**
 * Tells whether a server that was seen is one that a config names. The command line that is seen is rarely the one that is
 * written: runners start interpreters, scripts begin with `#!`, variables are filled in.
 *
 * @module
 */
import type { McpServer } from "../../../pipeline/context.ts";
import { type Program, programOf } from "../../../pipeline/program.ts";
import type { ConfiguredServer } from "./parse.ts";

/** `${VAR}`, `${VAR:-default}`, `${{ secrets.X }}`, `${input:id}`: stands for anything. `$VAR` too. */
const VARIABLE = /\$\{\{[^}]{0,200}\}\}|\$\{[^}]{0,200}\}|\$[A-Za-z_]\w{0,100}/;

/** The command lines of a server's process and of those that started it, the nearest first. */
export type Lineage = readonly (readonly string[])[];

/** True if the config means this server. */
export function isMeant(configured: ConfiguredServer, server: McpServer, lineage: Lineage): boolean {
  const { command, url } = configured;
  if (server.transport === "stdio") {
    return command !== undefined && lineage.some((args) => isSameCommand(command, args, server.package));
  }
  if (server.address === undefined) return false;
  const urls = url === undefined ? (command ?? []).filter((arg) => /^https?:\/\//.test(arg)) : [url];
  return urls.some((text) => isSameAddress(text, server.address ?? "", server.transport));
}

/** True if one command line runs what the other does. `package_` is that of the process, where it is known. */
export function isSameCommand(written: readonly string[], seen: readonly string[], package_?: string): boolean {
  const meant = programOf(written), runs = programOf(seen);
  return areSame(meant.rest, runs.rest) ? isSameTarget(meant, runs, package_) : sameText(written, seen);
}

function isSameTarget(meant: Program, seen: Program, package_: string | undefined): boolean {
  const { runs } = meant;
  if (runs.kind === "code" || seen.runs.kind === "code") {
    return runs.kind === seen.runs.kind && meant.name === seen.name;
  }
  if (runs.kind === "package") {
    const name = packageName(runs.spec);
    if (seen.runs.kind === "package") return packageName(seen.runs.spec) === name;
    if (package_ !== undefined) return packageName(package_.replace(/^\w+:/, "")) === name;
    return seen.runs.kind === "script" && isProgramOf(seen.runs.path, name);
  }
  if (runs.kind === "module" && seen.runs.kind === "module") return runs.name === seen.runs.name;
  if (runs.kind === "script" && seen.runs.kind === "script") return isSamePath(runs.path, seen.runs.path);
  // a script that the system starts by its first line: what is seen is its interpreter
  if (runs.kind === "self" && seen.runs.kind === "script") return stem(seen.runs.path) === meant.name;
  return runs.kind === "self" && seen.runs.kind === "self" && (meant.name === seen.name || like(meant.name, seen.name));
}

/** True if a script may be the program of a package: it lies in it, or is called like it. */
function isProgramOf(path: string, name: string): boolean {
  if (path.includes(`node_modules/${name}/`)) return true;
  const own = normal(name.slice(name.lastIndexOf("/") + 1)), script = normal(stem(path));
  return own === script || script.endsWith(`-${own}`) || own.endsWith(`-${script}`);
}

function isSamePath(written: string, seen: string): boolean {
  if (written === seen || like(written, seen)) return true;
  const isAbsolute = (path: string) => /^([a-zA-Z]:)?[\\/~]/.test(path);
  if (isAbsolute(written) && isAbsolute(seen)) return false;
  const plain = (path: string) => `/${path.replaceAll("\\", "/").replace(/^(\.\/)+/, "")}`;
  return plain(seen).endsWith(plain(written)) || plain(written).endsWith(plain(seen));
}

function areSame(written: readonly string[], seen: readonly string[]): boolean {
  return written.length === seen.length && written.every((text, i) => like(text, seen[i] ?? ""));
}

function sameText(written: readonly string[], seen: readonly string[]): boolean {
  const [program = "", ...rest] = written, [other = "", ...others] = seen;
  return base(program) === base(other) && areSame(rest, others);
}

/** True if a text is as written, where variables stand for anything. */
function like(written: string, seen: string): boolean {
  if (written === seen) return true;
  if (!written.includes("$")) return false;
  const parts = written.slice(0, 2000).split(VARIABLE);
  if (parts.length === 1) return false;
  const first = parts[0] ?? "", last = parts.at(-1) ?? "";
  if (seen.length < first.length + last.length || !seen.startsWith(first) || !seen.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = seen.indexOf(part, at);
    if (found < 0 || found + part.length > seen.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** True if a URL leads to a server's authority and path. */
export function isSameAddress(url: string, address: string, transport: McpServer["transport"]): boolean {
  if (url.includes("$")) return ["https", "http"].some((scheme) => like(url, `${scheme}://${address}`));
  if (!URL.canParse(url) || !URL.canParse(`http://${address}`)) return false;
  const written = new URL(url), seen = new URL(`http://${address}`);
  const port = written.port || (written.protocol === "https:" ? "443" : "80");
  const isSamePort = seen.port === port || seen.port === "" && (port === "443" || port === "80");
  if (written.hostname.toLowerCase() !== seen.hostname.toLowerCase() || !isSamePort) return false;
  // of the old transport the stream has one path, and the messages go to another that the server names
  return transport === "sse" || trimmed(written.pathname) === trimmed(seen.pathname);
}

/** `@scope/name` of `@scope/name@1.2`; `name` of `name[extra]==1.2`. */
function packageName(spec: string): string {
  const at = spec.indexOf("@", 1);
  return normal((at < 0 ? spec : spec.slice(0, at)).replace(/[[=<>~!].*$/s, ""));
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[_.]+/g, "-");
}

function stem(path: string): string {
  return base(path).replace(/\.(m?[jt]sx?|c[jt]s|pyz?|rb|sh|exe|cmd)$/i, "");
}

function base(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function trimmed(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
