/**
 * Entries in TOML.
 *
 * @module
 */
import { parse } from "smol-toml";
import type { ConfigFile } from "../../transforms/detect/client_configs/clients.ts";
import { type Entry, freshLine, type Span } from "./entry.ts";
import { cutFrom, prependTo } from "./list.ts";
import { type TomlValue, tomlValues } from "./toml_reader.ts";

/** The entries with a command. Throws if the text is no TOML. */
export function tomlEntries(text: string, places: ConfigFile["servers"]): Entry[] {
  parse(text);
  const values = new Map(tomlValues(text).map((value) => [JSON.stringify(value.path), value]));
  const found: Entry[] = [];
  for (const command of values.values()) {
    const [member, name = ""] = [command.path.at(-1), command.path.at(-2)];
    const holder = command.path.slice(0, -2);
    if (member !== "command" || command.text === undefined) continue;
    if (!places.some((place) => JSON.stringify(place) === JSON.stringify(holder))) continue;
    const args = values.get(JSON.stringify([...command.path.slice(0, -1), "args"]));
    if (args === undefined || args.items !== undefined) found.push(entry(text, command, args, name));
  }
  return found;
}

function entry(text: string, command: TomlValue, args: TomlValue | undefined, name: string): Entry {
  const items = args?.items?.map(spanOf);
  return {
    name,
    place: command.path.slice(0, -1).join("."),
    command: spanOf(command),
    args: items,
    // a basic string of TOML has the escapes of JSON
    quote: (value) => JSON.stringify(value),
    prepend: (put) => prependTo(text, args?.start ?? 0, items ?? [], put),
    add: (put) => {
      const line = freshLine(text, command.key) ?? (command.key === 0 ? "\n" : undefined);
      // `a.b.command = …` has a key of several parts, of which the last is ours
      const key = text.slice(command.key, command.start).replace(/command(["']?\s*=)\s*$/, "args$1 ");
      const own = line === undefined ? `, args = [${put.join(", ")}]` : `${line}${key}[${put.join(", ")}]`;
      return { start: command.end, end: command.end, text: own };
    },
    cut: (count) => cutFrom(items ?? [], count),
    drop: () => ({ start: command.end, end: args?.end ?? command.end, text: "" }),
  };
}

function spanOf({ start, end, text }: TomlValue): Span {
  return { start, end, value: text ?? "" };
}
