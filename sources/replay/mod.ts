/**
 * The `replay` source: a recorded capture, as if it happened now.
 *
 * @module
 */
import { z } from "zod";
import { type Context, defineSource, path } from "../../pipeline/component.ts";
import type { Batch, Event } from "../../pipeline/event.ts";
import { CaptureDecoder, FILE_HEAD, headProblem } from "../../protocols/capture/mod.ts";

const options = z.strictObject({
  path: path().describe("A file that the `record` sink wrote."),
  speed: z.enum(["max", "real"]).default("max").describe("`real` keeps the times between events; `max` does not wait."),
});

/** Options of the `replay` source. */
export type ReplayOptions = z.output<typeof options>;

const BLOCK = 1 << 20, BATCH = 512;

/** Opens the file and checks its head; throws with a sentence that names the file. */
async function open(file: string): Promise<Deno.FsFile> {
  let opened: Deno.FsFile;
  try {
    opened = await Deno.open(file, { read: true });
  } catch (error) {
    throw new Error(`Cannot read the capture ${file}: ${error instanceof Error ? error.message : error}.`);
  }
  const head = new Uint8Array(FILE_HEAD);
  let problem: string | undefined;
  try {
    const { length } = fill(opened, head, 0);
    problem = headProblem(head.subarray(0, length));
  } catch (error) {
    problem = `not readable (${error instanceof Error ? error.message : error})`;
  }
  if (problem === undefined) return opened;
  opened.close();
  throw new Error(`Cannot replay ${file}: it is ${problem}.`);
}

/** Reads until the buffer is full or the file ends; the part that has bytes. */
function fill(file: Deno.FsFile, buffer: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> {
  while (at < buffer.length) {
    const n = file.readSync(buffer.subarray(at));
    if (n === null) break;
    at += n;
  }
  return buffer.subarray(0, at);
}

async function* replay(file: Deno.FsFile, options: ReplayOptions, context: Context): AsyncGenerator<Batch> {
  const decoder = new CaptureDecoder(context.name);
  const clock = options.speed === "real" ? new Clock(context.signal) : undefined;
  try {
    let rest: Uint8Array = new Uint8Array(0), time = 0;
    while (!context.signal.aborted) {
      // Events point into the block, so each block is a new one; it begins with what the last one did not finish.
      const wanted = Math.max(BLOCK, rest.length > 0 ? CaptureDecoder.needed(rest, 0) : 0);
      const buffer = new Uint8Array(rest.length + wanted);
      buffer.set(rest);
      const block = fill(file, buffer, rest.length);
      const ended = block.length < buffer.length;
      let at = 0;
      for (;;) {
        const events: Event[] = [];
        const next = decoder.decode(block, at, events, BATCH);
        time = events.at(-1)?.time ?? time;
        if (clock) yield* clock.pace(events);
        else if (events.length > 0) yield events;
        if (next === at || context.signal.aborted) break;
        at = next;
      }
      rest = block.subarray(at);
      if (decoder.damage === undefined && !ended) continue;
      const lost = rest.length;
      if (lost > 0 && !context.signal.aborted) {
        const message = decoder.damage === undefined
          ? `The capture ends in the middle of a record: ${lost} bytes are left over.`
          : `The capture is damaged (${decoder.damage}): what follows is not read.`;
        yield [{
          kind: "gap",
          time,
          source: context.name,
          reason: decoder.damage === undefined ? "truncated" : "damaged",
          message,
          lost: { bytes: lost },
        }];
      }
      break;
    }
    if (decoder.skipped > 0) {
      context.metrics.dropped("unknown_record", decoder.skipped);
      context.log.warn(`passed over ${decoder.skipped} records that this version does not know`);
    }
  } finally {
    file.close();
  }
}

/** Keeps the times between events. */
class Clock {
  readonly #signal: AbortSignal;
  #offset: number | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async *pace(events: readonly Event[]): AsyncGenerator<Batch> {
    let due: Event[] = [];
    for (const event of events) {
      this.#offset ??= performance.now() - event.time;
      const wait = event.time + this.#offset - performance.now();
      if (wait > 5 && !this.#signal.aborted) {
        yield due;
        due = [];
        await this.#sleep(wait);
      }
      due.push(event);
    }
    yield due;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, 0x7fffffff));
      this.#signal.addEventListener("abort", done);
    });
  }
}

export default defineSource({
  type: "replay",
  summary: "A recorded capture file, as fast as it can be read or at its own pace.",
  options,
  create: async (options, context) => replay(await open(options.path), options, context),
});
