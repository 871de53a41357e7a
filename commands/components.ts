/**
 * `mcpsonde components [TYPE]`: what a pipeline file may name, and the options of each.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { AnyComponent } from "../pipeline/component.ts";
import type { OptionRow } from "../pipeline/reference.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";

/** Lists and describes components. */
export const components: Command<CliContext> = buildCommand<Record<never, never>, [string?, string?], CliContext>({
  docs: {
    brief: "List sources, transforms and sinks, or the options of one",
    fullDescription:
      `Lists what a pipeline file may name, or describes one type: its options, their defaults, an example.

  mcpsonde components
  mcpsonde components console
  mcpsonde components detect tool_drift    one of the detectors`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { parse: String, optional: true, placeholder: "TYPE", brief: "A type", proposeCompletions: types },
        { parse: String, optional: true, placeholder: "PART", brief: "A part of it, such as a detector" },
      ],
    },
  },
  async func(_flags, type, part) {
    const { builtins } = await import("../pipeline/builtins.ts");
    const { table } = await import("./_table.ts");
    const all = await builtins().list();
    if (type === undefined) {
      const rows = all.map((component) => [component.type, component.kind, component.summary]);
      this.process.stdout.write(table([["TYPE", "KIND", "WHAT IT DOES"], ...rows]));
      return;
    }
    const found = all.filter((component) => component.type === type);
    if (found.length === 0) throw new Failure(await unknown(type, all), EXIT.usage);
    for (const component of found) {
      this.process.stdout.write(await (part === undefined ? describe(component) : describePart(component, part)));
    }
  },
});

async function types(partial: string): Promise<string[]> {
  const { builtins } = await import("../pipeline/builtins.ts");
  return builtins().types().filter((type) => type.startsWith(partial));
}

async function unknown(type: string, all: readonly AnyComponent[]): Promise<string> {
  const { expectedOneOf } = await import("../pipeline/config/nearest.ts");
  return `no component "${type}"; ${expectedOneOf(type, all.map((component) => component.type))}`;
}

async function describe(component: AnyComponent): Promise<string> {
  const { exampleOf, optionRows, sinkRows } = await import("../pipeline/reference.ts");
  const { table } = await import("./_table.ts");
  const { kind, type, summary, parts } = component;
  const rows = [...optionRows(component), ...(kind === "sink" ? sinkRows() : [])];
  const example = JSON.stringify({ [type]: exampleOf(component) }, null, 2).split("\n").slice(1, -1).join("\n");
  const list = parts === undefined
    ? ""
    : `\n${parts.title} (mcpsonde components ${type} NAME describes one)\n${
      table(parts.list.map(({ name, summary }) => [`  ${name}`, summary]))
    }`;
  return `${type} (${kind}): ${summary}\n\n${await optionList(rows)}${list}\nExample\n${example}\n`;
}

async function describePart({ type, parts }: AnyComponent, name: string): Promise<string> {
  const { partRows } = await import("../pipeline/reference.ts");
  const { expectedOneOf } = await import("../pipeline/config/nearest.ts");
  const { table } = await import("./_table.ts");
  const part = parts?.list.find((part) => part.name === name);
  if (part === undefined) {
    const names = parts?.list.map(({ name }) => name) ?? [];
    throw new Failure(`${type} has no "${name}"; ${expectedOneOf(name, names)}`, EXIT.usage);
  }
  const lines = table(part.lines.map((line) => [line]));
  return `${name} (of ${type}): ${part.summary}\n\n${lines}\n${await optionList(partRows(part))}`;
}

async function optionList(options: readonly OptionRow[]): Promise<string> {
  const { table } = await import("./_table.ts");
  const rows = options.map((row) => {
    const preset = row.required ? "; required" : row.default === undefined ? "" : `; default ${row.default}`;
    return [`  ${row.name}`, `${row.description}\n(${row.type}${preset})`];
  });
  return rows.length === 0 ? "It takes no options.\n" : `Options\n${table(rows)}`;
}
