import { describe, expect, it } from "vitest";
import { bytes, clock, duration, moment, rate } from "../../../../sinks/serve/web/format.ts";
import { parseRoute, printRoute } from "../../../../sinks/serve/web/route.ts";

describe("the place in the address", () => {
  it("is read as it was written", () => {
    const places = [
      { view: "calls", item: undefined, params: {} },
      { view: "calls", item: "17", params: { q: 'tool:"a b" status:error' } },
      { view: "servers", item: "http:localhost:3000/mcp?x=1#y%", params: {} },
      { view: "rates", item: undefined, params: { range: "1h" } },
    ] as const;
    for (const place of places) expect(parseRoute(printRoute(place))).toEqual(place);
  });

  it("is the list of calls where it makes no sense", () => {
    for (const hash of ["", "#", "#/nothing", "#//", "#/calls"]) {
      expect(parseRoute(hash)).toEqual({ view: "calls", item: undefined, params: {} });
    }
    expect(parseRoute("#/servers/%zz").item).toBe("%zz");
  });
});

describe("numbers and times", () => {
  it("are short and have their units", () => {
    expect([0.123, 5.25, 17, 3200, 99_960, 4_000_000, 200_000_000, NaN].map(duration)).toEqual(
      ["0.12 ms", "5.3 ms", "17 ms", "3.2 s", "1 min 40 s", "1 h 6 min", "2 d 7 h", "?"],
    );
    expect([0, 312, 4300, 1_400_000, 150 * 1024].map(bytes)).toEqual(["0 B", "312 B", "4.2 KiB", "1.3 MiB", "150 KiB"]);
    expect([0.123, 12.34, 5000, 123_456].map(rate)).toEqual(["0.12", "12.3", "5,000", "123.5K"]);
  });

  it("do not throw on times that are none", () => {
    for (const time of [NaN, Infinity, 1e300]) expect([clock(time), moment(time)]).toEqual(["?", "?"]);
  });
});
