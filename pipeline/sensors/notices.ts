/**
 * What is told of besides what sensors told.
 *
 * @module
 */
import type { EventBase, FindingEvent, GapEvent, SensorEvent } from "../event.ts";
import { several } from "../wording.ts";

/** Numbers of a process that have not come. */
export function missing(
  { events, from, to }: { readonly events: number; readonly from: number; readonly to: number },
  sensor: string,
  base: EventBase,
): GapEvent {
  const numbers = from === to
    ? `number ${from}`
    : events === to - from + 1
    ? `${from} to ${to}`
    : `between ${from} and ${to}`;
  const who = base.process === undefined ? sensor : `${base.process.name}[${base.process.pid}]`;
  return {
    ...base,
    kind: "gap",
    reason: "sensor_events",
    message: `${several(events, "event")} of ${who} ${events === 1 ? "is" : "are"} missing (${numbers})`,
    lost: { records: events },
  };
}

/** The sensor itself has found that a file is not its package's. */
export function tampered({ time, source, process, data }: SensorEvent): FindingEvent {
  const { file, fullname } = data;
  const who = process === undefined ? "A process" : `${process.name}[${process.pid}]`;
  return {
    kind: "finding",
    time,
    source,
    process,
    rule: "sensor.import_tampered",
    severity: "high",
    message:
      `${who} loaded ${typeof fullname === "string" ? fullname : "a module"} from a file that is not the one its ` +
      "package lists",
    evidence: typeof file === "string" ? file.slice(0, 200) : undefined,
    category: "supply_chain",
  };
}
