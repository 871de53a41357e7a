import { describe, expect, it } from "vitest";
import type { Batch } from "../../pipeline/event.ts";
import { fanOut } from "../../pipeline/fan_out.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { batch, keep, quiet, sleep, sourceOf } from "./_events.ts";

const failing = (after: number): Sink => async (input) => {
  for await (const _ of input) if (--after < 0) throw new Error("disk full");
};

describe("fanOut", () => {
  it("gives every batch, the same one, to every sink", async () => {
    const batches = [batch(1, 2), batch(), batch(3)];
    const a: Batch[] = [];
    const b: Batch[] = [];
    const into = (seen: Batch[]): Sink => async (input) => {
      for await (const batch of input) seen.push(batch);
    };
    await fanOut(sourceOf(batches), [into(a), into(b)]);
    expect(a.length).toBe(3);
    for (const [i, batch] of batches.entries()) {
      expect(a[i]).toBe(batch);
      expect(b[i]).toBe(batch);
    }
  });

  it("acknowledges a batch only when the slowest sink has asked for more", async () => {
    const log: string[] = [];
    const slow: Sink = async (input) => {
      for await (const [event] of input) {
        await sleep(5);
        log.push(`slow ${event!.time}`);
      }
    };
    const fast: Sink = async (input) => {
      for await (const [event] of input) log.push(`fast ${event!.time}`);
    };
    await fanOut(sourceOf([batch(0), batch(1)], (n) => log.push(`ack ${n}`)), [slow, fast]);
    expect(log).toEqual(["fast 0", "slow 0", "ack 0", "fast 1", "slow 1", "ack 1"]);
  });

  it("goes on without a sink that fails, and tells at the end", async () => {
    const seen: (number | string)[] = [];
    const run = fanOut(sourceOf([batch(1), batch(2), batch(3)]), [failing(1), keep(seen)]);
    await expect(run).rejects.toThrow("disk full");
    expect(seen).toEqual([1, 2, 3]);
  });

  it("tells of all failures", async () => {
    const error = await fanOut(sourceOf([batch(1)]), [failing(0), failing(0)]).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors.length).toBe(2);
  });

  it("goes on without a sink that has had enough", async () => {
    const seen: (number | string)[] = [];
    const one: Sink = async (input) => {
      for await (const _ of input) break;
    };
    await fanOut(sourceOf([batch(1), batch(2)]), [one, keep(seen)]);
    expect(seen).toEqual([1, 2]);
  });

  it("ends when all sinks have left, although the input is quiet", async () => {
    const never = new AbortController();
    await fanOut(quiet(never.signal), [() => Promise.resolve()]);
    await expect(fanOut(quiet(never.signal), [() => Promise.reject(new Error("closed"))])).rejects.toThrow("closed");
    never.abort();
  });

  it("survives a sink that throws before it returns a promise", async () => {
    const seen: (number | string)[] = [];
    const broken = () => {
      throw new Error("not a sink");
    };
    await expect(fanOut(sourceOf([batch(1)]), [broken, keep(seen)])).rejects.toThrow("not a sink");
    expect(seen).toEqual([1]);
  });

  it("ends the sinks in good order when the input fails", async () => {
    const seen: (number | string)[] = [];
    const finishing: Sink = async (input) => {
      await keep(seen)(input);
      seen.push("finished");
    };
    const input = (async function* () {
      yield batch(1);
      throw new Error("unplugged");
    })();
    await expect(fanOut(input, [finishing])).rejects.toThrow("unplugged");
    expect(seen).toEqual([1, "finished"]);
  });

  it("serves a sink that asks for two batches at once", async () => {
    const seen: (number | string)[] = [];
    const eager: Sink = async (input) => {
      const iterator = input[Symbol.asyncIterator]();
      const results = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
      for (const result of results) if (!result.done) seen.push(result.value[0]!.time);
    };
    await fanOut(sourceOf([batch(1), batch(2)]), [eager]);
    expect(seen).toEqual([1, 2]);
  });
});
