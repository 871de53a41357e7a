/**
 * Where a document describes values instead of holding them: there a name such as `password` belongs to the description.
 *
 * @module
 */

/** Members whose value is a JSON Schema: of MCP's tools and elicitations, of model APIs' functions, of OpenAPI. */
const ROOTS: ReadonlySet<string> = new Set([
  ...["inputSchema", "outputSchema", "requestedSchema", "input_schema", "output_schema", "parameters", "schema"],
  ...["json_schema", "jsonSchema", "parametersJsonSchema", "responseSchema"],
]);
/** What a name of one of these ends with, or is, in quotes: a message without has no schema. */
export const SCHEMA_NEEDLES: readonly string[] = ['schema"', '"parameters"'];
/** Keywords whose members are names with a schema each (JSON Schema 2020-12, sections 10.3.2 and 8.2.4). */
const NAMED: ReadonlySet<string> = new Set([
  ...["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"],
]);
/** Keywords whose value is a value, or some (JSON Schema Validation 2020-12, sections 6.1 and 9; `example` of OpenAPI). */
const VALUES: ReadonlySet<string> = new Set(["default", "const", "examples", "example", "enum"]);
/** All other keywords: their text is for people, or part of the description. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...["$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$comment", "$vocabulary"],
  ...["type", "title", "description", "format", "pattern", "required", "propertyNames", "dependentRequired"],
  ...["items", "prefixItems", "contains", "additionalItems", "additionalProperties", "unevaluatedItems"],
  ...["unevaluatedProperties", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "contentSchema"],
  ...["contentEncoding", "contentMediaType", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  ...["multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains"],
  ...["minProperties", "maxProperties", "readOnly", "writeOnly", "deprecated", "nullable", "discriminator"],
  ...["enumNames", "x-mcp-header"],
]);

/** Where a walk is: outside, in a schema, among named schemas. */
export const Schema = { outside: 0, schema: 1, named: 2 } as const;
/** Where a walk is. */
export type Schema = typeof Schema[keyof typeof Schema];

/** What a member's value is: `value` is a value of what is described. */
export type Part = "ordinary" | "schema" | "named" | "value";

/** What stands under `name`, in an object that is at `at`; `isObject`: it is an object, `isArray`: an array. */
export function partOf(at: Schema, name: string, isObject: boolean, isArray: boolean): Part {
  switch (at) {
    case Schema.outside:
      return isObject && ROOTS.has(name) ? "schema" : "ordinary";
    case Schema.schema:
      if (NAMED.has(name)) return isObject ? "named" : "ordinary";
      if (VALUES.has(name)) return "value";
      return KEYWORDS.has(name) ? "schema" : "ordinary";
    case Schema.named:
      return isObject || isArray ? "schema" : "ordinary";
  }
}

/** True if `text[start, end)` names a member whose value is a JSON Schema. */
export function isSchemaRoot(text: string, start: number, end: number): boolean {
  // All of them end with `ma` or `rs`; of the names that others have, few do.
  const last = text.charCodeAt(end - 1), before = text.charCodeAt(end - 2);
  const mayBe = (last === 0x61 && before === 0x6d) || (last === 0x73 && before === 0x72);
  return mayBe && ROOTS.has(text.slice(start, end));
}
