import { describe, expect, it } from "vitest";
import type { Event } from "../../../pipeline/event.ts";
import type { MetricsSnapshot } from "../../../pipeline/metrics.ts";
import { BOUNDS, Series } from "../../../sinks/otlp/histogram.ts";
import type { HistogramPoint, Metric } from "../../../sinks/otlp/types.ts";
import { replayed } from "../../captures/replayed.ts";
import { follow, Talk, text, use } from "../../transforms/mcp/_talk.ts";
import { courierFor, plain, send, type Sent, sentOf, shifted } from "./_sent.ts";

const talk = (calls: number) => {
  const talk = new Talk().initialize();
  for (let k = 1; k <= calls; k++) talk.client(use(k, `tool-${k}`)).after(k * 10).server(text(k, ""));
  return talk;
};
const eventsOf = async (talk: Talk) => (await follow([shifted(talk.events)])).events;
const named = ({ metrics }: Sent, name: string) => metrics.filter((metric) => metric.name === name);
const points = (metrics: readonly Metric[]) => metrics.flatMap(({ histogram }) => histogram?.dataPoints ?? []);
const tool = (point: HistogramPoint) => plain(point.attributes)["gen_ai.tool.name"];

describe("durations of calls", () => {
  it("are told of both ends and of tools, with the bounds of the conventions and a span as an example", async () => {
    const sent = send(courierFor(), [await eventsOf(talk(2))]);
    for (
      const [name, service] of [["mcp.client.operation.duration", "agent"], [
        "mcp.server.operation.duration",
        "weather",
      ]]
    ) {
      const [metric] = named(sent, name!);
      expect(metric).toMatchObject({
        unit: "s",
        of: { "service.name": service },
        histogram: { aggregationTemporality: 2 },
      });
      expect(metric!.of["process.pid"]).toBeUndefined();
      const point = points([metric!]).find((point) => tool(point) === "tool-2")!;
      expect(point).toMatchObject({ count: "1", explicitBounds: [...BOUNDS] });
      expect(point.sum).toBeCloseTo(0.021, 6);
      expect(point.bucketCounts.map(Number)).toEqual([0, 0, 1, ...Array(12).fill(0)]);
      const span = sent.spans.find((span) => span.spanId === point.exemplars[0]?.spanId);
      expect(span).toMatchObject({ name: "tools/call tool-2", traceId: point.exemplars[0]!.traceId });
      expect(span!.of["service.name"]).toBe(service);
    }
    const tools = points(named(sent, "gen_ai.execute_tool.duration"));
    expect(tools.map(tool)).toEqual(["tool-1", "tool-2"]);
  });

  it("have a bound on how many series there are, and one for the rest", async () => {
    const sent = send(courierFor({ maxSeries: 5 }), [await eventsOf(talk(50))]);
    const all = points(named(sent, "mcp.client.operation.duration"));
    expect(all).toHaveLength(5);
    const overflow = all.filter(({ attributes }) => plain(attributes)["otel.metric.overflow"] === true);
    expect(overflow).toMatchObject([{ count: "47" }]);
    expect(all.reduce((sum, { count }) => sum + Number(count), 0)).toBe(51);
  });

  it.each([[true, ["1", "1"]], [false, ["1", "2"]]])(
    "count from the last time or the start: delta %s",
    async (isDelta, counts) => {
      let now = 1.8e12;
      const courier = courierFor({ isDelta, now: () => now });
      const events = await eventsOf(new Talk().client(use(1, "a")).server(text(1, "")));
      const told: HistogramPoint[] = [];
      for (let k = 0; k < 2; k++) {
        now += 1000;
        told.push(...points(named(send(courier, [events]), "mcp.server.operation.duration")));
      }
      expect(told.map(({ count }) => count)).toEqual(counts);
      expect(told[1]!.startTimeUnixNano).toBe(isDelta ? told[0]!.timeUnixNano : told[0]!.startTimeUnixNano);
      if (isDelta) {
        expect(points(named(sentOf(courier, [...courier.tick()]), "mcp.server.operation.duration")))
          .toEqual([]);
      }
    },
  );

  it("fall into the bucket whose upper bound they do not exceed", () => {
    const series = new Series([], 1e12);
    for (const seconds of [0, 0.01, 0.0100001, 300, 301]) series.record(seconds * 1000, 1e12);
    const { bucketCounts, min, max } = series.point(1e12, false);
    expect(bucketCounts.map(Number)).toEqual([2, 1, ...Array(11).fill(0), 1, 1]);
    expect([min, max]).toEqual([0, 301]);
  });
});

