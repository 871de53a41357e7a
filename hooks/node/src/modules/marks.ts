/**
 * Finds the classes of an MCP SDK in the source of a module, whatever the module is called, and lets their instances say
 * so when they are made.
 *
 * The SDK's `Protocol` and `McpServer` have members that no other code has, and whose names outlive bundlers and
 * minifiers. Where such a member is set, the sensor's function is called with the instance first:
 * `this._registeredTools = {}` becomes `this._registeredTools = globalThis[…]?.(this) || {}`. Lines stay where they are.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** Members of `Protocol` and `McpServer` in SDK 1.x and 2.x, and what they begin as. */
const MARKS: readonly (readonly [name: string, value: string])[] = [
  ["_requestHandlerAbortControllers", "new Map"],
  ["_registeredResourceTemplates", "\\{\\s*\\}"],
];

/** Packages of the SDKs, and the shortest source of another that may have one bundled, in bytes. */
const PACKAGE = "modelcontextprotocol", SHORTEST = 32 * 1024;

/** The global symbol under which instances find the sensor. */
export const DOOR = "mcpsonde.sensor";
const CALL = `globalThis[Symbol.for("${DOOR}")]?.(this)||`;

// `name = value`, as a statement or a class field, with the comment that bundlers leave before calls without effect;
// and `__publicField(this, "name", value)`, as they write fields for older targets.
const SETS = MARKS.map(([name, value]) =>
  new RegExp(
    `(\\b${name}\\s{0,4}=\\s{0,4}|["']${name}["'],\\s{0,4})(?=(?:/\\* ?@__PURE__ ?\\*/\\s{0,4})?${value})`,
    "g",
  )
);

/** True if it is worth while to look at the source. */
export function mayBeSdk(path: string, source: string | Uint8Array): boolean {
  if (source.length < SHORTEST && !path.includes(PACKAGE)) return false;
  if (typeof source === "string") return MARKS.some(([name]) => source.includes(name));
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return MARKS.some(([name]) => bytes.includes(name));
}

/** The source with calls; undefined if there is no place for one. */
export function marked(source: string): string | undefined {
  let text = source;
  for (const pattern of SETS) text = text.replace(pattern, `$1${CALL}`);
  return text === source ? undefined : text;
}
