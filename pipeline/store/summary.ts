/**
 * A call on one line.
 *
 * @module
 */
import type { Json } from "../event.ts";
import { shortened } from "../shortened.ts";

/** Longest summary, and longest value in it, in UTF-16 units. */
const LONGEST = 160, LONGEST_VALUE = 60;

/** The arguments in the request's text: `path=/etc/hosts, lines=10`; undefined if it has none. */
export function summaryOf(text: string | undefined): string | undefined {
  const params = member(parsed(text), "params");
  const given = member(params, "arguments") ?? params;
  if (given === undefined || given === null || typeof given !== "object") return undefined;
  const parts: string[] = [];
  let length = 0;
  for (const [name, value] of Object.entries(given)) {
    if (name === "_meta") continue;
    const part = `${shortened(name, LONGEST_VALUE)}=${shown(value)}`;
    parts.push(part);
    length += part.length + 2;
    if (length > LONGEST) break;
  }
  return parts.length === 0 ? undefined : shortened(parts.join(", "), LONGEST);
}

function parsed(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // was cut
  }
}

function member(value: Json | undefined, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function shown(value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // deno-lint-ignore no-control-regex
  return shortened(text.slice(0, LONGEST_VALUE * 2).replace(/[\u0000-\u001f\u007f-\u009f]+/g, " "), LONGEST_VALUE);
}
