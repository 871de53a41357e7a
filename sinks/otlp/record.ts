/**
 * A record, as it waits in the buffer: one span, log record or metric, encoded, and the resource that it is of.
 *
 * One byte for encoding and signal, four for the length of the resource, little-endian, eight that tell resources apart;
 * then the resource and what is told of it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type Encoding, JSON_ENCODING, PROTOBUF_ENCODING } from "./encoding.ts";
import type { Signal } from "./schema.ts";

/** What the buffer's records are. */
export const FORMAT = "otlp/1";

const SIGNAL_NAMES = ["traces", "metrics", "logs"] as const;
const PROTOBUF = 0x10;
/** Bytes before the resource. */
export const HEAD = 13;

/** A resource as records have it: head and all. */
export interface EncodedResource {
  /** For each signal what stands before the item. */
  readonly heads: Readonly<Record<Signal, Uint8Array>>;
}

/** What a record holds. */
export interface Opened {
  readonly encoding: Encoding;
  readonly signal: Signal;
  /** Equal in records of equal resources, and of one encoding. */
  readonly key: number;
  readonly resource: Uint8Array;
  readonly item: Uint8Array;
}

/** Makes the beginnings of records of a resource. */
export function encodedResource(encoding: Encoding, resource: Uint8Array): EncodedResource {
  const hash = createHash("sha256").update(resource).digest().subarray(0, 8);
  const head = (signal: Signal) => {
    const bytes = Buffer.alloc(HEAD + resource.length);
    bytes[0] = SIGNAL_NAMES.indexOf(signal) | (encoding.name === "protobuf" ? PROTOBUF : 0);
    bytes.writeUInt32LE(resource.length, 1);
    bytes.set(hash, 5);
    bytes.set(resource, HEAD);
    return bytes;
  };
  return { heads: { traces: head("traces"), metrics: head("metrics"), logs: head("logs") } };
}

/** Takes a record apart; undefined if it is none. */
export function openRecord(bytes: Uint8Array): Opened | undefined {
  if (bytes.length <= HEAD) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEAD);
  const kind = bytes[0]!, end = HEAD + view.getUint32(1, true);
  const signal = SIGNAL_NAMES[kind & 0x0f];
  if (signal === undefined || kind > (PROTOBUF | 0x0f) || end >= bytes.length) return undefined;
  return {
    encoding: (kind & PROTOBUF) === 0 ? JSON_ENCODING : PROTOBUF_ENCODING,
    signal,
    key: view.getUint32(5, true) + (view.getUint32(9, true) & 0x1fffff) * 2 ** 32,
    resource: bytes.subarray(HEAD, end),
    item: bytes.subarray(end),
  };
}
