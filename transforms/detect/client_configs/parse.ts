/**
 * Reads the servers out of a client's config: JSON (comments allowed), TOML or YAML by the file's name.
 *
 * @module
 */
import type { Json } from "../../../pipeline/event.ts";
import { asObject, textMember } from "../../../protocols/mcp/mod.ts";
import type { ConfigFile } from "./clients.ts";

/** A server as a config names it. */
export interface ConfiguredServer {
  /** The client that is to use it. */
  readonly client: string;
  /** The file. */
  readonly file: string;
  /** Its name there. */
  readonly name: string;
  /** Of a server over stdio: the program and its arguments, variables not filled in. */
  readonly command: readonly string[] | undefined;
  /** Of a server over HTTP. */
  readonly url: string | undefined;
}

/** Servers read from one file; the rest is left out. */
const SERVERS = 1000;
/** Arguments kept of one server. */
const ARGUMENTS = 200;
/** Members that hold the transport in a server's entry: of Continue before 1.0, of Zed. */
const INNER = ["transport", "source"];
/** What clients call a server's address. */
const URLS = ["url", "serverUrl", "httpUrl"];

/**
 * The servers in a config's text.
 *
 * @throws {Error} if the text is not of the format.
 */
export async function parseConfig(
  text: string,
  file: string,
  client: string,
  places: ConfigFile["servers"],
): Promise<ConfiguredServer[]> {
  const root = await parse(text, file);
  const found: ConfiguredServer[] = [];
  for (const place of places) {
    for (const value of at(root, place)) {
      if (place.length === 0) add("", value, { file, client }, found); // the file is one server
      else collect(value, { file, client }, found);
    }
  }
  return found.slice(0, SERVERS);
}

async function parse(text: string, file: string): Promise<Json> {
  if (file.endsWith(".toml")) return (await import("smol-toml")).parse(text) as Json;
  if (/\.ya?ml$/.test(file)) return (await import("yaml")).parse(text, { maxAliasCount: 100 }) as Json;
  try {
    return JSON.parse(text) as Json;
  } catch {
    const jsonc = await import("jsonc-parser");
    const errors: { error: number; offset: number; length: number }[] = [];
    const value: Json = jsonc.parse(text, errors, { allowTrailingComma: true });
    if (value === undefined || errors.length > 0) throw new SyntaxError("it is not JSON");
    return value;
  }
}

/** The values at a place. */
function at(value: Json, [first, ...rest]: readonly string[]): Json[] {
  if (first === undefined) return [value];
  const holder = asObject(value);
  if (holder === undefined) return [];
  const inner = first === "*" ? Object.values(holder) : Object.hasOwn(holder, first) ? [holder[first] ?? null] : [];
  return inner.flatMap((member) => at(member, rest));
}

/** A map by name, or a list of servers with names. */
function collect(value: Json, from: Pick<ConfiguredServer, "client" | "file">, found: ConfiguredServer[]): void {
  if (Array.isArray(value)) {
    for (const entry of value) add(textMember(entry, "name") ?? "", entry, from, found);
    return;
  }
  for (const [name, entry] of Object.entries(asObject(value) ?? {})) add(name, entry, from, found);
}

function add(
  name: string,
  entry: Json,
  from: Pick<ConfiguredServer, "client" | "file">,
  found: ConfiguredServer[],
): void {
  const value = asObject(entry);
  if (value === undefined || found.length >= SERVERS) return;
  for (const inner of INNER) {
    if (asObject(value[inner]) !== undefined) return add(name, value[inner] ?? null, from, found);
  }
  const command = commandOf(value);
  const url = URLS.map((member) => textMember(value, member)).find((text) => text !== undefined);
  if (command !== undefined || url !== undefined) found.push({ ...from, name, command, url });
}

/** `command` and `args`; Zed had `command: { path, args }`. */
function commandOf(value: { readonly [member: string]: Json }): string[] | undefined {
  const nested = asObject(value["command"]);
  const program = textMember(value, "command") ?? textMember(nested, "path");
  const given = value["args"] ?? nested?.["args"];
  if (program === undefined) return undefined;
  const args = Array.isArray(given) ? given.slice(0, ARGUMENTS).map(String) : [];
  // some write the whole command line as one
  return program.includes(" ") && args.length === 0 ? program.split(/ +/) : behindProxy([program, ...args]);
}

/** The server itself, where `mcpsonde wrap` has put a proxy before it. */
function behindProxy(command: string[]): string[] {
  const [program = "", word] = command, end = command.indexOf("--");
  const isProxy = /(^|[\\/])mcpsonde$/.test(program) && word === "proxy" && end > 0 && end + 1 < command.length;
  return isProxy ? command.slice(end + 1) : command;
}
