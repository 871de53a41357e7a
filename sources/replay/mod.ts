/**
 * The `replay` source: what the `record` sink wrote.
 *
 * @module
 */
import { openSync } from "node:fs";
import { z } from "zod";
import { type Context, defineSource, path, type SourceComponent } from "../../pipeline/component.ts";
import { replay } from "./replay.ts";

const options = z.strictObject({
  path: path().describe("The capture file."),
  speed: z.enum(["max", "real"]).default("max").describe("`real` keeps the times between events as they were."),
  batch_events: z.int().min(1).max(65_536).default(512).describe("Events handed on at once."),
});

/** Replays. */
const component: SourceComponent<typeof options> = defineSource({
  type: "replay",
  summary: "Replays a capture that the record sink wrote",
  options,
  create({ path, speed, batch_events }, context: Context) {
    return replay(openSync(path, "r"), path, { real: speed === "real", batchEvents: batch_events }, context);
  },
});
export default component;
