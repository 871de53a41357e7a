/**
 * Lines in BlueRock's envelope: its own, of 0.1 and 0.2, and those of our sensors.
 *
 * @module
 */
import type { SensorCall, Transport } from "../../pipeline/event.ts";
import { countAt, readFlag, readId, textAt } from "./_values.ts";
import { readTime } from "./_time.ts";
import { known, Path } from "./paths.ts";
import type { SensorRecord, ToldMessage } from "./record.ts";

/** BlueRock's messages lack what the SDK adds after its hooks; ours are whole. */
const BARE = "bluepython";
const ENVELOPE = ["meta", "context", "message"];

/** What {@linkcode known} has just found as a record; undefined if it is no such line. */
export function readEnvelope(bytes: Uint8Array): SensorRecord | undefined {
  const name = text(bytes, Path.metaName);
  if (name === undefined) return undefined;
  const from = known.from(Path.event);
  const pid = count(bytes, Path.pid) ?? count(bytes, Path.ownPid);
  const sensor = text(bytes, Path.metaOrigin) ?? "unknown", span = text(bytes, Path.metaSpan);
  const isTold = known.from(Path.message) >= 0 && name.endsWith("_mcp_event");
  return {
    time: readTime(bytes, known.from(Path.ts), known.to(Path.ts)),
    sensor,
    name,
    type: text(bytes, Path.metaType),
    sequence: count(bytes, Path.metaSequence),
    component: text(bytes, Path.metaComponent) ?? text(bytes, Path.metaUuid),
    span,
    spanOf: span === undefined ? undefined : text(bytes, Path.spanName),
    isTampered: readFlag(bytes, known.from(Path.hashChanged)),
    session: sessionOf(bytes),
    pid,
    ppid: count(bytes, Path.ppid),
    start: count(bytes, Path.start),
    process: text(bytes, Path.processName),
    call: known.from(Path.callMethod) < 0 ? undefined : readCall(bytes),
    transport: transportOf(text(bytes, Path.transport) ?? text(bytes, Path.serverType)),
    buffer: bytes,
    from,
    to: known.to(Path.event),
    envelope: ENVELOPE,
    message: isTold ? readMessage(bytes, sensor === BARE) : undefined,
  };
}

function readMessage(bytes: Uint8Array, isBare: boolean): ToldMessage {
  const [side, verb] = text(bytes, Path.eventName)?.split("_") ?? [];
  const what = text(bytes, Path.eventName)?.slice(1 + (side?.length ?? 0) + 1 + (verb?.length ?? 0));
  return {
    buffer: bytes,
    from: known.from(Path.message),
    to: known.to(Path.message),
    id: readId(bytes, known.from(Path.eventId), known.to(Path.eventId)),
    what: what === "request" || what === "response" || what === "notification" ? what : undefined,
    side: side === "client" || side === "server" ? side : undefined,
    isSent: verb === "send",
    isBare,
    sender: undefined,
    receiver: undefined,
    lane: "",
  };
}

function readCall(bytes: Uint8Array): SensorCall | undefined {
  const id = readId(bytes, known.from(Path.callId), known.to(Path.callId)), method = text(bytes, Path.callMethod);
  if (id === undefined || method === undefined) return undefined;
  return { id, method, name: text(bytes, Path.callName), session: text(bytes, Path.callSession) };
}

/** BlueRock says "null" where it knows none. */
function sessionOf(bytes: Uint8Array): string | undefined {
  const session = text(bytes, Path.session);
  return session === "null" ? undefined : session;
}

/** BlueRock names the SDK's functions: `stdio`, `streamable_http`, `sse`. */
export function transportOf(name: string | undefined): Transport | undefined {
  if (name === undefined) return undefined;
  if (name === "stdio" || name === "sse") return name;
  return name.includes("http") ? "http" : undefined;
}

function text(bytes: Uint8Array, path: number): string | undefined {
  return textAt(known, path, bytes);
}

function count(bytes: Uint8Array, path: number): number | undefined {
  return countAt(known, path, bytes);
}
