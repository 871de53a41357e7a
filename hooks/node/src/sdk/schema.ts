/**
 * JSON Schema of what a tool takes, from whatever library describes it.
 *
 * @module
 */
import type { Json } from "../../../../pipeline/event.ts";
import { object } from "./shapes.ts";

/** The schema; undefined if there is none, or it does not say. */
export function schemaOf(schema: unknown): Json | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  const { toJSONSchema, shape } = schema as {
    toJSONSchema?: unknown;
    shape?: unknown;
  };
  const standard = object((schema as { "~standard"?: unknown })["~standard"]);
  const { input } = object(standard["jsonSchema"]);
  // https://standardschema.dev: Standard JSON Schema; zod 4.2 and later
  if (typeof input === "function") {
    return input({ target: "draft-2020-12" }) as Json;
  }
  if (typeof toJSONSchema === "function") {
    return Reflect.apply(toJSONSchema, schema, []) as Json;
  }
  if (
    "type" in schema && (schema as { type: unknown }).type === "object" &&
    "properties" in schema
  ) return schema as Json;
  const members = typeof shape === "function" ? Reflect.apply(shape, schema, []) : shape ?? schema; // zod 3
  const names = Object.keys(object(members)).filter((name) => !name.startsWith("_") && !name.startsWith("~"));
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, {}])),
  };
}
