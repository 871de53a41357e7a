/**
 * What else was told of a message: by a sensor, and by others who saw it.
 *
 * @module
 */
import type { McpEvent, SensorEvent } from "../event.ts";
import { timestamp, toMicros } from "./timestamp.ts";

/** The members `sensor` and `views` with a comma before each; empty for most messages. */
export function viewsJson({ sensor, views }: McpEvent): string {
  const told = sensor === undefined ? "" : `,"sensor":${JSON.stringify(sensorFields(sensor))}`;
  return views === undefined ? told : `${told},"views":${JSON.stringify(views.map(viewFields))}`;
}

function viewFields({ time, source, stream, process, peer, sensor }: McpEvent): Record<string, unknown> {
  return {
    timestamp: timestamp(toMicros(time)),
    source,
    stream: stream.id,
    from_pid: process?.pid,
    to_pid: peer?.pid,
    sensor: sensor?.sensor,
  };
}

/** What a sensor says besides the message. */
function sensorFields({ sensor, name, sequence, span, session, data }: SensorEvent): Record<string, unknown> {
  return { sensor, name, sequence, span, session, data };
}
