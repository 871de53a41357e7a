/** Reads protobuf into what OTLP's JSON would be, by the table of the sink's messages. The Collector checks the table. */
import { SCHEMA } from "../../../sinks/otlp/schema.ts";

/** Members that are arrays, whatever is in them. */
const REPEATED = new Set(["attributes", "events", "links", "values", "dataPoints", "exemplars"]);

type Read = Record<string, unknown>;

/** A message of the sink's. Throws where it is none. */
export function readMessage(name: string, bytes: Uint8Array): Read {
  const byNumber = new Map(Object.entries(SCHEMA[name] ?? {}).map(([member, field]) => [field[0], [member, field[1]]]));
  const out: Read = {};
  for (const { number, value } of fields(bytes)) {
    const [member, type] = byNumber.get(number) ?? [];
    if (member === undefined || type === undefined) throw new Error(`${name} has no field ${number}`);
    const read = readValue(type, value);
    if (REPEATED.has(member)) out[member] = [...(out[member] as unknown[] | undefined) ?? [], read];
    else out[member] = read;
  }
  return out;
}

/** What a request has of a resource. */
export interface ReadPart {
  readonly resource: Read;
  readonly scopes: readonly { readonly scope: Read; readonly items: readonly Read[] }[];
}

/** A request: its resources' parts. */
export function readRequest(item: string, bytes: Uint8Array): ReadPart[] {
  return parts(bytes, 1).map((part) => ({
    resource: readMessage("Resource", parts(part, 1)[0]!),
    scopes: parts(part, 2).map((scope) => ({
      scope: readMessage("InstrumentationScope", parts(scope, 1)[0]!),
      items: parts(scope, 2).map((one) => readMessage(item, one)),
    })),
  }));
}

function parts(bytes: Uint8Array, wanted: number): Uint8Array[] {
  return fields(bytes).filter(({ number }) => number === wanted).map(({ value }) => value as Uint8Array);
}

function readValue(type: string, value: bigint | Uint8Array): unknown {
  if (typeof value === "bigint") {
    return type === "bool" ? value === 1n : type === "int64" ? String(BigInt.asIntN(64, value)) : Number(value);
  }
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const each = (read: (at: number) => unknown) => Array.from({ length: value.length / 8 }, (_, k) => read(k * 8));
  switch (type) {
    case "string":
      return new TextDecoder("utf-8", { fatal: true }).decode(value);
    case "hex":
      return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
    case "fixed32":
      return view.getUint32(0, true);
    case "fixed64":
      return String(view.getBigUint64(0, true));
    case "double":
      return view.getFloat64(0, true);
    case "packed_fixed64":
      return each((at) => String(view.getBigUint64(at, true)));
    case "packed_double":
      return each((at) => view.getFloat64(at, true));
    default:
      return readMessage(type, value);
  }
}

function fields(bytes: Uint8Array): { readonly number: number; readonly value: bigint | Uint8Array }[] {
  const out = [];
  let at = 0;
  const varint = () => {
    for (let value = 0n, shift = 0n;; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("cut");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint()), type = tag & 7;
    if (type === 0) out.push({ number: tag >> 3, value: varint() });
    else {
      const length = type === 2 ? Number(varint()) : type === 1 ? 8 : type === 5 ? 4 : NaN;
      if (!(at + length <= bytes.length)) throw new Error(`cut, or wire type ${type}`);
      out.push({ number: tag >> 3, value: bytes.subarray(at, at += length) });
    }
  }
  return out;
}
