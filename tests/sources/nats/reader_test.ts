import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../pipeline/event.ts";
import { EventLines } from "../../../pipeline/lines/event_lines.ts";
import { MessageReader, type Sent } from "../../../sources/nats/reader.ts";
import { recorded } from "../../sinks/http/_events.ts";

const encoder = new TextEncoder();
const PLAIN = { raw: false, compat: undefined, details: false, tokens: false } as const;

function linesOf(events: readonly Event[], sender: string): Sent[] {
  const lines = new EventLines(PLAIN);
  return events.map((event, k) => ({ data: lines.line(event).slice(), id: `${sender}-${k}` }));
}

const shown = (events: readonly Event[]) =>
  events.map((event) =>
    event.kind === "mcp" ? `${event.type} ${event.id} ${event.method ?? event.request?.method}` : event.kind
  );

describe("what nats sinks sent", () => {
  it("becomes the events that it was made of", async () => {
    const events = (await recorded("hostile.capture")).flat();
    const read = new MessageReader("bus").read(linesOf(events, "00112233aabbccdd"));
    expect(shown(read)).toEqual(shown(events));
    expect(shown(events).length).toBeGreaterThan(50);
  });

  it("is kept apart by sender: numbers of streams and ids are each one's own", async () => {
    const events = (await recorded("demo.capture")).flat().filter(({ kind }) => kind === "mcp");
    const one = linesOf(events, "00112233aabbccdd"), other = linesOf(events, "ffeeddccbbaa9988");
    const mixed = one.flatMap((sent, k) => [sent, other[k]!]);
    const read = new MessageReader("bus").read(mixed);
    const responses = read.filter((event) => event.kind === "mcp" && event.type === "response");
    expect(responses.length).toBeGreaterThan(10);
    for (const [k, event] of read.entries()) {
      if (event.kind !== "mcp" || event.request === undefined) continue;
      expect(read.indexOf(event.request) % 2).toBe(k % 2);
      expect(event.stream).not.toBe((read[k ^ 1] as typeof event).stream);
    }
  });

  it("may be anything: what is no line of ours is counted in a gap", () => {
    const line = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => encoder.encode(text)),
      fc.record({
        kind: fc.constantFrom("mcp", "http", "finding", "gap", "sensor", "chunk", "x"),
        timestamp: fc.oneof(fc.constant("2026-11-21T12:05:49.677285Z"), fc.string()),
        type: fc.oneof(fc.constantFrom("request", "response", "sse", "malformed"), fc.jsonValue()),
        stream: fc.jsonValue(),
        call: fc.jsonValue(),
        event: fc.jsonValue(),
        request: fc.jsonValue(),
        http_transport: fc.jsonValue(),
        stdio_transport: fc.jsonValue(),
        result: fc.jsonValue(),
      }, { requiredKeys: ["kind"] }).map((value) => encoder.encode(JSON.stringify(value))),
    );
    const id = fc.oneof(fc.constant(undefined), fc.string(), fc.constant("00112233aabbccdd-5"));
    fc.assert(fc.property(fc.array(fc.record({ data: line, id }), { maxLength: 20 }), (messages) => {
      const read = new MessageReader("bus").read(messages);
      const last = read.at(-1);
      const lost = last?.kind === "gap" && last.reason === "unreadable_line" ? last.lost?.records ?? 0 : 0;
      expect(read.length - (lost > 0 ? 1 : 0) + lost).toBe(messages.length);
    }));
  });
});
