import { describe, expect, it } from "vitest";
import { mapEvents } from "../../pipeline/map_events.ts";
import { pipe } from "../../pipeline/pipe.ts";
import { batch, event, keep, sourceOf } from "./_events.ts";

describe("pipe", () => {
  it("runs a source into a sink", async () => {
    const seen: (number | string)[] = [];
    await pipe(sourceOf([batch(1), batch(2)]), keep(seen));
    expect(seen).toEqual([1, 2]);
  });

  it("runs transforms in order", async () => {
    const seen: (number | string)[] = [];
    const add = mapEvents((old) => event(old.time + 1));
    const double = mapEvents((old) => event(old.time * 2));
    await pipe(sourceOf([batch(1, 2)]), add, double, async (input) => await keep(seen)(input));
    expect(seen).toEqual([4, 6]);
  });

  it("rejects with what a stage throws", async () => {
    const failing = mapEvents(() => {
      throw new Error("no such thing");
    });
    await expect(pipe(sourceOf([batch(1)]), failing, keep([]))).rejects.toThrow("no such thing");
  });

  it("lets timers run beside a source that always has more", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const until = performance.now() + 150;
    async function* busy() {
      while (performance.now() < until) yield batch(1);
    }
    await pipe(busy(), keep([]));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });
});
