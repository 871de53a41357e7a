/**
 * Entries in YAML.
 *
 * @module
 */
import { isMap, isScalar, isSeq, parseDocument, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { ConfigFile } from "../../transforms/detect/client_configs/clients.ts";
import { type Entry, freshLine, type Span } from "./entry.ts";
import { cutFrom, prependTo } from "./list.ts";

/** The entries with a command. Throws if the text is no YAML. */
export function yamlEntries(text: string, places: ConfigFile["servers"]): Entry[] {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new SyntaxError(error.message.split("\n")[0]);
  const found: Entry[] = [];
  for (const place of places) {
    const node = place.length === 0 ? document.contents : document.getIn(place, true);
    if (place.length === 0) add(text, node, "server", "", found);
    else if (isSeq(node)) {
      for (const [i, item] of node.items.entries()) {
        const name = isMap(item) ? item.get("name") : undefined;
        add(text, item, typeof name === "string" ? name : `server${i}`, `${place.join(".")}.${i}`, found);
      }
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : "server";
        add(text, value, name, `${place.join(".")}.${name}`, found);
      }
    }
  }
  return found;
}

function add(text: string, node: unknown, name: string, place: string, found: Entry[]): void {
  if (!isMap(node)) return;
  const given = node.get("name");
  const command = node.get("command", true), args = node.get("args", true);
  if (!isText(command) || (args !== undefined && !isSeq(args))) return;
  const items = args?.items.map((item) => isScalar(item) && item.range ? spanOf(item as Ranged) : undefined);
  if (items?.includes(undefined)) return; // an alias, or something that is no text
  found.push(
    entry(text, node, command, args, items as Span[] | undefined, typeof given === "string" ? given : name, place),
  );
}

type Ranged = Scalar & { range: [number, number, number] };

function isText(node: unknown): node is Ranged {
  return isScalar(node) && typeof node.value === "string" && node.range != null && !node.type?.startsWith("BLOCK");
}

function entry(
  text: string,
  map: YAMLMap,
  command: Ranged,
  args: YAMLSeq | undefined,
  items: readonly Span[] | undefined,
  name: string,
  place: string,
): Entry {
  const span = spanOf(command);
  const key = map.items.find(({ value }) => value === command)?.key;
  const keyAt = isScalar(key) && key.range ? key.range[0] : span.start;
  const inBrackets = args?.flow === true;
  return {
    name,
    place,
    command: span,
    args: items,
    quote: (value) => JSON.stringify(value),
    prepend: (put) => {
      if (inBrackets || items?.[0] === undefined) return prependTo(text, args?.range?.[0] ?? 0, items ?? [], put);
      const dash = text.lastIndexOf("-", items[0].start - 1);
      const line = freshLine(text, dash) ?? "\n";
      return { start: dash, end: dash, text: put.map((item) => `- ${item}${line}`).join("") };
    },
    add: (put) => {
      const before = map.flow ? ", " : `\n${" ".repeat(keyAt - text.lastIndexOf("\n", keyAt - 1) - 1)}`;
      return { start: span.end, end: span.end, text: `${before}args: [${put.join(", ")}]` };
    },
    cut: (count) => {
      if (inBrackets || items === undefined) return cutFrom(items ?? [], count);
      const dash = (item: Span | undefined) => item && text.lastIndexOf("-", item.start - 1);
      const start = dash(items[0]) ?? 0;
      return { start, end: dash(items[count]) ?? items[count - 1]?.end ?? start, text: "" };
    },
    drop: () => ({ start: span.end, end: args?.range?.[1] ?? span.end, text: "" }),
  };
}

function spanOf({ range: [start, end], value }: Ranged): Span {
  return { start, end, value: String(value) };
}
