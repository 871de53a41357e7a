/**
 * `mcpsonde diff A B`: what differs between two captures.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { type RedactFlags, redactFlags } from "./_redact.ts";

interface Flags extends RedactFlags {
  readonly format: "text" | "json";
}

/** Compares. */
export const diff: Command<CliContext> = buildCommand<Flags, [string, string], CliContext>({
  docs: {
    brief: "Show what differs between two captures: servers, tools, calls, findings",
    fullDescription:
      `Compares A with B, which may be captures of different kinds: servers and what they offer, with the differences of definitions; calls
by server, method and name, A's figures before B's; findings that only one has. Servers are matched by their keys, else by
their names.

  mcpsonde diff monday.sqlite friday.sqlite
  mcpsonde diff before.capture after.capture --format json`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { parse: String, placeholder: "A", brief: "A capture" },
        { parse: String, placeholder: "B", brief: "A later one" },
      ],
    },
    flags: {
      format: { kind: "enum", values: ["text", "json"], default: "text", brief: "How to print" },
      ...redactFlags,
    },
    aliases: { f: "format" },
  },
  async func({ format, redact }, a, b) {
    const { openCapture } = await import("./_open.ts");
    const { compare } = await import("./_diff/compare.ts");
    const { stdout, env } = this.process;
    const before = await openCapture(a, { redact }, this);
    try {
      const after = await openCapture(b, { redact }, this);
      try {
        const difference = compare(before.store, after.store);
        if (format === "json") return stdout.write(`${JSON.stringify(difference, null, 2)}\n`);
        const { palette } = await import("../sinks/console/palette.ts");
        const { hasColours, PIPED_COLUMNS } = await import("../sinks/console/terminal.ts");
        const { differenceLines } = await import("./_diff/text.ts");
        const { terminalColumns } = await import("./_query/print.ts");
        const terminal = { isTTY: stdout.isTTY, columns: () => undefined, env: (name: string) => env[name] };
        const columns = stdout.isTTY ? terminalColumns() : PIPED_COLUMNS;
        for (const line of differenceLines(difference, columns, palette(hasColours("auto", terminal)))) {
          stdout.write(`${line}\n`);
        }
      } finally {
        after.close();
      }
    } finally {
      before.close();
    }
  },
});
