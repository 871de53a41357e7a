/**
 * Servers by the name that a user types.
 *
 * @module
 */
import { EXIT, Failure } from "../_exit.ts";

/** Names that an error lists. */
const NAMED = 20;

/**
 * Those whose name or key fits a pattern, in which `*` stands for any text; all, without one.
 *
 * @throws {Failure} if none does.
 */
export function chosen<S extends { readonly name: string }>(
  servers: readonly (readonly [key: string, server: S])[],
  pattern: string | undefined,
): (readonly [key: string, server: S])[] {
  if (pattern === undefined) return [...servers];
  const found = servers.filter(([key, { name }]) => fits(pattern, name) || fits(pattern, key));
  if (found.length > 0) return found;
  const names = [...new Set(servers.map(([, { name }]) => printable(name)))].slice(0, NAMED).join(", ");
  throw new Failure(`no server "${pattern}"; there ${names === "" ? "are none" : `are ${names}`}`, EXIT.usage);
}

/** True if a text is the pattern, in which `*` stands for any text. */
function fits(pattern: string, text: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** A server's name, which is its own word, without what could harm a terminal. */
export function printable(name: string): string {
  // deno-lint-ignore no-control-regex
  return name.slice(0, 80).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, "?");
}
