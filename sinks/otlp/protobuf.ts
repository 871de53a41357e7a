/**
 * Writes and reads protobuf, as far as OTLP needs it: <https://protobuf.dev/programming-guides/encoding/>.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { SCHEMA } from "./schema.ts";

/** Wire types. */
const VARINT = 0, I64 = 1, LEN = 2, I32 = 5;

/** Bytes that grow. */
class Output {
  buffer = Buffer.allocUnsafe(1024);
  at = 0;

  room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  varint(value: number): void {
    this.room(10);
    this.at = putVarint(this.buffer, this.at, value);
  }

  tag(number: number, type: number): void {
    this.varint(number << 3 | type);
  }

  /** What `write` adds, with its length before it. */
  sized(write: () => void): void {
    this.room(1);
    const start = ++this.at;
    write();
    const length = this.at - start, digits = varintSize(length);
    this.room(digits);
    if (digits > 1) this.buffer.copyWithin(start + digits - 1, start, this.at);
    putVarint(this.buffer, start - 1, length);
    this.at += digits - 1;
  }
}

/** A message of the schema. Members that it does not know, or that are undefined, are left out. */
export function encodeMessage(name: string, value: object): Buffer {
  const out = new Output();
  writeMessage(out, name, value);
  return out.buffer.subarray(0, out.at);
}

function writeMessage(out: Output, name: string, value: object): void {
  const fields = SCHEMA[name] ?? {};
  for (const [member, held] of Object.entries(value)) {
    const field = Object.hasOwn(fields, member) ? fields[member] : undefined;
    if (field === undefined || held === undefined) continue;
    const [number, type] = field;
    if (!Array.isArray(held) || type.startsWith("packed")) writeField(out, number, type, held);
    else for (const one of held) writeField(out, number, type, one);
  }
}

function writeField(out: Output, number: number, type: string, value: unknown): void {
  switch (type) {
    case "string": {
      const text = String(value), size = Buffer.byteLength(text);
      out.tag(number, LEN);
      out.varint(size);
      out.room(size);
      out.at += out.buffer.write(text, out.at);
      return;
    }
    case "hex":
      out.tag(number, LEN);
      return out.sized(() => {
        const bytes = Buffer.from(String(value), "hex");
        out.room(bytes.length);
        out.at += bytes.copy(out.buffer, out.at);
      });
    case "bool":
      out.tag(number, VARINT);
      return out.varint(value === true ? 1 : 0);
    case "varint":
      out.tag(number, VARINT);
      return out.varint(Number(value));
    case "int64": {
      out.tag(number, VARINT);
      let rest = BigInt.asUintN(64, BigInt(String(value)));
      out.room(10);
      for (; rest > 0x7fn; rest >>= 7n) out.buffer[out.at++] = Number(rest & 0x7fn) | 0x80;
      return out.varint(Number(rest));
    }
    case "fixed32":
      out.tag(number, I32);
      out.room(4);
      out.at = out.buffer.writeUInt32LE(Number(value) >>> 0, out.at);
      return;
    case "fixed64":
      out.tag(number, I64);
      return fixed64(out, value);
    case "double":
      out.tag(number, I64);
      return double(out, value);
    case "packed_fixed64":
    case "packed_double":
      out.tag(number, LEN);
      return out.sized(() => {
        for (const one of value as readonly unknown[]) type === "packed_double" ? double(out, one) : fixed64(out, one);
      });
    default:
      out.tag(number, LEN);
      return out.sized(() => writeMessage(out, type, value as object));
  }
}

function fixed64(out: Output, value: unknown): void {
  out.room(8);
  out.at = out.buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(String(value))), out.at);
}

function double(out: Output, value: unknown): void {
  out.room(8);
  out.at = out.buffer.writeDoubleLE(Number(value), out.at);
}

/** Bytes of a varint, for a number below 2^53. */
export function varintSize(value: number): number {
  let size = 1;
  for (; value >= 0x80; value = Math.floor(value / 0x80)) size++;
  return size;
}

/** Writes a varint; tells where it ends. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes[at++] = value % 0x80 | 0x80;
  bytes[at++] = value;
  return at;
}

/** The fields of a message, the last of each number: varints as numbers, what has a length as bytes. Undefined if it is none. */
export function readFields(bytes: Uint8Array): ReadonlyMap<number, number | Uint8Array> | undefined {
  const fields = new Map<number, number | Uint8Array>();
  let at = 0;
  const varint = (): number => {
    let value = 0, factor = 1;
    for (; at < bytes.length; factor *= 0x80) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    return NaN;
  };
  while (at < bytes.length) {
    const tag = varint(), type = tag % 8, number = Math.floor(tag / 8);
    if (Number.isNaN(tag) || number === 0) return undefined;
    if (type === VARINT) {
      const value = varint();
      if (Number.isNaN(value)) return undefined;
      fields.set(number, value);
    } else {
      const length = type === LEN ? varint() : type === I64 ? 8 : type === I32 ? 4 : NaN;
      if (!(at + length <= bytes.length)) return undefined;
      fields.set(number, bytes.subarray(at, at + length));
      at += length;
    }
  }
  return fields;
}
