/**
 * Entries in JSON, comments allowed.
 *
 * @module
 */
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import type { ConfigFile } from "../../transforms/detect/client_configs/clients.ts";
import { type Entry, freshLine, type Span } from "./entry.ts";
import { cutFrom, prependTo } from "./list.ts";

/** Members that hold an entry's transport: of Continue before 1.0, of Zed. */
const INNER = ["transport", "source"];

/** The entries with a command. Throws if the text is no JSON. */
export function jsonEntries(text: string, places: ConfigFile["servers"]): Entry[] {
  const errors: { error: number; offset: number; length: number }[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (root === undefined || errors.length > 0) throw new SyntaxError("it is not JSON");
  const found: Entry[] = [];
  for (const place of places) for (const node of nodesAt(root, place)) servers(text, node, place.join("."), found);
  return found;
}

function nodesAt(node: Node, [first, ...rest]: readonly string[]): Node[] {
  if (first === undefined) return [node];
  if (node.type !== "object") return [];
  const inner = first === "*"
    ? (node.children ?? []).flatMap(({ children }) => children?.[1] ?? [])
    : findNodeAtLocation(node, [first]) ?? [];
  return [inner].flat().flatMap((member) => nodesAt(member, rest));
}

/** A map by name, or a list of servers with names. */
function servers(text: string, node: Node, place: string, found: Entry[]): void {
  if (node.type === "array") {
    for (const [i, child] of (node.children ?? []).entries()) {
      const name = findNodeAtLocation(child, ["name"])?.value;
      add(text, child, typeof name === "string" ? name : `server${i}`, `${place}.${i}`, found);
    }
  } else if (node.type === "object") {
    for (const { children } of node.children ?? []) {
      const [key, value] = children ?? [];
      if (key !== undefined && value !== undefined) add(text, value, String(key.value), `${place}.${key.value}`, found);
    }
  }
}

function add(text: string, node: Node, name: string, place: string, found: Entry[]): void {
  if (node.type !== "object") return;
  for (const inner of INNER) {
    const nested = findNodeAtLocation(node, [inner]);
    if (nested?.type === "object") return add(text, nested, name, place, found);
  }
  const nested = findNodeAtLocation(node, ["command"]);
  if (nested === undefined) return;
  // Zed has had { "command": { "path": …, "args": … } }
  if (nested.type === "object") return entry(text, nested, "path", name, place, found);
  entry(text, node, "command", name, place, found);
}

function entry(text: string, holder: Node, member: string, name: string, place: string, found: Entry[]): void {
  const command = findNodeAtLocation(holder, [member]), args = findNodeAtLocation(holder, ["args"]);
  if (command?.type !== "string" || (args !== undefined && args.type !== "array")) return;
  const items = args?.children?.map(spanOf);
  found.push({
    name,
    place,
    command: spanOf(command),
    args: items,
    quote: (value) => JSON.stringify(value),
    prepend: (put) => prependTo(text, args?.offset ?? 0, items ?? [], put),
    add: (put) => {
      const end = command.offset + command.length;
      const key = command.parent?.offset ?? command.offset;
      const line = freshLine(text, key) ?? " ";
      return { start: end, end, text: `,${line}"args": [${put.join(", ")}]` };
    },
    cut: (count) => cutFrom(items ?? [], count),
    drop: () => {
      const start = command.offset + command.length;
      return { start, end: args === undefined ? start : args.offset + args.length, text: "" };
    },
  });
}

function spanOf({ offset, length, value }: Node): Span {
  return { start: offset, end: offset + length, value: String(value) };
}
