import { describe, expect, it } from "vitest";
import type { MetricsSnapshot } from "../../../../pipeline/metrics.ts";
import type { CallRow, LinkRow, MessageRow } from "../../../../pipeline/store/rows.ts";
import { addSnapshot, MOST_SNAPSHOTS, nodeRates } from "../../../../sinks/serve/web/model/health.ts";
import { niceStep, powerMarks, timeMarks, valueMarks } from "../../../../sinks/serve/web/model/scale.ts";
import { extent, timeline } from "../../../../sinks/serve/web/model/timeline.ts";
import { layOut, MOST_PARTIES } from "../../../../sinks/serve/web/model/topology.ts";

const link = (from: string, to: string, more: Partial<LinkRow> = {}): LinkRow => ({
  from,
  to,
  from_name: from,
  to_name: to,
  transport: "stdio",
  calls: 1,
  errors: 0,
  findings: 0,
  ...more,
});

describe("layOut", () => {
  it("puts who is asked right of who asks", () => {
    const { parties, columns } = layOut([
      link("process:1", "process:2", { server: "s" }),
      link("process:2", "host:example.org"),
      link("process:1", "process:3", { server: "t" }),
    ]);
    expect(columns).toBe(3);
    expect(parties.map(({ id, column, kind }) => [id, column, kind]).toSorted()).toEqual([
      ["host:example.org", 2, "host"],
      ["process:1", 0, "process"],
      ["process:2", 1, "server"],
      ["process:3", 1, "server"],
    ]);
  });

  it("ends with circles and with links to oneself", () => {
    const { parties } = layOut([link("a", "b"), link("b", "c"), link("c", "a"), link("a", "a")]);
    expect(parties.length).toBe(3);
    expect(parties.every(({ column, row }) => Number.isFinite(column) && Number.isFinite(row))).toBe(true);
  });

  it("draws no more than it can, and says how many it leaves out", () => {
    const { parties, left } = layOut(Array.from({ length: 500 }, (_, k) => link("process:0", `process:${k + 1}`)));
    expect([parties.length, left]).toEqual([MOST_PARTIES, 501 - MOST_PARTIES]);
  });

  it("draws one line for all servers of one process", () => {
    const { links } = layOut([link("a", "b", { server: "x", calls: 2 }), link("a", "b", { server: "y", calls: 3 })]);
    expect(links.map(({ calls }) => calls)).toEqual([5]);
  });
});

describe("scales", () => {
  it("have round numbers", () => {
    expect(valueMarks(47, 4)).toEqual([0, 20, 40, 60]);
    expect(valueMarks(0, 4)).toEqual([0, 1]);
    expect(powerMarks(3, 450)).toEqual([1, 10, 100, 1000]);
    expect(niceStep(900_000, 120)).toBe(10_000);
    expect(timeMarks(Date.UTC(2026, 0, 1, 12), Date.UTC(2026, 0, 1, 13), 4).length).toBe(5);
  });
});

describe("timeline", () => {
  const call: CallRow = {
    id: 1,
    time: 100,
    method: "tools/call",
    server: "s",
    server_name: "s",
    session: 1,
    transport: "stdio",
    outcome: "hung",
    duration_ms: 50,
    requests: 2,
    progress: 0,
    bytes_in: 0,
    bytes_out: 0,
    findings: 0,
  };
  const message = (id: number, time: number, type: MessageRow["type"], method?: string): MessageRow => ({
    id,
    time,
    type,
    transport: "stdio",
    bytes: 1,
    ...(method === undefined ? {} : { method }),
  });

  it("has all that happened in its order, marks what was repeated, and the end of what had no answer", () => {
    const events = [{ id: 1, time: 120, kind: "sensor", source: "s", name: "open" }] as const;
    const messages = [message(1, 100, "request", "tools/call"), message(2, 130, "request", "tools/call")];
    const all = timeline({ call, messages, findings: [], events, http: [] });
    expect(all.map((one) => [one.kind, one.time, one.kind === "message" && one.repeated])).toEqual([
      ["message", 100, false],
      ["event", 120, false],
      ["message", 130, true],
      ["end", 150, false],
    ]);
    expect(extent(all, call)).toEqual([100, 150]);
  });
});

describe("rates of the pipeline", () => {
  const snapshot = (time: number, sent: number, uptime_ms = time): MetricsSnapshot => ({
    time,
    uptime_ms,
    nodes: [{
      node: "sources.a",
      type: "replay",
      received: 0,
      sent,
      dropped: { full: 2 },
      errors: {},
      busy_ms: time / 2,
      gauges: {},
    }],
  });

  it("are of the last seconds", () => {
    let history: readonly MetricsSnapshot[] = [];
    for (let k = 0; k <= 20; k++) history = addSnapshot(history, snapshot(k * 1000, k < 10 ? 0 : (k - 10) * 300));
    const [rates] = nodeRates(history);
    expect([rates?.sent, rates?.busy, rates?.dropped]).toEqual([300, 0.5, 2]);
    expect(rates?.history.slice(-3)).toEqual([300, 300, 300]);
  });

  it("begin anew with a new pipeline, and hold a bounded history", () => {
    let history: readonly MetricsSnapshot[] = [];
    for (let k = 0; k < 1000; k++) history = addSnapshot(history, snapshot(k * 1000, k));
    expect(history.length).toBe(MOST_SNAPSHOTS);
    expect(addSnapshot(history, snapshot(1_000_000, 0, 5)).length).toBe(1);
    expect(nodeRates([])).toEqual([]);
  });
});
