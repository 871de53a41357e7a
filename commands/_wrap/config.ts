/**
 * One client's configuration file with proxies put before its servers, or taken away.
 *
 * @module
 */
import type { ConfigFile } from "../../transforms/detect/client_configs/clients.ts";
import { applied, type Entry, unwrapEdits, wrapEdits, wrappedBy } from "./entry.ts";

/** What became of a text. */
export interface Changed {
  readonly text: string;
  /** Names of the servers that were changed. */
  readonly servers: readonly string[];
  /** Places of those whose list of arguments is new. */
  readonly added: readonly string[];
}

/** The entries of a configuration, by the file's name. Throws if it is not of its format. */
export async function entriesOf(text: string, path: string, places: ConfigFile["servers"]): Promise<Entry[]> {
  if (path.endsWith(".toml")) return (await import("./toml.ts")).tomlEntries(text, places);
  if (/\.ya?ml$/.test(path)) return (await import("./yaml.ts")).yamlEntries(text, places);
  return (await import("./json.ts")).jsonEntries(text, places);
}

/** Puts `program` before all servers that it does not stand before yet. */
export async function wrapText(
  text: string,
  path: string,
  places: ConfigFile["servers"],
  program: string,
): Promise<Changed> {
  const entries = (await entriesOf(text, path, places)).filter((entry) => wrappedBy(entry) === undefined);
  const changed = applied(text, entries.flatMap((entry) => wrapEdits(entry, text, program)));
  const added = entries.filter(({ args }) => args === undefined).map(({ place }) => place);
  const after = await entriesOf(changed, path, places);
  for (const { place, name, command, args = [] } of entries) {
    const now = after.find((entry) => entry.place === place);
    const wanted = ["proxy", "--name", name, "--", command.value, ...args.map(({ value }) => value)];
    if (now?.command.value !== program || !sameTexts(now.args?.map(({ value }) => value), wanted)) throw cannot(place);
  }
  return { text: changed, servers: entries.map(({ name }) => name), added };
}

/** Takes the proxies away. `added`: places of lists of arguments that {@linkcode wrapText} has made. */
export async function unwrapText(
  text: string,
  path: string,
  places: ConfigFile["servers"],
  added: readonly string[],
): Promise<Changed> {
  const entries = (await entriesOf(text, path, places)).filter((entry) => wrappedBy(entry) !== undefined);
  const edits = entries.flatMap((entry) => unwrapEdits(entry, text, added.includes(entry.place)));
  const changed = applied(text, edits);
  const after = await entriesOf(changed, path, places);
  for (const { place, args = [], ...entry } of entries) {
    const now = after.find((entry) => entry.place === place);
    const [command, ...rest] = args.slice(wrappedBy({ ...entry, place, args })).map(({ value }) => value);
    if (now?.command.value !== command || !sameTexts(now?.args?.map(({ value }) => value) ?? [], rest)) {
      throw cannot(place);
    }
  }
  return { text: changed, servers: entries.map(({ name }) => name), added: [] };
}

function sameTexts(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a?.length === b.length && a.every((text, i) => text === b[i]);
}

function cannot(place: string): Error {
  return new Error(`${place} is written in a way that cannot be edited safely`);
}
