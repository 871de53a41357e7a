/**
 * The two encodings of OTLP. Both join what has been encoded before without reading it again.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { encodeMessage, putVarint, varintSize } from "./protobuf.ts";
import { type Signal, SIGNALS } from "./schema.ts";
import { DIGITS, putNanos, putNanos64 } from "./time.ts";
import type { KeyValue, Messages, Span } from "./types.ts";

/** One resource's part of a request. */
export interface Part {
  /** The resource, encoded. */
  readonly resource: Uint8Array;
  /** Spans, log records or metrics, encoded. */
  readonly items: readonly Uint8Array[];
}

/** How messages become bytes. */
export interface Encoding {
  /** What the option calls it. */
  readonly name: "json" | "protobuf";
  readonly contentType: string;
  /** Encodes a message. */
  encode<Name extends keyof Messages>(name: Name, message: Messages[Name]): Uint8Array;
  /** A span without its end: attributes and other members may follow. */
  open(span: Span): Uint8Array;
  /** Attributes for an open span. */
  more(attributes: readonly KeyValue[]): Uint8Array;
  /** The end of an open span, with members that it has not had yet. */
  close(members: Partial<Span>): Uint8Array;
  /** Adds attributes with this key to an open span. */
  attribute(key: string, type: "string" | "int"): AttributeWriter;
  /** Bytes that an id takes, for each of its own. */
  readonly idFactor: 1 | 2;
  /** Writes an id: `count` words. */
  putId(bytes: Uint8Array, at: number, words: Uint32Array, from: number, count: number): void;
  /** Bytes that a time takes. */
  readonly timeSize: number;
  /** Writes a time, which is in milliseconds. */
  putTime(bytes: Uint8Array, at: number, millis: number): void;
  /** A request. */
  join(signal: Signal, scope: Uint8Array, parts: readonly Part[]): Uint8Array;
}

/** Adds an attribute. */
export interface AttributeWriter {
  /** Bytes that it takes besides its text, at most. */
  readonly most: number;
  /** `text`: ASCII without anything to be escaped, or the digits of a number. Tells where the attribute ends. */
  put(bytes: Uint8Array, at: number, text: string): number;
}

const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);
const HEX = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/** OTLP's JSON. */
export const JSON_ENCODING: Encoding = {
  name: "json",
  contentType: "application/json",
  encode: (_, message) => encoder.encode(JSON.stringify(message)),
  open: (span) => encoder.encode(JSON.stringify(span).slice(0, -"]}".length)),
  more: (attributes) =>
    attributes.length === 0 ? NOTHING : encoder.encode(`,${JSON.stringify(attributes).slice(1, -1)}`),
  close(members) {
    const rest = JSON.stringify(members);
    return encoder.encode(rest === "{}" ? "]}" : `],${rest.slice(1)}`);
  },
  attribute(key, type) {
    const before = encoder.encode(`,{"key":${JSON.stringify(key)},"value":{"${type}Value":"`);
    const after = encoder.encode('"}}');
    return {
      most: before.length + after.length,
      put(bytes, at, text) {
        bytes.set(before, at);
        at = putAscii(bytes, at + before.length, text);
        bytes.set(after, at);
        return at + after.length;
      },
    };
  },
  idFactor: 2,
  putId(bytes, at, words, from, count) {
    for (let k = from; k < from + count; k++) {
      const word = words[k]!;
      for (let shift = 28; shift >= 0; shift -= 4) bytes[at++] = HEX[word >>> shift & 15]!;
    }
  },
  timeSize: DIGITS,
  putTime: putNanos,
  join(signal, scope, parts) {
    const { outer, scope: scopes, inner } = SIGNALS[signal];
    const start = encoder.encode(`{"${outer}":[`), between = encoder.encode(`,"${scopes}":[{"scope":`);
    const items = encoder.encode(`,"${inner}":[`), end = encoder.encode("]}]}"), last = encoder.encode("]}");
    const resource = encoder.encode('{"resource":');
    const each = resource.length + between.length + scope.length + items.length + end.length;
    let size = start.length + last.length + Math.max(0, parts.length - 1);
    for (const part of parts) {
      size += each + part.resource.length + Math.max(0, part.items.length - 1);
      for (let k = 0; k < part.items.length; k++) size += part.items[k]!.length;
    }
    const bytes = Buffer.allocUnsafe(size);
    let at = 0;
    const put = (piece: Uint8Array) => {
      bytes.set(piece, at);
      at += piece.length;
    };
    put(start);
    for (let p = 0; p < parts.length; p++) {
      const part = parts[p]!;
      if (p > 0) bytes[at++] = 0x2c;
      put(resource);
      put(part.resource);
      put(between);
      put(scope);
      put(items);
      for (let k = 0; k < part.items.length; k++) {
        if (k > 0) bytes[at++] = 0x2c;
        put(part.items[k]!);
      }
      put(end);
    }
    put(last);
    return bytes;
  },
};

