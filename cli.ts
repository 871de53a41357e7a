/**
 * The command line: every subcommand by its name. What a command does is in `commands/`, one file each.
 *
 * @module
 */
import { processContext } from "./commands/_context.ts";
import { type Commands, main } from "./commands/_main.ts";
import { baseline } from "./commands/baseline.ts";
import { check } from "./commands/check.ts";
import { completions } from "./commands/completions.ts";
import { components } from "./commands/components.ts";
import { demo } from "./commands/demo.ts";
import { diff } from "./commands/diff.ts";
import { doctor } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { inventory } from "./commands/inventory.ts";
import { monitor } from "./commands/monitor.ts";
import { prune } from "./commands/prune.ts";
import { proxy } from "./commands/proxy.ts";
import { query } from "./commands/query.ts";
import { record } from "./commands/record.ts";
import { redact } from "./commands/redact.ts";
import { replay } from "./commands/replay.ts";
import { run } from "./commands/run.ts";
import { schema } from "./commands/schema.ts";
import { serve } from "./commands/serve.ts";
import { test } from "./commands/test.ts";
import { top } from "./commands/top.ts";
import { unwrap } from "./commands/unwrap.ts";
import { validate } from "./commands/validate.ts";
import { wrap } from "./commands/wrap.ts";

/** In the order of `--help`. */
export const commands: Commands = {
  monitor,
  top,
  demo,
  doctor,
  run,
  proxy,
  wrap,
  unwrap,
  record,
  replay,
  query,
  export: exportCommand,
  diff,
  prune,
  serve,
  check,
  inventory,
  baseline,
  redact,
  validate,
  components,
  schema,
  completions,
  test,
};

if (import.meta.main) Deno.exit(await main(commands, Deno.args, processContext()));
