/**
 * Walks the arguments of a tool call.
 *
 * @module
 */
import type { Json, McpEvent } from "../../../pipeline/event.ts";

/** One text among the arguments. */
export interface Argument {
  /** The name it has: of an entry of a list the list's. In lower case, without `_` and `-`. */
  readonly key: string;
  /** Where it is: `edits[0].newText`. */
  readonly path: string;
  /** What it says. */
  readonly text: string;
}

/** How much of the arguments is looked at. */
const MOST_TEXTS = 500;
const MOST_LEVELS = 24;

/** Names of arguments that hold prose or source text, which may speak of anything. */
export const PROSE: ReadonlySet<string> = new Set(
  ("content contents text body message messages code description html css markdown md patch diff note notes thought " +
    "comment comments summary prompt oldtext newtext oldstr newstr oldstring newstring filetext source data input " +
    "answer question title subject caption reply chat transcript document paragraph entry log instructions reason " +
    "observations observation facts story lyrics page blocks cell cells yaml yml xml toml manifest dockerfile compose workflow svg")
    .split(" "),
);
/** Names of arguments that hold queries: languages of their own. */
export const QUERY: ReadonlySet<string> = new Set(
  ("q query queries search searchterm term keyword keywords expr expression filter jql logql promql kql graphql " +
    "selector xpath jsonpath formula regex pattern glob where").split(" "),
);
/** Names of arguments that hold something to run. */
export const RUNNABLE: ReadonlySet<string> = new Set(
  ("command commands cmd cmdline commandline script scripts shell args argv arguments sql statement statements op " +
    "operation function javascript js python bash powershell program exec run line keys keystrokes").split(" "),
);

/** A call of a tool. */
export interface CalledTool {
  readonly name: string;
  readonly args: Json;
}

/** Name and arguments of a request of `tools/call`. */
export function calledTool({ params }: McpEvent): CalledTool | undefined {
  if (params === null || typeof params !== "object" || Array.isArray(params)) return undefined;
  const { name, arguments: args } = params;
  return typeof name === "string" && args !== undefined && args !== null ? { name, args } : undefined;
}

/** The texts among the arguments, the outer ones first. */
export function textsOf(args: Json): Argument[] {
  const found: Argument[] = [];
  const walk = (value: Json, key: string, path: string, level: number) => {
    if (found.length >= MOST_TEXTS || level > MOST_LEVELS) return;
    if (typeof value === "string") found.push({ key, path, text: value });
    else if (Array.isArray(value)) {
      for (let k = 0; k < value.length && found.length < MOST_TEXTS; k++) {
        walk(value[k] ?? null, key, `${path}[${k}]`, level + 1);
      }
    } else if (value !== null && typeof value === "object") {
      for (const name of Object.keys(value)) {
        walk(value[name] ?? null, plainKey(name), path === "" ? name : `${path}.${name}`, level + 1);
      }
    }
  };
  walk(args, "", "", 0);
  return found;
}

/** Names that are kept ready. */
const MOST_KEYS = 4096;
const keys = new Map<string, string>();

/** A name in lower case, without `_` and `-`. */
export function plainKey(name: string): string {
  let key = keys.get(name);
  if (key === undefined) {
    key = name.slice(0, 64).toLowerCase().replace(/[_-]/g, "");
    if (keys.size >= MOST_KEYS) keys.clear();
    if (name.length <= 64) keys.set(name, key);
  }
  return key;
}

/** The words of a name in snake, kebab or camel case. */
export function nameWords(name: string): string[] {
  return name.slice(0, 128).replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z0-9]+/).filter((word) =>
    word !== ""
  );
}
