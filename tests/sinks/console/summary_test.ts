import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { Histogram } from "../../../sinks/console/histogram.ts";
import { palette } from "../../../sinks/console/palette.ts";
import { summary } from "../../../sinks/console/summary.ts";
import { Tally } from "../../../sinks/console/tally.ts";
import { failure, malformed, NOON, notification, request, response } from "./_events.ts";

describe("Histogram", () => {
  it("is exact for one value", () => {
    const histogram = new Histogram();
    histogram.add(12.34);
    expect(histogram.quantile(0.5)).toBe(12.34);
    expect(histogram.quantile(0.99)).toBe(12.34);
  });

  it("has no quantile of nothing", () => {
    expect(new Histogram().quantile(0.5)).toBeUndefined();
  });

  it("is within 2.5 % of the true quantile", () => {
    const values = fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(fc.property(values, fc.constantFrom(0.5, 0.9, 0.99), (all, fraction) => {
      const histogram = new Histogram();
      for (const value of all) histogram.add(value);
      const exact = all.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(fraction * all.length)) - 1]!;
      expect(Math.abs(histogram.quantile(fraction)! / exact - 1)).toBeLessThan(0.025);
    }));
  });

  it("takes zero, the tiny and the endless", () => {
    const histogram = new Histogram();
    for (const value of [0, 1e-9, 1e12]) histogram.add(value);
    expect(histogram.count).toBe(3);
    expect(histogram.max).toBe(1e12);
  });
});

describe("Tally", () => {
  it("counts requests, answers, errors and what was not answered", () => {
    const tally = new Tally();
    for (let i = 0; i < 10; i++) {
      const call = request("tools/call", { name: "echo" }, { id: i });
      tally.add(call);
      if (i < 6) tally.add(response(call, { content: [] }, { latency: i + 1 }));
      else if (i < 8) tally.add(failure(call, { code: 1, message: "x" }));
      else if (i < 9) tally.add(response(call, { isError: true, content: [] }));
    }
    const row = tally.rows.get("true tools/call echo")!;
    expect([row.count, row.answered, row.errors]).toEqual([10, 9, 3]);
    expect(tally.unanswered).toBe(1);
    expect(tally.messages).toBe(19);
    expect(tally.processes).toBe(2);
  });

  it("counts answers whose request was not seen", () => {
    const tally = new Tally();
    tally.add({ ...response(request("x"), {}), request: undefined });
    expect(tally.orphans).toBe(1);
    expect(tally.rows.size).toBe(0);
  });

  it("keeps a bounded number of rows", () => {
    const tally = new Tally();
    for (let i = 0; i < 5000; i++) tally.add(request(`method/${i}`));
    expect(tally.rows.size).toBeLessThan(210);
    let sum = 0;
    for (const row of tally.rows.values()) sum += row.count;
    expect(sum).toBe(5000);
  });
});

describe("summary", () => {
  it("is a table and a line of totals", () => {
    const tally = new Tally();
    const call = request("tools/call", { name: "echo" });
    tally.add(call);
    tally.add(response(call, { content: [] }, { latency: 1.8, time: NOON + 1500 }));
    tally.add(request("ping"));
    tally.add(notification("notifications/message", {}));
    tally.add(malformed("x", "y"));
    tally.add({ kind: "gap", time: NOON, source: "k", reason: "ring_full", message: "m", lost: { records: 12 } });
    expect(summary(tally, 100, palette(false))).toBe(`
method                 count  errors  unanswered     p50     p99     max
ping                       1                   1
tools/call echo            1                      1.8 ms  1.8 ms  1.8 ms
notifications/message      1

5 messages in 1.5 s between 2 processes · 1 request without an answer · 1 malformed · 1 gap (12 lost)
`);
  });

  it("says so when there was nothing", () => {
    expect(summary(new Tally(), 100, palette(false))).toBe("\nNo message was seen\n");
  });
});
