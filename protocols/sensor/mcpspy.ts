/**
 * Lines of MCPSpy (`mcpspy --output`).
 *
 * @module
 */
import { readCount, readFlag, textAt, unescaped } from "./_values.ts";
import { readTime } from "./_time.ts";
import { known, Path } from "./paths.ts";
import type { NamedProcess, SensorRecord, ToldMessage } from "./record.ts";

const ENVELOPE = ["timestamp", "raw", "params", "result", "error", "request", "stdio_transport", "transport_type"];

/** What {@linkcode known} has just found as a record; undefined if it is no such line. */
export function readMcpSpy(bytes: Uint8Array, from: number, to: number): SensorRecord | undefined {
  const transport = text(bytes, Path.transportType);
  if (transport !== "stdio" && transport !== "http" || bytes[known.from(Path.raw)] !== 0x22) return undefined;
  return {
    time: readTime(bytes, known.from(Path.timestamp), known.to(Path.timestamp)),
    sensor: "mcpspy",
    name: "mcp_event",
    type: "event",
    sequence: undefined,
    component: undefined,
    span: undefined,
    spanOf: undefined,
    isTampered: false,
    session: undefined,
    pid: undefined,
    ppid: undefined,
    start: undefined,
    process: undefined,
    call: undefined,
    transport,
    buffer: bytes,
    from,
    to,
    envelope: ENVELOPE,
    message: transport === "stdio" ? overStdio(bytes) : overHttp(bytes),
  };
}

function overStdio(bytes: Uint8Array): ToldMessage {
  const sender = process(bytes, Path.fromPid, Path.fromComm), receiver = process(bytes, Path.toPid, Path.toComm);
  const [low = 0, high = 0] = [sender?.pid ?? 0, receiver?.pid ?? 0].sort((a, b) => a - b);
  return { ...message(bytes), isSent: sender?.pid === low, sender, receiver, lane: `${low} ${high}` };
}

/** The process is one of both ends, and the line does not say which: most that is seen of HTTP is seen of clients. */
function overHttp(bytes: Uint8Array): ToldMessage {
  const isRequest = readFlag(bytes, known.from(Path.isRequest));
  const client = process(bytes, Path.httpPid, Path.httpComm);
  return {
    ...message(bytes),
    isSent: isRequest,
    sender: isRequest ? client : undefined,
    receiver: isRequest ? undefined : client,
    lane: `${client?.pid ?? ""} ${text(bytes, Path.httpHost) ?? ""}`,
  };
}

function message(bytes: Uint8Array): Omit<ToldMessage, "isSent" | "sender" | "receiver" | "lane"> {
  const raw = unescaped(bytes, known.from(Path.raw), known.to(Path.raw));
  return { buffer: raw, from: 0, to: raw.length, id: undefined, what: undefined, side: undefined, isBare: false };
}

function process(bytes: Uint8Array, pidAt: number, commAt: number): NamedProcess | undefined {
  const pid = readCount(bytes, known.from(pidAt), known.to(pidAt));
  return pid === undefined ? undefined : { pid, name: text(bytes, commAt) };
}

function text(bytes: Uint8Array, path: number): string | undefined {
  return textAt(known, path, bytes);
}
