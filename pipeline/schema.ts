/**
 * The JSON Schema of pipeline files, so that an editor checks and completes them.
 *
 * @module
 */
import { z } from "zod";
import type { AnyComponent } from "./component.ts";
import { QUEUE_OPTIONS } from "./config/_queue_options.ts";
import type { Kind } from "./registry.ts";

/** A JSON Schema, draft 2020-12. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

const NAME = "^[A-Za-z0-9_][A-Za-z0-9_-]*$";

/** The JSON Schema of the options of one component, as its users write them, without `type`. */
export function optionsSchema(component: Pick<AnyComponent, "options">): JsonSchema {
  const { $schema: _, ...schema } = tidy(z.toJSONSchema(component.options, { io: "input", unrepresentable: "any" }));
  return { additionalProperties: false, ...schema };
}

/** The JSON Schema of a pipeline file that may use these components, and plug-ins. */
export function pipelineSchema(components: readonly AnyComponent[]): JsonSchema {
  const kinds: readonly Kind[] = ["source", "transform", "sink"];
  const stages = components.map((component) => [refOf(component), stage(component)]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "mcpsonde pipeline",
    description: "Where mcpsonde takes events from, what it does with them, and where they go.",
    type: "object",
    required: ["sources", "sinks"],
    additionalProperties: false,
    allowTrailingCommas: true, // VS Code's own keyword
    properties: {
      $schema: { type: "string", description: "Where this schema is." },
      sources: {
        description: "Where events come from. All sources are merged. The name of a source is in its events.",
        ...named("source"),
      },
      transforms: {
        description: "What happens to every event, in this order.",
        type: "array",
        items: ref("transform"),
        default: [],
      },
      sinks: { description: "Where events go. Every sink gets every event.", ...named("sink") },
    },
    $defs: {
      ...Object.fromEntries(kinds.map((kind) => [kind, anyOf(kind, components)])),
      ...Object.fromEntries(stages),
      ...Object.fromEntries(kinds.map((kind) => [`${kind}:plug-in`, plugin(kind)])),
      substitution: {
        description: "Filled in from the environment or from a file.",
        type: "string",
        pattern: "^\\$\\{[^}]+\\}$",
      },
    },
  };
}

/** The members that every sink has besides its own options. */
export function sinkMembers(): Record<string, JsonSchema> {
  const { properties } = tidy(z.toJSONSchema(z.strictObject(QUEUE_OPTIONS), { io: "input" })) as {
    properties: Record<string, JsonSchema>;
  };
  const transforms = {
    description: "Transforms for this sink only, after the common ones.",
    type: "array",
    items: ref("transform"),
    default: [],
  };
  return { transforms, ...properties };
}

function named(kind: Kind): JsonSchema {
  return { type: "object", minProperties: 1, propertyNames: { pattern: NAME }, additionalProperties: ref(kind) };
}

function ref(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` };
}

function refOf(component: AnyComponent): string {
  return `${component.kind}:${component.type}`;
}

function anyOf(kind: Kind, components: readonly AnyComponent[]): JsonSchema {
  const ours = components.filter((component) => component.kind === kind);
  return {
    type: "object",
    required: ["type"],
    oneOf: [...ours.map((component) => ref(refOf(component))), ref(`${kind}:plug-in`)],
  };
}

function stage(component: AnyComponent): JsonSchema {
  const { properties, required, ...rest } = optionsSchema(component);
  const type = { description: component.summary, const: component.type };
  const common = component.kind === "sink" ? sinkMembers() : {};
  return {
    description: component.summary,
    ...rest,
    required: ["type", ...(required as string[] | undefined ?? [])],
    properties: { type, ...properties as object, ...common },
  };
}

function plugin(kind: Kind): JsonSchema {
  const type = {
    description: "A plug-in: a path, a file: URL or an npm: specifier.",
    type: "string",
    pattern: "^(\\.{0,2}/|~/|file:|npm:)",
  };
  const common = kind === "sink" ? sinkMembers() : {};
  return { description: `A ${kind} of your own.`, type: "object", required: ["type"], properties: { type, ...common } };
}

const ANNOTATIONS = ["title", "description", "default", "examples", "deprecated"];

/** Lets a substitution stand for whatever is not just any string, and leaves out limits that only say "safe integer". */
function tidy(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).filter(([, value]) =>
    value !== Number.MAX_SAFE_INTEGER && value !== Number.MIN_SAFE_INTEGER
  );
  const tidied: JsonSchema = Object.fromEntries(entries.map(([key, value]) => [key, tidyKeyword(key, value)]));
  if (!isNarrow(tidied)) return tidied;
  const about = Object.entries(tidied).filter(([key]) => ANNOTATIONS.includes(key));
  const shape = Object.entries(tidied).filter(([key]) => !ANNOTATIONS.includes(key));
  return { ...Object.fromEntries(about), anyOf: [Object.fromEntries(shape), ref("substitution")] };
}

function tidyKeyword(key: string, value: unknown): unknown {
  if (["properties", "patternProperties", "$defs"].includes(key)) {
    return Object.fromEntries(Object.entries(value as object).map(([name, schema]) => [name, tidy(schema)]));
  }
  if (["anyOf", "oneOf", "allOf", "prefixItems"].includes(key)) return (value as JsonSchema[]).map(tidy);
  const isSchema = ["items", "additionalProperties"].includes(key) && typeof value === "object";
  return isSchema ? tidy(value as JsonSchema) : value;
}

function isNarrow(schema: JsonSchema): boolean {
  const { type } = schema;
  if (type === "number" || type === "integer" || type === "boolean") return true;
  return type === "string" &&
    ("enum" in schema || "pattern" in schema || ("format" in schema && schema["format"] !== "path"));
}
