/**
 * The lines of all but messages.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { ChunkEvent, EventBase, FindingEvent, GapEvent, HttpEvent, Process } from "../../pipeline/event.ts";
import type { ByteBuffer } from "../../pipeline/output/byte_buffer.ts";
import { httpFields } from "./http_line.ts";
import { timestamp, toMicros } from "./timestamp.ts";

/** Adds the line of an event that is no message. */
export function writeOther(out: ByteBuffer, event: GapEvent | FindingEvent | HttpEvent | ChunkEvent): void {
  out.text(`${JSON.stringify(fields(event))}\n`);
}

function fields(event: GapEvent | FindingEvent | HttpEvent | ChunkEvent): Record<string, unknown> {
  const base = { kind: event.kind, timestamp: timestamp(toMicros(event.time)), source: event.source };
  const where = { ...ends(event), stream: event.stream?.id };
  switch (event.kind) {
    case "finding": {
      const { rule, severity, message, evidence } = event;
      return { ...base, rule, severity, message, evidence, ...where };
    }
    case "gap": {
      const { reason, message, lost, cpu } = event;
      return { ...base, reason, message, lost, cpu, ...where };
    }
    case "http":
      return { ...base, ...httpFields(event), ...where };
    case "chunk": {
      const { stream, buffer, start, end, lost, eof } = event;
      const data = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start).toString("base64");
      return { ...base, ...where, medium: stream.medium, reverse: stream.reverse?.id, lost, eof, data };
    }
  }
}

function ends({ process, peer }: EventBase): Record<string, unknown> {
  return { process: process && whoIs(process), peer: peer && whoIs(peer) };
}

function whoIs({ pid, comm, name, container }: Process): Record<string, unknown> {
  return { pid, comm, name, container };
}
