/**
 * `mcpsonde inventory [CAPTURE]`: which servers there are, and what they offer.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { type CaptureFlags, captureFlags, integer } from "./_flags.ts";

interface Flags extends CaptureFlags {
  readonly seconds?: number;
  readonly tools: boolean;
  readonly json: boolean;
}

/** Lists servers. */
export const inventory: Command<CliContext> = buildCommand<Flags, [string?], CliContext>({
  docs: {
    brief: "List the MCP servers at work, and what they offer",
    fullDescription:
      `Watches this machine, or reads a recorded capture, and then lists the servers that were seen: what they are, how they are
reached, their tools and what those take of a model's context, as an estimate. Secrets are redacted. A server is seen when
it speaks, and its tools when a client asks for them.

  sudo mcpsonde inventory --seconds 60
  sudo mcpsonde inventory --tools --comm claude     until Ctrl-C
  mcpsonde inventory bug.capture --json | jq '.servers[].tools[].name'`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, optional: true, placeholder: "CAPTURE", brief: "A recorded capture" }],
    },
    flags: {
      seconds: { kind: "parsed", parse: integer, optional: true, placeholder: "N", brief: "Watch for so long" },
      tools: { kind: "boolean", default: false, withNegated: false, brief: "List each server's tools too" },
      json: { kind: "boolean", default: false, withNegated: false, brief: "Print JSON" },
      ...captureFlags,
    },
    aliases: { s: "seconds", t: "tools", j: "json" },
  },
  async func(flags, capture) {
    const { collectServers } = await import("./_inventory/collect.ts");
    const { loadTokenizer } = await import("../pipeline/tokens.ts");
    const { seconds, tools, json } = flags;
    if (capture !== undefined) refuseOthers(flags);
    const { servers, leftOut, code } = await collectServers({ capture, flags, seconds, redacted: true }, this);
    await loadTokenizer();
    if (json) {
      const { inventoryJson } = await import("./_inventory/json.ts");
      this.process.stdout.write(inventoryJson(servers));
    } else {
      const { inventoryText } = await import("./_inventory/text.ts");
      const { palette } = await import("../sinks/console/palette.ts");
      const { hasColours, stdoutTerminal } = await import("../sinks/console/terminal.ts");
      const { outputColumns } = await import("./_table.ts");
      this.process.stdout.write(inventoryText(servers, {
        palette: palette(hasColours("auto", stdoutTerminal)),
        columns: outputColumns(),
        now: Date.now(),
        tools,
      }));
    }
    if (leftOut > 0) this.process.stderr.write(`mcpsonde: ${leftOut} more servers were seen than can be kept\n`);
    this.process.exitCode = code;
  },
});

/** A capture has been made: how to watch can be chosen no more. */
function refuseOthers(flags: Flags): void {
  const { seconds, pid, comm, container, exceptPid, exceptComm, exceptContainer, ringBytes, libbpf } = flags;
  const options = {
    seconds,
    pid,
    comm,
    container,
    "except-pid": exceptPid,
    "except-comm": exceptComm,
    "except-container": exceptContainer,
    "ring-bytes": ringBytes,
    libbpf,
  };
  const other = Object.entries(options).find(([, value]) => value !== undefined)?.[0];
  if (other === undefined) return;
  throw new Failure(`--${other} is about watching this machine, not about a capture`, EXIT.usage);
}
