import type { Batch, ChunkEvent, Event, GapEvent, McpEvent } from "../../../pipeline/event.ts";
import { Sensors, type SensorsOptions } from "../../../pipeline/sensors/mod.ts";
import { forgetLines, SensorLines } from "../../../protocols/sensor/mod.ts";
import { Decoder } from "../../../transforms/jsonrpc/decoder.ts";
import { options } from "../../../transforms/jsonrpc/options.ts";
import { bytes } from "../../protocols/sensor/_lines.ts";

/** Events of lines, one after the other. */
export function eventsOf(lines: readonly string[], more: Partial<SensorsOptions> = {}, now = 0): Event[] {
  const sensors = new Sensors({ source: "spool", maxProcesses: 100, maxSessions: 100, ...more });
  const reader = new SensorLines("auto", {}), out: Event[] = [];
  for (const line of lines) {
    forgetLines();
    const buffer = bytes(line), record = reader.read(buffer, 0, buffer.length);
    if (typeof record === "string") throw new Error(`${record}: ${line}`);
    sensors.record(record, { time: 0 }, now, out);
  }
  sensors.end(out);
  return out;
}

/** What `jsonrpc` makes of them. */
export function decoded(batch: Batch): Event[] {
  const decoder = new Decoder(options.parse({}));
  return [...decoder.decode(batch), ...decoder.decode([]), ...decoder.end()];
}

/** A line for each message: which way it goes, and what its answer belongs to. */
export function conversation(events: readonly Event[]): string[] {
  return events.filter((event): event is McpEvent => event.kind === "mcp").map((event) => {
    const what = event.type === "response" ? `${event.request?.method} answered` : event.method;
    const odd = [...event.warnings, event.malformed ?? ""].filter((word) => word !== "").map((word) => ` (${word})`);
    return `${event.process?.pid ?? "?"}>${event.peer?.pid ?? "?"} ${what} ${event.id ?? "-"}${
      event.isError ? " error" : ""
    }${odd.join("")}`;
  });
}

/** Chunks. */
export function chunks(events: readonly Event[]): ChunkEvent[] {
  return events.filter((event) => event.kind === "chunk");
}

/** Gaps. */
export function gaps(events: readonly Event[]): GapEvent[] {
  return events.filter((event) => event.kind === "gap");
}
