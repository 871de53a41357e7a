/**
 * `mcpsonde unwrap`: undoes `mcpsonde wrap`.
 *
 * @module
 */
import type { Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { changeCommand } from "./_wrap/command.ts";

/** Unwraps. */
export const unwrap: Command<CliContext> = changeCommand(
  "unwrap",
  "Undo mcpsonde wrap",
  `Takes mcpsonde proxy out of clients' configurations. A file that nobody has changed since is restored byte for byte; of
another only what mcpsonde wrap has put there is undone.

  mcpsonde unwrap
  mcpsonde unwrap claude-desktop --dry-run`,
);
