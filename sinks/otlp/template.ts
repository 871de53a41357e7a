/**
 * Spans that differ in little: what is the same is encoded once, and ids and times are put in their places.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Encoding } from "./encoding.ts";
import { CLIENT, PARENT, SERVER, TRACE } from "./ids.ts";
import type { EncodedResource } from "./record.ts";
import { clamped, nanos } from "./time.ts";
import type { Span } from "./types.ts";

/** Which span of a call. */
export type Role = "client" | "server";

/** The members that are the same in all spans of a template. */
export type Shape = Pick<Span, "flags" | "name" | "kind" | "status" | "attributes">;

/**
 * What stands in the places of ids and times until they are found. By chance, so that no peer can send them: in an id of
 * theirs they would be found in the wrong place.
 */
const MARKS = crypto.getRandomValues(new Uint32Array(10));
const START = clamped(1e12 + MARKS[0]! % 1e9), END = clamped(2e12 + MARKS[1]! % 1e9);

/** One shape of span. */
export class SpanTemplate {
  /** Of a record: the resource, then the span but for its end. */
  readonly bytes: Uint8Array;
  readonly #encoding: Encoding;
  readonly #trace: number;
  readonly #span: number;
  /** -1 if it has no parent. */
  readonly #parent: number;
  readonly #start: number;
  readonly #end: number;
  /** Where the ids stand among those of the call. */
  readonly #spanWords: number;
  readonly #parentWords: number;

  /** `parent`: which id its parent has. */
  constructor(
    encoding: Encoding,
    resource: EncodedResource,
    role: Role,
    parent: typeof PARENT | typeof CLIENT | undefined,
    shape: Shape,
  ) {
    this.#encoding = encoding;
    this.#spanWords = role === "client" ? CLIENT : SERVER;
    this.#parentWords = parent ?? PARENT;
    const hex = (from: number, count: number) =>
      Array.from(MARKS.subarray(from, from + count), (word) => word.toString(16).padStart(8, "0")).join("");
    const span = encoding.open({
      traceId: hex(TRACE, 4),
      spanId: hex(this.#spanWords, 2),
      parentSpanId: parent === undefined ? undefined : hex(parent, 2),
      startTimeUnixNano: nanos(START),
      endTimeUnixNano: nanos(END),
      ...shape,
    });
    const head = resource.heads.traces;
    const bytes = Buffer.concat([head, span]);
    const id = (from: number, count: number) => {
      const mark = Buffer.alloc(count * 4 * encoding.idFactor);
      encoding.putId(mark, 0, MARKS, from, count);
      return bytes.indexOf(mark, head.length);
    };
    const time = (millis: number) => {
      const mark = Buffer.alloc(encoding.timeSize);
      encoding.putTime(mark, 0, millis);
      return bytes.indexOf(mark, head.length);
    };
    this.#trace = id(TRACE, 4);
    this.#span = id(this.#spanWords, 2);
    this.#parent = parent === undefined ? -1 : id(parent, 2);
    this.#start = time(START);
    this.#end = time(END);
    this.bytes = bytes;
  }

  /** Writes a record but for its end; tells where that goes. `bytes` must have room for it. */
  put(bytes: Uint8Array, at: number, ids: Uint32Array, start: number, end: number): number {
    const encoding = this.#encoding;
    bytes.set(this.bytes, at);
    encoding.putId(bytes, at + this.#trace, ids, TRACE, 4);
    encoding.putId(bytes, at + this.#span, ids, this.#spanWords, 2);
    if (this.#parent >= 0) encoding.putId(bytes, at + this.#parent, ids, this.#parentWords, 2);
    encoding.putTime(bytes, at + this.#start, start);
    encoding.putTime(bytes, at + this.#end, end);
    return at + this.bytes.length;
  }
}
