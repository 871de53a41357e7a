/**
 * The `replay` source: what the `record` sink wrote.
 *
 * @module
 */
import { closeSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import { type Context, defineSource, path, type SourceComponent } from "../../pipeline/component.ts";
import { HEADER_BYTES, readHeader } from "../../protocols/capture/mod.ts";
import { type Opened, replay } from "./replay.ts";

const options = z.strictObject({
  path: path().describe("A file that the `record` sink wrote."),
  speed: z.enum(["max", "real"]).default("max").describe("`real` keeps the times between events; `max` does not wait."),
  batch_events: z.int().min(1).max(65_536).default(512).describe("Events handed on at once."),
});

/** Replays. */
const component: SourceComponent<typeof options> = defineSource({
  type: "replay",
  summary: "A recorded capture file, as fast as it can be read or at its own pace.",
  options,
  create: ({ path, speed, batch_events }, context: Context) =>
    replay(open(path), { real: speed === "real", batchEvents: batch_events }, context),
});
export default component;

/** Opens the file and looks at its header. Throws a sentence. */
function open(path: string): Opened {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    throw new Error(`Cannot read the capture ${path}: ${text(error)}`);
  }
  try {
    const head = new Uint8Array(HEADER_BYTES);
    let length = 0;
    for (let read = -1; read !== 0; length += read) read = readSync(fd, head, length, head.length - length, null);
    const header = readHeader(head.subarray(0, length));
    if (typeof header === "string") throw new Error(`it is ${header}.`);
    return { path, fd, head };
  } catch (error) {
    closeSync(fd);
    throw new Error(`Cannot replay ${path}: ${text(error)}`);
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
