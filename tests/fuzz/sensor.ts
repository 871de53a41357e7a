/** Lines of sensors, of any format, and what becomes of them: events that `jsonrpc` reads. */
import { Sensors } from "../../pipeline/sensors/mod.ts";
import type { Event } from "../../pipeline/event.ts";
import { beginnings, forgetLines, FORMATS, SensorLines } from "../../protocols/sensor/mod.ts";
import { Decoder } from "../../transforms/jsonrpc/decoder.ts";
import { options } from "../../transforms/jsonrpc/options.ts";
import { line, message } from "../protocols/sensor/_lines.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const readers = FORMATS.map((format) => new SensorLines(format, { time: "t", message: "m.n", pid: "p" }));
const MOST = 8;

const SEEDS = [
  `${line("sensor_startup", 0, { pid: 1, file_path: "/usr/bin/python3", argv: ["a.py"] })}\n${
    line("python_import", 3, { file: "/a.py", hash_changed: true })
  }`,
  [
    message(0, "server_received_request", 0, { jsonrpc: "2.0", id: 0, method: "initialize" }),
    message(1, "server_received_notification", 0, { method: "notifications/initialized" }),
    message(2, "server_received_request", "x", { id: "x", method: "tools/call", params: { name: "a" } }),
    line("python_span_start", 3, { name: "mcp_server_message" }, { span: "a" }),
    message(4, "server_send_response", "x", { result: {} }, { span: "a" }),
    line("python_span_end", 5, { name: "mcp_server_message" }, { span: "a" }),
    line("python_mcp_session_terminated", 6, { session_id: "s1" }),
  ].join("\n"),
  [
    message(0, "client_send_request", 3, { method: "ping" }, { span: "b" }),
    message(1, "client_send_request", 3, { method: "ping" }, { span: "b" }),
    message(2, "client_received_response", 4, { result: {} }, { span: "b" }),
    message(3, "client_received_response", 4, { result: {} }, { span: "b", pid: 7, component: "d" }),
  ].join("\n"),
  '{"timestamp":"2026-11-21T12:05:49.67728589Z","transport_type":"stdio","stdio_transport":{"from_pid":236,"from_comm":"python","to_pid":237,"to_comm":"python"},"raw":"{\\"method\\":\\"a\\",\\"id\\":0}"}',
  '{"timestamp":"2026-11-21T12:05:49Z","transport_type":"http","http_transport":{"pid":3,"comm":"p","host":"h","is_request":true},"raw":"{}"}',
  '{"session_id":"s","server_label":"l","seq":3,"ts":"2026-11-21T12:05:49Z","direction":"c2s","transport":"stdio","raw":{"jsonrpc":"2.0","id":1,"method":"x"}}',
  '{"t":1795261239.5,"p":4,"m":{"n":{"id":1,"result":{}}}}\n{"time":"2026-11-21 12:05:49","name":"\\u00e9","message":"x"}',
];

function isObject(text: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(decoder.decode(text));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export default {
  name: "sensor",
  seeds: SEEDS.map((text) => encoder.encode(text)),
  run(data) {
    for (const reader of readers) {
      const sensors = new Sensors({ source: "fuzz", maxProcesses: MOST, maxSessions: MOST });
      const out: Event[] = [];
      for (let at = 0; at <= data.length;) {
        const newline = data.indexOf(10, at), end = newline < 0 ? data.length : newline;
        forgetLines();
        const record = reader.read(data, at, end);
        if (typeof record === "string") {
          for (const from of beginnings(data, at, end)) reader.read(data, from, end);
        } else {
          if (!isObject(data.subarray(at, end))) throw new Error("a record of what is no object");
          sensors.record(record, { time: 0 }, 0, out);
        }
        if (sensors.processes > MOST || sensors.sessions > MOST) throw new Error("more is remembered than may be");
        at = end + 1;
      }
      sensors.end(out);
      check(out);
      const jsonrpc = new Decoder(options.parse({}));
      jsonrpc.decode(out);
      jsonrpc.end();
    }
  },
} satisfies FuzzTarget;

function check(events: readonly Event[]): void {
  const open = new Set();
  for (const event of events) {
    if (!Number.isFinite(event.time)) throw new Error(`a time of ${event.time}`);
    if (event.kind === "sensor") JSON.stringify(event.data);
    if (event.kind !== "chunk") continue;
    const { buffer, start, end, eof, stream } = event;
    if (eof) {
      if (!open.delete(stream)) throw new Error("a stream ends that was not open");
      continue;
    }
    open.add(stream);
    if (buffer.indexOf(10, start) !== end - 1) throw new Error("a message is not one line");
    JSON.stringify(event.sensor);
  }
  if (open.size > 0) throw new Error(`${open.size} streams have no end`);
}
