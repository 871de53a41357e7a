/**
 * The command line: every subcommand by its name. What a command does is in `commands/`, one file each.
 *
 * @module
 */
import { processContext } from "./commands/_context.ts";
import { type Commands, main } from "./commands/_main.ts";
import { doctor } from "./commands/doctor.ts";
import { monitor } from "./commands/monitor.ts";

/** In the order of `--help`. */
export const commands: Commands = { monitor, doctor };

if (import.meta.main) Deno.exit(await main(commands, Deno.args, processContext()));
