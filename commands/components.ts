/**
 * `mcpsonde components [TYPE]`: what a pipeline file may name, and the options of each.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { AnyComponent } from "../pipeline/component.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";

/** Lists and describes components. */
export const components: Command<CliContext> = buildCommand<Record<never, never>, [string?], CliContext>({
  docs: {
    brief: "List sources, transforms and sinks, or the options of one",
    fullDescription:
      `Lists what a pipeline file may name, or describes one type: its options, their defaults, an example.

  mcpsonde components
  mcpsonde components console`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, optional: true, placeholder: "TYPE", brief: "A type", proposeCompletions: types }],
    },
  },
  async func(_flags, type) {
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
    for (const component of found) this.process.stdout.write(await describe(component));
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
  const { kind, type, summary } = component;
  const rows = [...optionRows(component), ...(kind === "sink" ? sinkRows() : [])].map((row) => {
    const preset = row.required ? "; required" : row.default === undefined ? "" : `; default ${row.default}`;
    return [`  ${row.name}`, `${row.description}\n(${row.type}${preset})`];
  });
  const example = JSON.stringify({ [type]: exampleOf(component) }, null, 2).split("\n").slice(1, -1).join("\n");
  const options = rows.length === 0 ? "It takes no options.\n" : `Options\n${table(rows)}`;
  return `${type} (${kind}): ${summary}\n\n${options}\nExample\n${example}\n`;
}
