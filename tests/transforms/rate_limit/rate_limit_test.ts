import { describe, expect, it } from "vitest";
import type { Event, McpEvent } from "../../../pipeline/event.ts";
import { Limiter } from "../../../transforms/rate_limit/limiter.ts";
import rateLimit from "../../../transforms/rate_limit/mod.ts";
import { finding, gap, toolCall } from "../../pipeline/query/_messages.ts";
import { run } from "../filter/_run.ts";

/** Requests for a tool at these times, in milliseconds. */
async function calls(tool: string, ...times: number[]): Promise<McpEvent[]> {
  const [request] = await toolCall(tool);
  return times.map((time) => Object.assign(Object.create(request) as typeof request, { time }));
}

const gaps = (events: readonly Event[]) => events.filter((event) => event.kind === "gap");

describe("rate_limit", () => {
  it("lets a burst pass, then so many a second", async () => {
    const events = await calls("a", 0, 0, 0, 0, 500, 600, 1000);
    const ran = await run(rateLimit, { events_per_second: 2, burst: 3 }, events);
    expect(ran.events.filter((event) => event.kind === "mcp").map(({ time }) => time)).toEqual([0, 0, 0, 500, 1000]);
    expect(ran.dropped).toEqual({ rate_limited: 2 });
  });

  it("tells what was left out, at intervals and at the end", async () => {
    const events = await calls("a", 0, 1, 2, 3, 20_000, 20_001);
    const { events: out } = await run(rateLimit, { events_per_second: 1, by: ["tool"] }, events);
    expect(gaps(out)).toMatchObject([
      {
        time: 20_000,
        source: "transforms[0]",
        reason: "rate_limited",
        message: "3 events over 1 a second left out in 20 s (a: 3)",
        lost: { messages: 3 },
      },
      { time: 20_001, message: "1 event over 1 a second left out in 10 s (a: 1)", lost: { messages: 1 } },
    ]);
  });

  it("has a rate for each key, and names the busiest", async () => {
    const events = [
      ...await calls("a", 0, 0, 0),
      ...await calls("b", 0, 0),
      ...await calls("c", 0, 0, 0, 0),
      ...await calls("d", 0, 0),
    ];
    const options = { events_per_second: 1, by: ["tool"] };
    const { events: out, gauges } = await run(rateLimit, options, events);
    expect(out).toHaveLength(5);
    expect(gaps(out)[0]?.message).toMatch(/\(c: 3, a: 2, b: 1, …\)$/);
    expect(gauges).toEqual({ keys: 4 });
    expect((await run(rateLimit, { ...options, by: [] }, events)).events).toHaveLength(2);
  });

  it("limits messages and HTTP only, unless told otherwise", async () => {
    const findings = [finding(), finding(), gap(), gap()];
    expect((await run(rateLimit, { events_per_second: 1 }, findings)).events).toEqual(findings);
    const limited = await run(rateLimit, { events_per_second: 1, where: "kind:finding", by: ["rule"] }, findings);
    expect(limited.dropped).toEqual({ rate_limited: 1 });
  });

  it("remembers a bounded number of keys", () => {
    const limiter = new Limiter(1, 1, 2);
    expect(["a", "b", "a", "c", "b"].map((key) => limiter.take(key, 0))).toEqual([true, true, false, true, true]);
    expect(limiter.size).toBe(2);
  });

  it("stands still where time runs backwards", () => {
    const limiter = new Limiter(1, 1, 2);
    expect([1000, 0, 500, 1999, 2000].map((time) => limiter.take("a", time))).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });
});
