/**
 * Options of the `pipe` source.
 *
 * @module
 */
import { z } from "zod";
import { path } from "../../pipeline/component.ts";
import { FORMATS } from "../../protocols/sensor/mod.ts";
import { mapping } from "../../pipeline/sensors/mapping.ts";

const MIB = 1024 * 1024;

/** What may be set. */
export const options = z.strictObject({
  path: path().optional()
    .describe(
      "The UNIX socket to listen on. By default, unless there is a `fifo`, where the sensors look for it: " +
        "`$MCPSONDE_SOCKET`, `$XDG_RUNTIME_DIR/mcpsonde/events.sock` or `~/.mcpsonde/events.sock`. It is made with " +
        "mode 0600, its folder with 0700.",
    ),
  fifo: path().optional()
    .describe("A named pipe to read. It is made, with mode 0600, if there is none. Nothing tells who writes into it."),
  format: z.enum(FORMATS).default("auto")
    .describe("What the lines are; `auto` tells by each line. `bluerock` is also that of mcpsonde's own sensors."),
  mapping: mapping.optional()
    .describe("Where things stand in `plain` lines. What is not named is taken from the member of that name."),
  window_ms: z.int().min(0).max(10_000).default(30)
    .describe("For how long an event is held back for earlier ones of other writers, in milliseconds."),
  max_line: z.int().min(1024).max(64 * MIB).default(2 * MIB)
    .describe("Longest line in bytes. A longer one is passed over and told in a gap event."),
  max_connections: z.int().min(1).max(65_536).default(1024)
    .describe("How many writers may be connected at once. More are refused, which a gap event tells."),
  max_unfinished: z.int().min(1024).default(64 * MIB)
    .describe(
      "Bytes of lines that have no end yet, over all connections. Beyond it the connection with most is closed.",
    ),
  max_processes: z.int().min(2).default(4096)
    .describe("How many processes are remembered. Beyond it those silent longest are forgotten."),
  max_sessions: z.int().min(2).default(4096)
    .describe("How many sessions are remembered. Beyond it those silent longest are taken for ended."),
  batch_events: z.int().min(1).max(65_536).default(1024).describe("Events handed on at once."),
  check_imports: z.boolean().default(false)
    .describe("Hold the SHA-256 of imports against the files. A mismatch is a finding, `sensor.import_tampered`."),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
