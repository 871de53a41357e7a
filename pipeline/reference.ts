/**
 * What a component's declaration says of it, for people: its options, an example, a page of the reference.
 *
 * @module
 */
import type { AnyComponent, ComponentPart } from "./component.ts";
import { type JsonSchema, optionsSchema, sinkMembers } from "./schema.ts";

/** One option of a component. */
export interface OptionRow {
  /** With the options that it is part of: `rotate.size`. */
  readonly name: string;
  /** In words: `path`, `whole number, at least 1`, `"hour" or "day"`. */
  readonly type: string;
  readonly required: boolean;
  /** As JSON. */
  readonly default?: string | undefined;
  readonly description: string;
}

/** The options of a component, with those inside objects after the object, but for those that its parts describe. */
export function optionRows(component: AnyComponent): OptionRow[] {
  const parts = component.parts?.options ?? [];
  return rowsOf(optionsSchema(component), "").filter(({ name }) => !parts.some((part) => name.startsWith(`${part}.`)));
}

/** The options of a part of a component. */
export function partRows(part: ComponentPart): OptionRow[] {
  return rowsOf(optionsSchema(part), "");
}

/** The options that every sink has. */
export function sinkRows(): OptionRow[] {
  return rowsOf({ properties: sinkMembers() }, "");
}

/** A stage of this type as it may stand in a file: what is required, and what its declaration gives examples for. */
export function exampleOf(component: AnyComponent): { type: string; [option: string]: unknown } {
  const example = exampleValue(optionsSchema(component), "") as Record<string, unknown>;
  return { type: component.type, ...example };
}

/** The component's page in Markdown. */
export function referencePage(component: AnyComponent): string {
  const { kind, type, summary } = component;
  const member = kind === "transform" ? [exampleOf(component)] : { [type]: exampleOf(component) };
  const example = JSON.stringify({ [`${kind}s`]: member }, null, 2).split("\n").slice(1, -1).map((line) =>
    line.slice(2)
  );
  const rows = optionRows(component);
  return [
    `# \`${type}\` (${kind})`,
    summary,
    ...(rows.length === 0 ? ["It takes no options."] : ["## Options", table(rows)]),
    ...(kind === "sink" ? ["Every sink takes these as well:", table(sinkRows())] : []),
    ...(component.parts === undefined ? [] : [
      `## ${component.parts.title}`,
      component.parts.list.map(({ name, summary }) =>
        `- [\`${name}\`](../${component.parts?.page}#${name}): ${summary}`
      )
        .join("\n"),
    ]),
    "## Example",
    `\`\`\`jsonc\n${example.join("\n")}\n\`\`\``,
  ].join("\n\n") + "\n";
}

function rowsOf(schema: JsonSchema, prefix: string): OptionRow[] {
  const required = (schema["required"] ?? []) as string[];
  const properties = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  return Object.entries(properties).flatMap(([name, option]) => {
    const row = {
      name: prefix + name,
      type: typeOf(option),
      required: required.includes(name),
      default: "default" in option ? JSON.stringify(option["default"]) : undefined,
      description: String(option["description"] ?? ""),
    };
    const items = option["items"] as JsonSchema | undefined;
    const either = ((option["anyOf"] ?? []) as JsonSchema[]).filter((one) => "properties" in one);
    return [
      row,
      ...either.flatMap((one) => rowsOf(one, `${prefix}${name}.`)),
      ...rowsOf(option, `${prefix}${name}.`),
      ...(items ? rowsOf(items, `${prefix}${name}[].`) : []),
    ];
  });
}

function typeOf(schema: JsonSchema): string {
  const options = (schema["anyOf"] ?? schema["oneOf"]) as JsonSchema[] | undefined;
  if (options !== undefined) {
    return either([...new Set(options.filter((option) => !isSubstitution(option)).map(typeOf))]);
  }
  if ("$ref" in schema) return String(schema["$ref"]).split("/").at(-1)!;
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if ("enum" in schema) return either((schema["enum"] as unknown[]).map((value) => JSON.stringify(value)));
  switch (schema["type"]) {
    case "string":
      return String(schema["format"] ?? "string");
    case "integer":
      return `whole number${limits(schema)}`;
    case "number":
      return `number${limits(schema)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `array of ${typeOf((schema["items"] ?? {}) as JsonSchema)}`;
    default:
      return String(schema["type"] ?? "any value");
  }
}

function either(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function limits({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): string {
  const low = minimum !== undefined
    ? `at least ${minimum}`
    : exclusiveMinimum !== undefined
    ? `above ${exclusiveMinimum}`
    : "";
  const high = maximum !== undefined
    ? `at most ${maximum}`
    : exclusiveMaximum !== undefined
    ? `below ${exclusiveMaximum}`
    : "";
  return [low, high].filter((text) => text !== "").map((text) => `, ${text}`).join("");
}

function exampleValue(schema: JsonSchema, name: string): unknown {
  if (Array.isArray(schema["examples"])) return schema["examples"][0];
  if ("default" in schema) return schema["default"];
  const options = (schema["anyOf"] ?? schema["oneOf"]) as JsonSchema[] | undefined;
  if (options !== undefined) return exampleValue(options[0]!, name);
  if ("const" in schema) return schema["const"];
  if ("enum" in schema) return (schema["enum"] as unknown[])[0];
  switch (schema["type"]) {
    case "string":
      if (schema["format"] === "path") return name === "path" ? "./file" : `./${name}`;
      return schema["format"] === "uri" ? "http://127.0.0.1:8080" : name;
    case "integer":
    case "number":
      return schema["minimum"] ?? 1;
    case "boolean":
      return true;
    case "array":
      return schema["minItems"] === undefined ? [] : [exampleValue((schema["items"] ?? {}) as JsonSchema, name)];
    case "object":
      return exampleMembers(schema);
    default:
      return null;
  }
}

function exampleMembers(schema: JsonSchema): Record<string, unknown> {
  const required = (schema["required"] ?? []) as string[];
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>);
  return Object.fromEntries(
    properties.filter(([name, option]) => required.includes(name) || "examples" in option)
      .map(([name, option]) => [name, exampleValue(option, name)]),
  );
}

function isSubstitution(schema: JsonSchema): boolean {
  return schema["$ref"] === "#/$defs/substitution";
}

/** Options as a table in Markdown. */
export function table(rows: readonly OptionRow[]): string {
  const lines = rows.map((row) => {
    const preset = row.required ? "required" : row.default === undefined ? "" : `\`${row.default}\``;
    return [`\`${row.name}\``, row.type, preset, row.description].map((cell) => cell.replaceAll("|", "\\|")).join(
      " | ",
    );
  });
  return ["option | type | default | meaning", "--- | --- | --- | ---", ...lines].map((line) => `| ${line} |`).join(
    "\n",
  );
}
