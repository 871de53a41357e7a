/**
 * What SQLite is given to ask by the filter language.
 *
 * @module
 */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { header, path } from "../http.ts";
import type { HttpHeaders } from "../event.ts";
import type { Pattern } from "../query/mod.ts";
import { timeOfDay } from "../query/field.ts";
import { finder, matcher } from "../query/glob.ts";
import { RecentMap } from "../recent_map.ts";

type Test = (text: string) => boolean;

/** Compiled patterns that are kept. */
const KEPT = 256;

/** Adds the functions to a connection. Each gives NULL for NULL. */
export function addFunctions(db: DatabaseSync): void {
  const patterns = new RecentMap<string, Test>(KEPT), searches = new RecentMap<string, Test>(KEPT);
  const add = (name: string, of: (...values: SQLOutputValue[]) => string | number | null): void => {
    db.function(name, { deterministic: true, varargs: true }, of);
  };
  add("fits", (pattern, text) => {
    if (typeof text !== "string") return null;
    return Number(patterns.recall(String(pattern), (json) => matcher(JSON.parse(json) as Pattern))(text));
  });
  add("has_text", (json, text) => {
    if (typeof text !== "string") return null;
    return Number(searches.recall(String(json), searcher)(text));
  });
  add("time_of_day", (time) => typeof time === "number" ? Math.floor(timeOfDay(time)) : null);
  add("path_of", (target) => typeof target === "string" ? path(target) : null);
  add("without_port", (text) => typeof text === "string" ? text.replace(/:\d{0,5}$/, "") : null);
  add("with_port", (address, port) => {
    if (typeof address !== "string" || typeof port !== "number") return null;
    return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  });
  add("id_text", (id) => id === null ? null : String(id));
  add("header_of", (headers, name) => {
    if (typeof headers !== "string" || typeof name !== "string") return null;
    return header(JSON.parse(headers) as HttpHeaders, name) ?? null;
  });
}

/** As the language searches: in the JSON as it stands there, and with its escapes undone. */
function searcher(json: string): Test {
  const finders = (JSON.parse(json) as Pattern[]).map(finder);
  const has = (text: string) => {
    const lower = text.toLowerCase();
    return finders.some((find) => find(lower));
  };
  return (text) => has(text) || (text.includes("\\") && has(unescaped(text)));
}

const NAMED: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** JSON with the escapes of its strings undone. */
export function unescaped(json: string): string {
  return json.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|([^]))/g,
    (_, hex: string | undefined, char: string) =>
      hex === undefined ? NAMED[char] ?? char : String.fromCharCode(parseInt(hex, 16)),
  );
}
