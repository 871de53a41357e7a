/**
 * Makes a server's schema safe to judge by: a hostile one can make validation take for ever, by patterns that backtrack
 * and by references that multiply.
 *
 * @module
 */
import type { Json } from "../../../pipeline/event.ts";
import { asObject, type JsonObject } from "../../../protocols/mcp/mod.ts";

/** A schema that can be judged by. */
export interface SafeSchema {
  /** A copy without what is left out. */
  readonly schema: JsonObject;
  /** Subschemas, each as often as references lead to it: time grows with this and with the size of the value. */
  readonly size: number;
  /** The dialect as the validator names it. */
  readonly draft: "7" | "2019-09" | "2020-12";
}

/** Subschemas; larger schemas are not judged by. */
const LARGEST = 2000;
/** Longest pattern that is kept. */
const PATTERN = 200;

const MAPS: ReadonlySet<string> = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);
const LISTS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const SINGLE: ReadonlySet<string> = new Set([
  ...["additionalProperties", "items", "additionalItems", "contains", "propertyNames", "not", "if", "then", "else"],
  ...["unevaluatedProperties", "unevaluatedItems"],
]);
/** Left out: annotations that cost, and checks whose cost grows faster than the value. */
const LEFT_OUT: ReadonlySet<string> = new Set(["format", "uniqueItems", "examples", "default", "description", "title"]);
/** References other than to a place in the schema itself: such schemas are not judged by. */
const REFUSED: ReadonlySet<string> = new Set([
  ...["$id", "id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"],
  ...["patternProperties", "dependencies", "$vocabulary"],
]);

/** The schema made safe; undefined if it cannot be, as it is too large, refers to itself, or has rare keywords. */
export function safeSchema(value: Json | undefined): SafeSchema | undefined {
  const given = asObject(value);
  if (given === undefined) return undefined;
  const cleaner = new Cleaner();
  const schema = cleaner.clean(given);
  if (cleaner.refused) return undefined;
  const size = new Sizes(schema).of(schema);
  return size <= LARGEST ? { schema: schema as JsonObject, size, draft: draftOf(given) } : undefined;
}

function draftOf({ $schema }: JsonObject): SafeSchema["draft"] {
  if (typeof $schema !== "string") return "2020-12"; // MCP 2025-11-25, "JSON Schema Usage"
  return $schema.includes("draft-07") ? "7" : $schema.includes("2019-09") ? "2019-09" : "2020-12";
}

/** Copies a schema. */
class Cleaner {
  /** True once there was something that is not judged by. */
  refused = false;
  #nodes = 0;

  clean(schema: Json): Json {
    if (++this.#nodes > LARGEST) this.refused = true;
    const given = asObject(schema);
    if (this.refused || given === undefined) return schema;
    const out: JsonObject = {};
    for (const [key, value] of Object.entries(given)) {
      if (REFUSED.has(key)) this.refused = true;
      else if (!LEFT_OUT.has(key)) set(out, key, this.#keyword(key, value));
    }
    if (typeof out["pattern"] !== "string" || !isSafe(out["pattern"])) delete out["pattern"];
    return out;
  }

  #keyword(key: string, value: Json): Json {
    if (SINGLE.has(key) && !Array.isArray(value)) return this.clean(value);
    if ((LISTS.has(key) || key === "items") && Array.isArray(value)) return value.map((inner) => this.clean(inner));
    const map = MAPS.has(key) ? asObject(value) : undefined;
    if (map === undefined) return value;
    const out: JsonObject = {};
    for (const [name, inner] of Object.entries(map)) set(out, name, this.clean(inner));
    return out;
  }
}

/** Counts subschemas. */
class Sizes {
  readonly #root: Json;
  /** NaN while it is being counted: who comes back to it goes in a circle. */
  readonly #known = new Map<Json, number>();

  constructor(root: Json) {
    this.#root = root;
  }

  of(value: Json): number {
    if (typeof value !== "object" || value === null) return 0;
    const known = this.#known.get(value);
    if (known !== undefined) return Number.isNaN(known) ? Infinity : known;
    this.#known.set(value, NaN);
    let size = 1;
    for (const [key, inner] of Object.entries(value)) {
      size += key === "$ref" && typeof inner === "string" ? this.of(at(this.#root, inner)) : this.of(inner);
    }
    this.#known.set(value, size);
    return size;
  }
}

/** What a reference such as `#/$defs/x` leads to. */
function at(root: Json, reference: string): Json {
  if (!reference.startsWith("#")) return null;
  let value: Json | undefined = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return null;
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    value = Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
  }
  return value ?? null;
}

/**
 * True for a pattern that takes at most linear time: fixed at the start, without groups, references and look-around, and
 * with one unbounded repetition at most, which ends it.
 */
function isSafe(pattern: string): boolean {
  return pattern.length <= PATTERN &&
    /^\^(?:\\[dwsDWS.\/]|\[\^?[\w .:\/@+-]{1,40}\]|[\w .:\/@-])*[+*]?\$?$/.test(pattern);
}

/** As an own member, whatever the name is. */
function set(out: JsonObject, key: string, value: Json): void {
  Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true });
}
