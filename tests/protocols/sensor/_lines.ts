/** Lines as sensors write them. */

const encoder = new TextEncoder();

/** A line in BlueRock's envelope. */
export function line(name: string, sequence: number, event: Record<string, unknown> = {}, more: {
  readonly pid?: number;
  readonly component?: string;
  readonly span?: string;
  readonly origin?: string;
  readonly ms?: number;
  readonly process?: Record<string, unknown>;
} = {}): string {
  const { pid = 100, component = "default/1", span, origin = "bluepython", ms = sequence, process = {} } = more;
  const meta = {
    component_id: component,
    name,
    origin,
    sensor_id: 1,
    source_event_id: sequence,
    ...(span === undefined ? {} : { span_id: span }),
    type: "event",
  };
  const ts = new Date(1_795_261_200_000 + ms).toISOString().replace("Z", "000000+00:00");
  return JSON.stringify({ event: { context: { process: { pid, ...process } }, ...event, meta }, ts });
}

/** A protocol message. */
export function message(
  sequence: number,
  event: string,
  id: unknown,
  json: Record<string, unknown>,
  more: Parameters<typeof line>[3] & { readonly session?: string } = {},
): string {
  const { session = "s1" } = more;
  return line("python_mcp_event", sequence, { event, id, message: json, session_id: session, client_id: "null" }, more);
}

/** Text as bytes. */
export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}