/** Tags of fields 1 and 2 of a message, which have a length: what all requests are made of. */
const FIRST = 0x0a, SECOND = 0x12;
/** Tags of a span's attributes, field 9, and of `AnyValue.int_value`, field 3. */
const ATTRIBUTES = 0x4a, INT_VALUE = 0x18;

/** Protobuf. */
export const PROTOBUF_ENCODING: Encoding = {
  name: "protobuf",
  contentType: "application/x-protobuf",
  encode: encodeMessage,
  open: (span) => encodeMessage("Span", span),
  more: (attributes) => attributes.length === 0 ? NOTHING : encodeMessage("Span", { attributes }),
  close: (members) => encodeMessage("Span", members),
  attribute(key, type) {
    const name = encoder.encode(key);
    const before = Uint8Array.of(FIRST, name.length, ...name, SECOND);
    return {
      most: before.length + 12,
      put(bytes, at, text) {
        const number = type === "int" ? Number(text) : 0;
        const size = type === "int" ? varintSize(number) : varintSize(text.length) + text.length;
        bytes[at] = ATTRIBUTES;
        at = putVarint(bytes, at + 1, before.length + varintSize(1 + size) + 1 + size);
        bytes.set(before, at);
        at = putVarint(bytes, at + before.length, 1 + size);
        bytes[at++] = type === "int" ? INT_VALUE : FIRST;
        if (type === "int") return putVarint(bytes, at, number);
        return putAscii(bytes, putVarint(bytes, at, text.length), text);
      },
    };
  },
  idFactor: 1,
  putId(bytes, at, words, from, count) {
    for (let k = from; k < from + count; k++) {
      const word = words[k]!;
      bytes[at++] = word >>> 24;
      bytes[at++] = word >>> 16;
      bytes[at++] = word >>> 8;
      bytes[at++] = word;
    }
  },
  timeSize: 8,
  putTime: putNanos64,
  join(_, scope, parts) {
    const sizes = parts.map(({ resource, items }) => {
      let inner = sized(scope.length);
      for (let k = 0; k < items.length; k++) inner += sized(items[k]!.length);
      return { inner, outer: sized(resource.length) + sized(inner) };
    });
    const bytes = Buffer.allocUnsafe(sizes.reduce((sum, { outer }) => sum + sized(outer), 0));
    let at = 0;
    const head = (tag: number, length: number) => {
      bytes[at++] = tag;
      at = putVarint(bytes, at, length);
    };
    const put = (tag: number, piece: Uint8Array) => {
      head(tag, piece.length);
      bytes.set(piece, at);
      at += piece.length;
    };
    parts.forEach(({ resource, items }, p) => {
      const { inner, outer } = sizes[p]!;
      head(FIRST, outer);
      put(FIRST, resource);
      head(SECOND, inner);
      put(FIRST, scope);
      for (let k = 0; k < items.length; k++) put(SECOND, items[k]!);
    });
    return bytes;
  },
};

/** By what the option calls them. */
export const ENCODINGS = { json: JSON_ENCODING, protobuf: PROTOBUF_ENCODING } as const;

/** Bytes of a field with so many bytes in it, whose number is below 16. */
function sized(length: number): number {
  return 1 + varintSize(length) + length;
}

function putAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let k = 0; k < text.length; k++) bytes[at++] = text.charCodeAt(k);
  return at;
}
