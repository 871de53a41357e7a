/**
 * The lines of all but messages.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { ChunkEvent, EventBase, FindingEvent, GapEvent, HttpEvent, Process, SensorEvent } from "../event.ts";
import type { ByteBuffer } from "../output/byte_buffer.ts";
import { callJson } from "./call.ts";
import { httpFields } from "./http_line.ts";
import { timestamp, toMicros } from "./timestamp.ts";

/** An event that is no message. */
type Other = GapEvent | FindingEvent | HttpEvent | SensorEvent | ChunkEvent;

/** Adds the line of an event that is no message. Of HTTP, `bodies` says whether to write more than the body's length; of calls, `tokens` adds what they cost. */
export function writeOther(out: ByteBuffer, event: Other, bodies = true, tokens = false): void {
  const line = JSON.stringify(fields(event, bodies));
  const call = event.kind === "finding" ? event.call : undefined;
  out.text(call === undefined ? `${line}\n` : `${line.slice(0, -1)},"call":${callJson(call, tokens)}}\n`);
}

function fields(event: Other, bodies: boolean): Record<string, unknown> {
  const base = { kind: event.kind, timestamp: timestamp(toMicros(event.time)), source: event.source };
  if (event.kind === "sensor") {
    const { sensor, name, type, sequence, span, session, call, data } = event;
    return { ...base, sensor, name, type, sequence, span, session, call, data, ...ends(event) };
  }
  const where = { ...ends(event), stream: event.stream?.id };
  switch (event.kind) {
    case "finding": {
      const { rule, severity, message, evidence } = event;
      return { ...base, rule, severity, message, evidence, ...judgement(event), ...where };
    }
    case "gap": {
      const { reason, message, lost, cpu } = event;
      return { ...base, reason, message, lost, cpu, ...where };
    }
    case "http":
      return { ...base, ...httpFields(event, bodies), ...where };
    case "chunk": {
      const { stream, buffer, start, end, lost, eof } = event;
      const data = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start).toString("base64");
      return { ...base, ...where, medium: stream.medium, reverse: stream.reverse?.id, lost, eof, data };
    }
  }
}

/** What a detector says besides, and what it is about. */
function judgement(event: FindingEvent): Record<string, unknown> {
  const { detector, category, score, target, references, details, event: message, call, session } = event;
  const { era, server, id } = session ?? call?.request.context?.session ?? message?.context?.session ?? {};
  return {
    detector,
    category,
    score,
    target,
    references,
    details,
    era,
    server: server?.name,
    session: id,
    event: message === undefined ? undefined : {
      timestamp: timestamp(toMicros(message.time)),
      stream: message.stream.id,
      type: message.type,
      id: message.id,
      method: message.method ?? message.request?.method,
    },
  };
}

function ends({ process, peer }: EventBase): Record<string, unknown> {
  return { process: process && whoIs(process), peer: peer && whoIs(peer) };
}

function whoIs({ pid, comm, name, container }: Process): Record<string, unknown> {
  return { pid, comm, name, container };
}
