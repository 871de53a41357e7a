import { describe, expect, it } from "vitest";
import type { Event } from "../../../pipeline/event.ts";
import type { Message } from "../../../pipeline/message.ts";
import { hash } from "../../../transforms/sample/head.ts";
import sample from "../../../transforms/sample/mod.ts";
import { callOf, decoded, finding, gap, toolCall, within } from "../../pipeline/query/_messages.ts";
import { Exchange } from "../jsonrpc/_http.ts";
import { run } from "../filter/_run.ts";

/** Calls of a tool with their answers, as `transforms/mcp` would mark them, and in the order of the requests. */
async function calls(count: number, tool = "a", more: { readonly error?: boolean } = {}): Promise<Message[]> {
  const out: Message[] = [];
  for (let id = 1; id <= count; id++) out.push(...await oneCall(id, tool, more));
  return out;
}

/** One of them. The call has its outcome from when its answer is looked at, as calls are live. */
async function oneCall(id: number, tool: string, { error = false } = {}): Promise<[Message, Message]> {
  const [request, response] = await toolCall(tool, error ? { error: { code: -1, message: "no" } } : {});
  let ended = false;
  const call = Object.defineProperty(callOf(request, undefined, { id, name: tool }), "outcome", {
    get: () => ended ? (error ? "error" : "ok") : undefined,
  });
  within(request, { call });
  const { context } = within(response, { call, endsCall: true });
  Object.defineProperty(response, "context", {
    get: () => {
      ended = true;
      return context;
    },
  });
  return [request, response];
}

const ONE_SHOT = { first: 0, rate: 0 };

describe("sample", () => {
  it("keeps about the part that it should, and calls as a whole", async () => {
    const events = await calls(2000);
    const { events: kept, dropped } = await run(sample, { rate: 0.25, first: 0 }, events);
    expect(kept.length / events.length).toBeGreaterThan(0.2);
    expect(kept.length / events.length).toBeLessThan(0.3);
    const ids = kept.map((event) => event.kind === "mcp" ? event.context?.call?.id : undefined);
    for (let k = 0; k < ids.length; k += 2) expect(ids[k]).toBe(ids[k + 1]);
    expect(dropped).toEqual({ sampled: events.length - kept.length });
    expect((await run(sample, { rate: 0.25, first: 0 }, events)).events).toEqual(kept);
  });

  it("keeps the first calls of each key in each interval", async () => {
    const events = [...await calls(5, "a"), ...await calls(5, "b")];
    const { events: kept } = await run(sample, { rate: 0, first: 2, by: ["tool"] }, events);
    expect(kept).toEqual([...events.slice(0, 4), ...events.slice(10, 14)]);
    const spread = await run(sample, { rate: 0, first: 1, by: [], interval_ms: 10 }, events);
    expect(spread.events.length).toBeGreaterThan(2);
  });

  it("holds what it would leave out, and passes it as a whole when it fails", async () => {
    const [good, goodAnswer] = await oneCall(1, "a"), [bad, badAnswer] = await oneCall(2, "a", { error: true });
    const { events, dropped, gauges } = await run(sample, ONE_SHOT, [good, bad, goodAnswer, badAnswer]);
    expect(events).toEqual([bad, badAnswer]);
    expect(dropped).toEqual({ sampled: 2 });
    expect(gauges).toEqual({ held_calls: 0, held_bytes: 0 });
  });

  it("keeps what is slow, and what has no end", async () => {
    const [slow, slowAnswer] = await oneCall(1, "a"), [open] = await oneCall(2, "a");
    Object.assign(slowAnswer, { time: slow.time + 2000 });
    expect((await run(sample, ONE_SHOT, [slow, slowAnswer, open])).events).toEqual([slow, slowAnswer, open]);
  });

  it("passes a call that is held too long, with what comes later", async () => {
    const [request, response] = await oneCall(1, "a"), later = gap({ time: request.time + 70_000 });
    expect((await run(sample, ONE_SHOT, [request, later, response])).events).toEqual([request, later, response]);
  });

  it("passes a call on a finding that tells how it ended", async () => {
    const [request] = await oneCall(1, "a");
    const hung = finding({ call: callOf(request, "hung") });
    request.context = { ...request.context!, call: hung.call };
    const [next, nextAnswer] = await oneCall(2, "a");
    expect((await run(sample, ONE_SHOT, [request, hung, next, nextAnswer])).events).toEqual([request, hung]);
  });

  it("holds no more than it may, and still tells of failures", async () => {
    const bad = await oneCall(1, "a", { error: true }), others = (await calls(10)).filter((_, k) => k % 2 === 0);
    const events = [bad[0], ...others, bad[1]];
    const few = await run(sample, { ...ONE_SHOT, max_calls: 4 }, events);
    expect(few.dropped).toEqual({ held_full: 7 });
    expect(few.events).toEqual([bad[1], ...others.slice(-4)]);
    const small = await run(sample, { ...ONE_SHOT, max_bytes: 1024 }, await calls(1).then(([one]) => many(one!, 30)));
    expect(small.dropped["held_full"]).toBeGreaterThan(0);
  });

  it("holds nothing if nothing is to be kept in any case", async () => {
    const events = await calls(20, "a", { error: true });
    const { events: kept, gauges } = await run(sample, { rate: 0, first: 0, keep: false }, events);
    expect([kept, gauges]).toEqual([[], { held_calls: 0, held_bytes: 0 }]);
  });

  it("keeps requests and responses together without a context as well", async () => {
    const events: Event[] = [];
    for (let k = 0; k < 200; k++) events.push(...await toolCall("a"));
    const { events: kept } = await run(sample, { rate: 0.5, first: 0 }, events);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThan(300);
    for (const event of kept) if (event.kind === "mcp" && event.request) expect(kept).toContain(event.request);
  });

  it("samples exchanges, and passes findings and gaps", async () => {
    const bad = new Exchange(), good = new Exchange(), streaming = new Exchange();
    const events: Event[] = [
      good.request("x"),
      bad.request("x"),
      good.response(200, "y"),
      bad.response(404, "y"),
      finding(),
      gap(),
      streaming.request("x"),
      streaming.stream(),
      streaming.sse("z"),
      streaming.end(),
    ];
    const { events: kept } = await run(sample, ONE_SHOT, events);
    expect(kept).toEqual([events[1], events[3], events[4], events[5]]);
  });

  it("samples notifications of their own", async () => {
    const [note] = await decoded({ jsonrpc: "2.0", method: "notifications/message", params: {} });
    const { events, dropped } = await run(sample, { rate: 0.5, first: 0 }, many(note!, 200));
    expect(events.length).toBeGreaterThan(50);
    expect(events.length + dropped["sampled"]!).toBe(200);
  });
});

describe("hash", () => {
  it("spreads numbers in a row evenly", () => {
    const buckets = new Array<number>(10).fill(0);
    for (let id = 0; id < 10_000; id++) buckets[Math.floor(hash(id) * 10)]!++;
    for (const bucket of buckets) expect(Math.abs(bucket - 1000)).toBeLessThan(150);
  });
});

/** Copies of a message. */
function many(message: Message, count: number): Message[] {
  return Array.from({ length: count }, () => Object.assign(Object.create(Object.getPrototypeOf(message)), message));
}
