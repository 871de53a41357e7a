/** Findings and sensors' events for the console's tests. */
import type { FindingEvent, McpEvent, SensorCall, SensorEvent, Severity } from "../../../pipeline/event.ts";
import { client, server } from "../../transforms/mcp/_messages.ts";

/** What a detector would say of a message. */
export function finding(event: McpEvent, message: string, severity: Severity = "high"): FindingEvent {
  const { time, source, process, peer } = event;
  return { kind: "finding", time, source, process, peer, event, rule: "test.rule", severity, message };
}

/** What a sensor in the server tells that a call did. */
export function act(
  time: number,
  call: SensorCall | undefined,
  file: string,
  more: Partial<SensorEvent> = {},
): SensorEvent {
  return {
    kind: "sensor",
    time,
    source: "pipe",
    sensor: "mcpsonde-python",
    name: "python_audit",
    process: server,
    call,
    data: { event: "open", args: [file, "write"] },
    ...more,
  };
}

export { client, server };

/** The name that a sensor has for a call of a tool. */
export function tool(id: number, name: string, session?: string): SensorCall {
  return { id, method: "tools/call", name, session };
}
