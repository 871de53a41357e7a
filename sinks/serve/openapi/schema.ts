/**
 * JSON Schema (2020-12, as OpenAPI 3.1 has it), written short.
 *
 * @module
 */

/** A schema. */
export type Schema = { readonly [keyword: string]: unknown };

export const text: Schema = { type: "string" };
export const integer: Schema = { type: "integer" };
export const number: Schema = { type: "number" };
export const flag: Schema = { type: "boolean" };
/** Any JSON. */
export const anything: Schema = {};
/** Milliseconds since the Unix epoch, with a fraction. */
export const time: Schema = { type: "number", description: "Milliseconds since the Unix epoch, with a fraction" };
/** Milliseconds. */
export const millis: Schema = { type: "number", description: "Milliseconds" };

/** The same with a sentence. */
export function told(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

/** One of some texts. */
export function oneOf(...names: readonly string[]): Schema {
  return { type: "string", enum: names };
}

/** An array. */
export function list(items: Schema): Schema {
  return { type: "array", items };
}

/** An object of any names. */
export function map(values: Schema): Schema {
  return { type: "object", additionalProperties: values };
}

/** A reference to a named schema. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object with these members and no others; a name that ends in `?` may be absent. */
export function object(members: { readonly [name: string]: Schema }, description?: string): Schema {
  const entries = Object.entries(members);
  const required = entries.map(([name]) => name).filter((name) => !name.endsWith("?"));
  return {
    type: "object",
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ""), schema])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}
