import { describe, expect, it } from "vitest";
import type { Batch, GapEvent } from "../../pipeline/event.ts";
import { fanOut } from "../../pipeline/fan_out.ts";
import { queue } from "../../pipeline/queue.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { batch, keep, numbers, sleep, sourceOf } from "./_events.ts";

/** Reads one batch, lets everything else pile up, then reads the rest. */
async function readLate(batches: readonly Batch[], limit: number, drops: number[] = []): Promise<Batch[]> {
  const output = queue({ limit, name: "sinks.slow", onDrop: (n) => drops.push(n) })(sourceOf(batches));
  const seen: Batch[] = [];
  for await (const batch of output) {
    seen.push(batch);
    if (seen.length === 1) await sleep(5);
  }
  return seen;
}

describe("queue", () => {
  it("passes everything on in order when there is room", async () => {
    const seen: (number | string)[] = [];
    await keep(seen)(queue({ limit: 10 })(sourceOf([batch(1), batch(2, 3), batch(), batch(4)])));
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it("holds no more events than its limit, and drops the newest", async () => {
    const drops: number[] = [];
    const seen = await readLate([batch(1), batch(2, 3), batch(4, 5), batch(6)], 3, drops);
    expect(numbers(seen.flat())).toEqual([1, 2, 3, 4, "when_full"]);
    expect(drops).toEqual([1, 1]);
  });

  it("tells the reader what was dropped, in the place where it would have been", async () => {
    async function* input() {
      yield batch(1);
      yield batch(2, 3);
      yield batch(4, 5);
      await sleep(20); // the reader catches up
      yield batch(6);
    }
    const seen: Batch[] = [];
    for await (const batch of queue({ limit: 2, name: "sinks.slow" })(input())) {
      seen.push(batch);
      if (seen.length === 1) await sleep(5);
    }
    expect(numbers(seen.flat())).toEqual([1, 2, 3, "when_full", 6]);
    const gap = seen.flat()[3] as GapEvent;
    expect(gap.source).toBe("sinks.slow");
    expect(gap.lost).toEqual({ records: 2, messages: 0 });
    expect(gap.message).toBe("2 events were dropped, as the queue was full.");
  });

  it("cuts a batch that is larger than the limit", async () => {
    const seen = await readLate([batch(1), batch(2, 3, 4, 5)], 2);
    expect(numbers(seen.flat())).toEqual([1, 2, 3, "when_full"]);
  });

  it("lets a slow sink hold up neither the source nor another sink", async () => {
    let dropped = 0;
    let kept = 0;
    const durable: (number | string)[] = [];
    const slow: Sink = async (input) => {
      for await (const batch of queue({ limit: 10, onDrop: (n) => dropped += n })(input)) {
        await sleep(1);
        kept += batch.filter((event) => event.kind === "gap" && event.reason === "test").length;
      }
    };
    await fanOut(sourceOf(Array.from({ length: 1000 }, (_, i) => batch(i))), [slow, keep(durable)]);
    expect(durable.length).toBe(1000);
    expect(kept + dropped).toBe(1000);
    expect(dropped).toBeGreaterThan(900);
  });

  it("reads ahead before it is asked, so that a sink which is slow to begin holds up nobody", async () => {
    const asked: number[] = [];
    const output = queue({ limit: 10 })(sourceOf([batch(1), batch(2)], (n) => asked.push(n)));
    await sleep(1);
    expect(asked).toEqual([0, 1]);
    const seen: (number | string)[] = [];
    await keep(seen)(output);
    expect(seen).toEqual([1, 2]);
  });

  it("throws what the input throws, after all that came before", async () => {
    async function* input() {
      yield batch(1);
      yield batch(2);
      throw new Error("unplugged");
    }
    const seen: (number | string)[] = [];
    await expect(keep(seen)(queue({ limit: 10 })(input()))).rejects.toThrow("unplugged");
    expect(seen).toEqual([1, 2]);
  });

  it("lets go of the input when the reader leaves", async () => {
    let released = false;
    async function* input() {
      try {
        for (;;) {
          await sleep(1);
          yield batch(1);
        }
      } finally {
        released = true;
      }
    }
    for await (const _ of queue({ limit: 10 })(input())) break;
    await sleep(10);
    expect(released).toBe(true);
  });
});
