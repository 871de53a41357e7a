/**
 * The 64 bytes that a segment begins with, and that the file `position` has two of.
 *
 * Little-endian: 0 magic (8 bytes), 8 version (u32), 12 salt (u32), 16 buffer id (8 bytes), 24 number (u64), 32 after (u64),
 * 40 time (f64), 48 format (12 bytes of ASCII, filled up with 0), 60 CRC-32 of the 60 bytes before it (u32). The format is
 * mcpsonde's own; CRC-32 is that of gzip (RFC 1952, section 8), by `node:zlib`, which Deno and Node from 20.15 have.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";

/** Bytes of a header. */
export const HEADER_BYTES = 64;
/** The version that is written and read. */
export const VERSION = 1;
/** No number is larger: enough for a million records a second for eight years, and far from where doubles end. */
const LARGEST = 2 ** 48;
/** Longest name of a format. */
export const FORMAT_BYTES = 12;

const MAGIC = { segment: "mcpbufS\n", position: "mcpbufP\n" } as const;
const CRC_AT = HEADER_BYTES - 4;

/** What a header tells. */
export interface Header {
  /** Where it stands. */
  readonly kind: keyof typeof MAGIC;
  /** The version of what follows. */
  readonly version: number;
  /** Of a segment: the mark of its records, which nobody else knows. */
  readonly salt: number;
  /** The buffer's id, 16 hex digits. */
  readonly buffer: string;
  /** Of a segment: the number of its first record. Of a position: of the first record that is not acknowledged. */
  readonly number: number;
  /** Of a segment: the number after the last record of the segment before it, as far as was known. */
  readonly after: number;
  /** When it was written, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** What the records are: `otlp/1`. */
  readonly format: string;
}

/** A header's bytes. */
export function encodeHeader(header: Header): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(MAGIC[header.kind], 0, "latin1");
  bytes.writeUInt32LE(header.version, 8);
  bytes.writeUInt32LE(header.salt, 12);
  bytes.write(header.buffer, 16, "hex");
  bytes.writeBigUInt64LE(BigInt(header.number), 24);
  bytes.writeBigUInt64LE(BigInt(header.after), 32);
  bytes.writeDoubleLE(header.time, 40);
  bytes.write(header.format.slice(0, FORMAT_BYTES), 48, "latin1");
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CRC_AT)), CRC_AT);
  return bytes;
}

/** What the bytes tell; undefined if they are no header of the kind, or damaged. */
export function decodeHeader(kind: Header["kind"], given: Uint8Array): Header | undefined {
  if (given.length < HEADER_BYTES) return undefined;
  const bytes = Buffer.from(given.buffer, given.byteOffset, HEADER_BYTES);
  if (bytes.toString("latin1", 0, 8) !== MAGIC[kind]) return undefined;
  if (bytes.readUInt32LE(CRC_AT) !== crc32(bytes.subarray(0, CRC_AT))) return undefined;
  const number = Number(bytes.readBigUInt64LE(24)), after = Number(bytes.readBigUInt64LE(32));
  if (number > LARGEST || after > LARGEST) return undefined;
  return {
    kind,
    version: bytes.readUInt32LE(8),
    salt: bytes.readUInt32LE(12),
    buffer: bytes.subarray(16, 24).toString("hex"),
    number,
    after,
    time: bytes.readDoubleLE(40),
    format: bytes.toString("latin1", 48, CRC_AT).replaceAll("\0", ""),
  };
}
