/**
 * The line of what a sensor inside a process told.
 *
 * @module
 */
import type { Json, SensorEvent } from "../../pipeline/event.ts";
import type { Span } from "./line.ts";
import { visible } from "./visible.ts";

/** Many and of little interest to who watches live: shown with `verbose`. */
const QUIET = /_(import|span_start|span_end|mcp_event|mcp_server_add|internal_exception)$/;

/** Whether a person watching wants to see it. */
export function isShownSensor({ name, type }: SensorEvent): boolean {
  return !QUIET.test(name) && type !== "nonactionable";
}

/** Who, what, the call it belongs to, and its values. */
export function sensorSpans({ name, data, call, process, sensor }: SensorEvent): Span[] {
  const spans: Span[] = [["dim", "· "]];
  if (process === undefined) spans.push(["dim", `${visible(sensor)}: `]);
  else spans.push(["strong", visible(process.name)], ["dim", `[${process.pid}] `]);
  spans.push(["plain", visible(name.replace(/^(python|node)_/, ""))]);
  if (call !== undefined) {
    spans.push(["dim", ` in ${visible(call.name ?? call.method)} #${visible(String(call.id))}`]);
  }
  const values = Object.entries(data).filter(([, value]) => value !== null && value !== "").map(([key, value]) =>
    `${key}=${text(value)}`
  );
  if (values.length > 0) spans.push(["dim", `  ${visible(values.join(" "))}`]);
  return spans;
}

function text(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
