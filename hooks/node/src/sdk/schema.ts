/**
 * JSON Schema of what a tool takes, from whatever library describes it.
 *
 * @module
 */
import { object } from "./shapes.ts";

/** A schema as JSON: an object. */
export type Schema = Readonly<Record<string, unknown>>;

/** The schema; undefined if there is none, or it does not say. */
export function schemaOf(schema: unknown): Schema | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  const { toJSONSchema, shape, type, properties } = schema as Schema;
  const { input } = object(object((schema as Schema)["~standard"])["jsonSchema"]);
  // https://standardschema.dev: Standard JSON Schema; zod 4.2 and later
  if (typeof input === "function") return object(input({ target: "draft-2020-12" }));
  if (typeof toJSONSchema === "function") return object(Reflect.apply(toJSONSchema, schema, []));
  if (type === "object" && properties !== undefined) return schema as Schema;
  const members = typeof shape === "function" ? Reflect.apply(shape, schema, []) : shape ?? schema; // zod 3
  const names = Object.keys(object(members)).filter((name) => !name.startsWith("_") && !name.startsWith("~"));
  return { type: "object", properties: Object.fromEntries(names.map((name) => [name, {}])) };
}
