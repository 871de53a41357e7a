/**
 * `mcpsonde wrap`: puts a proxy before each server of the clients' configurations.
 *
 * @module
 */
import type { Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { changeCommand } from "./_wrap/command.ts";

/** Wraps. */
export const wrap: Command<CliContext> = changeCommand(
  "wrap",
  "Put mcpsonde proxy before the servers in clients' configurations",
  `Looks for the configurations of MCP clients in your home and in this project, shows what would change, asks, and puts
mcpsonde proxy before each server over stdio. Formatting and comments stay; what was there is kept in ~/.mcpsonde/wrapped, and
mcpsonde unwrap brings it back byte for byte. Servers over HTTP are left: see mcpsonde proxy --http.

  mcpsonde wrap --dry-run
  mcpsonde wrap claude-desktop cursor
  mcpsonde wrap --yes --file ./.mcp.json`,
);
