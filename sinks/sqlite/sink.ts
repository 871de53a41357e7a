/**
 * The sink's loop: makes rows and hands them to the thread that writes.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import type { Batch, GapEvent } from "../../pipeline/event.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { Changed } from "../../pipeline/store/changed.ts";
import { openDatabase } from "../../pipeline/store/database.ts";
import { Packer } from "../../pipeline/store/pack.ts";
import { Recorder } from "../../pipeline/store/recorder.ts";
import { DatabaseLookup } from "../../pipeline/store/writer.ts";
import { loadTokenizer } from "../../pipeline/tokens.ts";
import { Hand } from "./hand.ts";
import { milliseconds, type Options } from "./options.ts";

/** Writes rows. Rejects, when it is made, with a sentence if the file cannot be used. */
export async function sqliteSink(options: Options, context: Context): Promise<Sink> {
  const { path, max_text: text, other_http: otherHttp, tokens, max_age: maxAge } = options;
  const db = await openDatabase(path, false);
  if (tokens) await loadTokenizer();
  const setup = {
    path,
    maxAge: maxAge === undefined ? undefined : milliseconds(maxAge),
    maxBytes: options.max_bytes,
    textIndex: options.text_index,
  };
  return async (input: AsyncIterable<Batch>) => {
    const packer = new Packer(), changed = new Changed();
    const recorder = new Recorder(packer, new DatabaseLookup(db), { text, otherHttp, tokens }, changed);
    const hand = new Hand(packer, setup, context, () => recorder.flush());
    let dropped = 0;
    try {
      await hand.ready();
      for await (const batch of input) {
        if (hand.isFailing && hand.waiting > options.max_buffer_bytes) {
          dropped += batch.length;
          context.metrics.dropped("write_failed", batch.length);
          await hand.breath();
          continue;
        }
        if (dropped > 0) recorder.add([gap(dropped, context.name)]);
        dropped = 0;
        recorder.add(batch);
        changed.clear();
        hand.go();
        if (!hand.isFailing) await hand.room(options.queue_bytes);
        context.metrics.set("waiting_bytes", hand.waiting);
        if (recorder.leftOut > 0) context.metrics.set("left_out", recorder.leftOut);
      }
      if (dropped > 0) recorder.add([gap(dropped, context.name)]);
      recorder.flush();
      recorder.mark();
    } finally {
      await hand.end();
      db.close();
    }
  };
}

function gap(events: number, source: string): GapEvent {
  return {
    kind: "gap",
    time: Date.now(),
    source,
    reason: "write_failed",
    message: `${events} ${
      events === 1 ? "event was" : "events were"
    } dropped here while this file could not be written`,
    lost: { records: events },
  };
}
