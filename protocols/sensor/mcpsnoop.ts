/**
 * Lines of mcpsnoop's session logs (`~/.local/state/mcpsnoop/sessions/*.jsonl`; `Envelope` in its
 * `internal/proxy/frame.go`).
 *
 * @module
 */
import { readCount, textAt } from "./_values.ts";
import { readTime } from "./_time.ts";
import { transportOf } from "./envelope.ts";
import { known, Path } from "./paths.ts";
import type { SensorRecord, ToldMessage } from "./record.ts";

const ENVELOPE = ["session_id", "seq", "ts", "direction", "transport"];
const NAMES: Readonly<Record<string, string>> = { stderr: "stderr", meta: "session_start", c2s: "frame", s2c: "frame" };

/** What {@linkcode known} has just found as a record; undefined if it is no such line. */
export function readMcpSnoop(bytes: Uint8Array, from: number, to: number): SensorRecord | undefined {
  const direction = text(bytes, Path.direction), session = text(bytes, Path.snoopSession);
  const name = direction === undefined ? undefined : NAMES[direction];
  if (direction === undefined || name === undefined || session === undefined) return undefined;
  const isMessage = name === "frame" && known.from(Path.raw) >= 0;
  return {
    time: readTime(bytes, known.from(Path.ts), known.to(Path.ts)),
    sensor: "mcpsnoop",
    name,
    type: "event",
    sequence: readCount(bytes, known.from(Path.snoopSequence), known.to(Path.snoopSequence)),
    // counts a session's frames: a session is what a process is elsewhere
    component: session,
    span: undefined,
    spanOf: undefined,
    isTampered: false,
    session,
    pid: undefined,
    ppid: undefined,
    start: undefined,
    process: text(bytes, Path.snoopLabel),
    call: undefined,
    transport: transportOf(text(bytes, Path.snoopTransport)),
    buffer: bytes,
    from,
    to,
    envelope: isMessage ? [...ENVELOPE, "raw"] : ENVELOPE,
    message: isMessage ? readMessage(bytes, direction === "c2s") : undefined,
  };
}

function readMessage(bytes: Uint8Array, isSent: boolean): ToldMessage {
  return {
    buffer: bytes,
    from: known.from(Path.raw),
    to: known.to(Path.raw),
    id: undefined,
    what: undefined,
    side: undefined,
    isSent,
    isBare: false,
    sender: undefined,
    receiver: undefined,
    lane: text(bytes, Path.connection) ?? "",
  };
}

function text(bytes: Uint8Array, path: number): string | undefined {
  return textAt(known, path, bytes);
}
