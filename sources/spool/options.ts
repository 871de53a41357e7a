/**
 * Options of the `spool` source.
 *
 * @module
 */
import { z } from "zod";
import { path } from "../../pipeline/component.ts";
import { mapping } from "../../pipeline/sensors/mapping.ts";
import { FORMATS } from "../../protocols/sensor/mod.ts";

const MIB = 1024 * 1024;

/** What may be set. */
export const options = z.strictObject({
  dir: path().describe("The folder. If there is none, the source waits for it."),
  pattern: z.array(z.string().min(1).max(200)).min(1).default([
    "*.ndjson",
    "*.jsonl",
    "*.ndjson.gz",
    "*.jsonl.gz",
  ]).describe("Names of the files that are read; `*` stands for any characters, `?` for one."),
  format: z.enum(FORMATS).default("auto")
    .describe("What the lines are; `auto` tells by each line. `bluerock` is also that of mcpsonde's own sensors."),
  mapping: mapping.optional()
    .describe("Where things stand in `plain` lines. What is not named is taken from the member of that name."),
  from: z.enum(["start", "end", "checkpoint"]).default("checkpoint")
    .describe(
      "Where to begin with files that are there already: at their start, at their end, or where the checkpoint says " +
        "(at the start if there is none yet).",
    ),
  checkpoint: path().optional()
    .describe(
      "A file that keeps how far was read. It is written once all sinks have taken a batch: after a crash at most one " +
        "batch comes twice. Without it reading begins anew each time.",
    ),
  poll_ms: z.int().min(10).max(60_000).default(250)
    .describe(
      "How often the folder is looked at, in milliseconds. Where the system tells of changes they are read at once, and " +
        "the folder is looked at a fourth as often.",
    ),
  window_ms: z.int().min(0).max(10_000).default(20)
    .describe("For how long an event is held back for earlier ones of other files, in milliseconds."),
  max_line: z.int().min(1024).max(256 * MIB).default(8 * MIB)
    .describe("Longest line in bytes. A longer one is passed over and told in a gap event."),
  max_files: z.int().min(1).default(65_536).describe("How many files of the folder are followed."),
  max_open: z.int().min(1).max(65_536).default(256)
    .describe("How many files are open at once. Events of so many files are put in the order of their times."),
  max_processes: z.int().min(2).default(4096)
    .describe("How many processes are remembered. Beyond it those silent longest are forgotten."),
  max_sessions: z.int().min(2).default(4096)
    .describe("How many sessions are remembered. Beyond it those silent longest are taken for ended."),
  batch_events: z.int().min(1).max(65_536).default(1024).describe("Events handed on at once."),
  check_imports: z.boolean().default(false)
    .describe(
      "Hold the SHA-256 of imports against the files: BlueRock copies it from the package's RECORD, so that an edited " +
        "file keeps its old one. A mismatch is a finding, `sensor.import_tampered`.",
    ),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
