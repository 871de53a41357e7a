import { describe, expect, it } from "vitest";
import { buildPipeline } from "../../pipeline/build.ts";
import { mapEvents } from "../../pipeline/map_events.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { batch, keep, sleep, sourceOf } from "./_events.ts";
import { keepLog, planOf } from "./_plan.ts";

const spin = (ms: number) => {
  for (const until = performance.now() + ms; performance.now() < until;);
};

describe("metrics", () => {
  it("count what each node received and sent", async () => {
    const odd = mapEvents((event) => event.time % 2 === 1 ? event : undefined);
    const { pipeline } = await buildPipeline(
      planOf({
        sources: { a: () => sourceOf([batch(1, 2), batch(3)]), b: () => sourceOf([batch(4, 5)]) },
        transforms: [() => odd],
        sinks: { a: () => keep([]) },
      }),
      { log: keepLog() },
    );
    const { metrics } = await pipeline!.run();
    expect(metrics.nodes.map(({ node, received, sent }) => [node, received, sent])).toEqual([
      ["sources.a", 0, 3],
      ["sources.b", 0, 2],
      ["transforms[0]", 5, 3],
      ["sinks.a", 3, 3],
    ]);
    expect(metrics.uptime_ms).toBeGreaterThan(0);
  });

  it("count as sent by a sink only what it has asked past", async () => {
    const failing: Sink = async (input) => {
      let left = 2;
      for await (const _ of input) if (--left === 0) throw new Error("disk full");
    };
    const { pipeline } = await buildPipeline(
      planOf({ sources: { a: () => sourceOf([batch(1, 2), batch(3)]) }, sinks: { a: () => failing } }),
      { log: keepLog() },
    );
    const { metrics } = await pipeline!.run();
    expect(metrics.nodes[1]).toMatchObject({ received: 3, sent: 2, errors: { failed: 1 } });
  });

  it("tell who was busy, and do not count waiting for others", async () => {
    async function* slowSource() {
      await sleep(40);
      yield batch(1);
    }
    const busy = mapEvents((event) => (spin(30), event));
    const slow: Sink = async (input) => {
      for await (const _ of input) await sleep(60);
    };
    const { pipeline } = await buildPipeline(
      planOf({
        sources: { a: slowSource },
        transforms: [() => busy, () => mapEvents((event) => event)],
        sinks: { a: () => slow },
      }),
      { log: keepLog() },
    );
    const { metrics } = await pipeline!.run();
    const [source, first, second, sink] = metrics.nodes.map((node) => node.busy_ms);
    expect(source).toBe(0);
    expect(first).toBeGreaterThan(25);
    expect(first).toBeLessThan(55);
    expect(second).toBeLessThan(25);
    expect(sink).toBeGreaterThan(55);
  });

  it("hold what the components report themselves", async () => {
    const { pipeline } = await buildPipeline(
      planOf({
        sources: {
          a: ({ metrics }) => {
            metrics.set("ring_bytes", 4096);
            metrics.set("busy_ms", 12);
            metrics.dropped("ring_full", 3);
            metrics.dropped("ring_full");
            metrics.error("read", 2);
            return sourceOf([]);
          },
        },
        sinks: { a: () => keep([]) },
      }),
      { log: keepLog() },
    );
    expect(pipeline!.metrics().nodes[0]).toEqual({
      node: "sources.a",
      type: "test",
      received: 0,
      sent: 0,
      dropped: { ring_full: 4 },
      errors: { read: 2 },
      busy_ms: 12,
      gauges: { ring_bytes: 4096 },
    });
  });
});
