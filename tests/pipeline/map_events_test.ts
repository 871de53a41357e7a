import { describe, expect, it } from "vitest";
import type { Batch } from "../../pipeline/event.ts";
import { mapEvents } from "../../pipeline/map_events.ts";
import { batch, event, numbers, sourceOf } from "./_events.ts";

async function through(fn: Parameters<typeof mapEvents>[0], ...batches: Batch[]): Promise<Batch[]> {
  const out: Batch[] = [];
  for await (const batch of mapEvents(fn)(sourceOf(batches))) out.push(batch);
  return out;
}

describe("mapEvents", () => {
  it("passes a batch on as it is when no event changes", async () => {
    const input = batch(1, 2, 3);
    expect((await through((event) => event, input))[0]).toBe(input);
  });

  it("drops the events that come back undefined", async () => {
    const out = await through((event) => event.time % 2 === 0 ? event : undefined, batch(1, 2, 3, 4), batch(5, 6));
    expect(out.map(numbers)).toEqual([[2, 4], [6]]);
  });

  it("replaces events and leaves the input batch alone", async () => {
    const input = batch(1, 2, 3);
    const out = await through((old) => old.time === 2 ? event(20) : old, input);
    expect(out.map(numbers)).toEqual([[1, 20, 3]]);
    expect(numbers(input)).toEqual([1, 2, 3]);
  });

  it("passes empty batches on, as they carry the acknowledgement", async () => {
    expect(await through(() => undefined, batch(), batch(1))).toEqual([[], []]);
  });
});