describe("durations of sessions", () => {
  it("are told once their process is gone, of revisions that have sessions", async () => {
    let gone = false;
    const courier = courierFor({ isAlive: () => !gone });
    const events = await eventsOf(new Talk().initialize().after(2000).client(use(1, "a")).server(text(1, "")));
    const before = send(courier, [events]);
    gone = true;
    const after = sentOf(courier, [...courier.tick()].map((bytes) => bytes.slice()));
    expect(named(before, "mcp.client.session.duration")).toEqual([]);
    const [point] = points(named(after, "mcp.client.session.duration"));
    expect(point!.sum).toBeCloseTo(2.004, 3);
    expect(points(named(after, "mcp.server.session.duration"))).toHaveLength(1);
    expect(plain(point!.attributes)).toMatchObject({
      "mcp.protocol.version": "2025-11-25",
      "network.transport": "pipe",
    });
  });

  it("are told of those that were silent for an hour", async () => {
    let now = Date.UTC(2026, 10, 21) + 3_600_000;
    const courier = courierFor({ now: () => now });
    const before = send(courier, [await eventsOf(new Talk().initialize())]);
    now += 10_000_000;
    const after = sentOf(courier, [...courier.tick()].map((bytes) => bytes.slice()));
    const count = (sent: Sent) => points(named(sent, "mcp.client.session.duration")).length;
    expect([count(before), count(after)]).toEqual([0, 1]);
  });

  it.each([["2025-11-25-stdio", 1], ["2025-11-25-http", 1], ["2026-07-28-http", 0], ["2026-07-28-stdio", 0]])(
    "of a recorded conversation: %s",
    async (name, count) => {
      const events: Event[] = [];
      for await (const event of replayed(name)) events.push(event);
      const sent = send(courierFor({ isAlive: () => false }), [events]);
      expect(points(named(sent, "mcp.server.session.duration"))).toHaveLength(count);
    },
  );
});

describe("mcpsonde's own metrics", () => {
  const snapshot = (received: number): MetricsSnapshot => ({
    time: 0,
    uptime_ms: 0,
    nodes: [{
      node: "sources.kernel",
      type: "ebpf",
      received,
      sent: 9,
      dropped: { ring_full: 3 },
      errors: {},
      busy_ms: 1500,
      gauges: { ring_bytes: 64, "not a name": 1 },
    }],
  });
  const gap: Event = {
    kind: "gap",
    time: 1.8e12,
    source: "kernel",
    reason: "ring_full",
    message: "3 records",
    lost: { records: 3 },
  };

  it("are the pipeline's counters, and what passed by", () => {
    const sent = send(courierFor({ pipeline: () => snapshot(12) }), [[gap, gap]]);
    const own = Object.fromEntries(sent.metrics.map((metric) => {
      const [point] = [...metric.sum?.dataPoints ?? [], ...metric.gauge?.dataPoints ?? []];
      return [metric.name, [point!.asInt ?? point!.asDouble, Object.values(plain(point!.attributes))]];
    }));
    expect(own).toEqual({
      "mcpsonde.gaps": ["2", ["ring_full"]],
      "mcpsonde.gaps.lost_records": ["6", ["ring_full"]],
      "mcpsonde.node.received": ["12", ["sources.kernel", "ebpf"]],
      "mcpsonde.node.sent": ["9", ["sources.kernel", "ebpf"]],
      "mcpsonde.node.busy_time": [1.5, ["sources.kernel", "ebpf"]],
      "mcpsonde.node.dropped": ["3", ["sources.kernel", "ebpf", "ring_full"]],
      "mcpsonde.node.ring_bytes": [64, ["sources.kernel", "ebpf"]],
    });
    expect(sent.metrics.every(({ of }) => of["service.name"] === "mcpsonde")).toBe(true);
  });

  it("are differences where that is wished", () => {
    let received = 10;
    const courier = courierFor({ isDelta: true, pipeline: () => snapshot(received) });
    const value = () => {
      const sent = sentOf(courier, [...courier.tick()].map((bytes) => bytes.slice()));
      return named(sent, "mcpsonde.node.received")[0]!.sum!.dataPoints[0]!.asInt;
    };
    expect(value()).toBe("10");
    received = 25;
    expect(value()).toBe("15");
  });
});
