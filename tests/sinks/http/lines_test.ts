import { beforeAll, describe, expect, it } from "vitest";
import type { Batch, Event } from "../../../pipeline/event.ts";
import { finding } from "../../pipeline/mapping/_examples.ts";
import { answer, bodyOf, courier, linesOf, recordsOf, verdict } from "./_courier.ts";
import { recorded } from "./_events.ts";

let events: Event[] = [];
beforeAll(async () => {
  events = (await recorded("demo.capture")).flatMap((batch: Batch) => [...batch]);
});

describe("http without a preset", () => {
  it("sends a line each, with the record's id", () => {
    const { courier: mine } = courier({ url: "http://127.0.0.1:1/in?a=b" });
    const records = recordsOf(mine, events);
    const [request, ...more] = mine.requests(records);
    expect(more).toEqual([]);
    expect(request).toMatchObject({ url: "http://127.0.0.1:1/in?a=b", method: "POST" });
    expect(request!.headers).toEqual({ "content-type": "application/x-ndjson" });
    const lines = linesOf(request!);
    expect(lines.length).toBe(records.length);
    expect(lines.some(({ method }) => method === "tools/call")).toBe(true);
    expect(lines.map(({ record_id: id }) => id)).toEqual(records.map(({ id }) => id));
    expect(lines.every(({ kind }) => kind !== "chunk")).toBe(true);
  });

  it("sends an array", () => {
    const { courier: mine } = courier({ format: "json_array", method: "PUT", token: "t0k" });
    const [request] = mine.requests(recordsOf(mine, events));
    expect(request).toMatchObject({
      method: "PUT",
      headers: { "content-type": "application/json", authorization: "Bearer t0k" },
    });
    const array = JSON.parse(bodyOf(request!));
    expect(array.length).toBeGreaterThan(20);
    expect(array.at(-1).record_id).toMatch(/^00112233aabbccdd-\d+$/);
  });

  it("sends each filled-in template by itself, with a key that is the same when it comes again", () => {
    const template = '{"what": "${rule}: ${message}", "score": ${score}, "all": ${.}, "gone": ${call.tool}}';
    const { courier: mine } = courier({ format: "template", template });
    const requests = mine.requests(recordsOf(mine, [finding({ message: 'a "quoted"\nword' }), finding()]));
    expect(requests.map(({ records }) => records)).toEqual([[0], [1]]);
    expect(requests[0]!.headers["idempotency-key"]).toBe('"00112233aabbccdd-0"');
    expect(JSON.parse(bodyOf(requests[0]!))).toMatchObject({
      what: 'mcp.tool.poisoned: a "quoted"\nword',
      score: 0.87,
      all: { kind: "finding" },
      gone: "forecast",
    });
  });

  it("joins filled-in templates to an array or to lines", () => {
    const template = '{\n  "id": ${record_id}\n}';
    for (const [join, text] of [["array", "[{},{}]"], ["lines", "{}\n{}\n"]] as const) {
      const { courier: mine } = courier({ format: "template", template, template_join: join });
      const [request] = mine.requests(recordsOf(mine, [finding(), finding()]));
      expect(bodyOf(request!).replaceAll(/\{[^}]*\}/g, "{}")).toBe(text);
      expect(request!.records).toEqual([0, 1]);
    }
  });

  it("leaves HTTP out that has nothing to do with MCP, and bytes", () => {
    const { courier: mine } = courier({});
    const http = events.filter(({ kind }) => kind === "http");
    expect(recordsOf(mine, http).length).toBeLessThanOrEqual(http.length);
    const chunk = { kind: "chunk" } as Event;
    expect(recordsOf(mine, [chunk])).toEqual([]);
  });

  it("keeps records while credentials or the address are wrong, and halves what is refused for its content", () => {
    const { courier: mine } = courier({});
    const [request] = mine.requests(recordsOf(mine, [finding(), finding()]));
    const [alone] = mine.requests(recordsOf(mine, [finding()]));
    for (const status of [301, 401, 403, 404, 405]) {
      expect(verdict(request!, answer(status))).toMatchObject({ outcome: "retry", afterMs: 30_000 });
    }
    expect(verdict(request!, answer(204))).toEqual({ outcome: "done" });
    expect(verdict(request!, answer(503))).toMatchObject({ outcome: "retry" });
    expect(verdict(request!, answer(413))).toMatchObject({ outcome: "too_large" });
    expect(verdict(request!, answer(422, "no"))).toMatchObject({ outcome: "rejected", apart: true });
    expect(verdict(alone!, answer(422, "no"))).toEqual({ outcome: "rejected", apart: false, reason: "status 422: no" });
  });
});
