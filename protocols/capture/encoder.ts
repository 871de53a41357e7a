/**
 * Events to records.
 *
 * @module
 */
import type { ChunkEvent, FindingEvent, GapEvent, Process, SensorEvent, Stream } from "../../pipeline/event.ts";
import {
  CHUNK_BYTES,
  EOF,
  HEADER_BYTES,
  KIND,
  MAX_DATA,
  MAX_IDS,
  MEDIA,
  NONE,
  RECORD_BYTES,
  RecordType,
} from "./format.ts";
import { writeHeader } from "./header.ts";
import { Ids } from "./ids.ts";

/** Where records go. */
export interface Out {
  /** Holds `length` bytes. */
  readonly bytes: Uint8Array;
  length: number;
  /** Makes room for this many more; may replace `bytes`. */
  reserve(bytes: number): void;
}

const encoder = new TextEncoder();

type Ends = Pick<Stream, "from" | "to" | "tls">;

/** Writes one capture. What an event refers to is written before it, once. */
export class CaptureEncoder {
  readonly #sources = new Ids<string>(MAX_IDS.source);
  readonly #processes = new Ids<Process>(MAX_IDS.process);
  readonly #streams = new Ids<Stream>(MAX_IDS.stream);
  /** The reverse that was written last. */
  readonly #reverses = new Map<Stream, Stream | undefined>();
  /** What of a connection was written last. */
  readonly #ends = new Map<Stream, Ends>();
  #out: Out;
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** Writes to `out`, first of all the header. `created` is in milliseconds since the Unix epoch. */
  constructor(out: Out, created: number) {
    this.#out = out;
    out.reserve(HEADER_BYTES);
    writeHeader(out.bytes.subarray(out.length), created);
    out.length += HEADER_BYTES;
  }

  /** Adds the bytes of a chunk. */
  chunk(out: Out, chunk: ChunkEvent): void {
    this.#out = out;
    const source = this.#source(chunk.source);
    const process = this.#process(chunk.process);
    const peer = this.#process(chunk.peer);
    const stream = this.#stream(chunk.stream);
    let { start, lost } = chunk;
    do {
      const end = Math.min(chunk.end, start + MAX_DATA);
      const at = this.#begin(
        RecordType.chunk,
        CHUNK_BYTES + end - start,
        chunk.eof && end === chunk.end ? EOF : 0,
      );
      const view = this.#view;
      view.setFloat64(at, chunk.time, true);
      view.setFloat64(at + 8, lost, true);
      view.setUint32(at + 16, stream, true);
      view.setUint32(at + 20, source, true);
      view.setUint32(at + 24, process, true);
      view.setUint32(at + 28, peer, true);
      if (end > start) this.#out.bytes.set(chunk.buffer.subarray(start, end), at + CHUNK_BYTES);
      start = end;
      lost = 0;
    } while (start < chunk.end);
  }

  /** Adds a gap, a finding, or what a sensor told. */
  event(out: Out, event: GapEvent | FindingEvent | SensorEvent): void {
    this.#out = out;
    const { process, peer, stream, ...rest } = event.kind === "sensor"
      ? { ...event, data: event.data, stream: undefined }
      : event;
    this.#json(RecordType.event, undefined, {
      ...rest,
      ...(process === undefined ? {} : { process: this.#process(process) }),
      ...(peer === undefined ? {} : { peer: this.#process(peer) }),
      ...(stream === undefined ? {} : { stream: this.#stream(stream) }),
    });
  }

  #source(name: string): number {
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    const id = this.#sources.add(name, (old) => this.#forget(KIND.source, old));
    const bytes = encoder.encode(name);
    const at = this.#begin(RecordType.source, 4 + bytes.length);
    this.#view.setUint32(at, id, true);
    this.#out.bytes.set(bytes, at + 4);
    return id;
  }

  #process(process: Process | undefined): number {
    if (process === undefined) return NONE;
    const known = this.#processes.get(process);
    if (known !== undefined) return known;
    const id = this.#processes.add(process, (old) => this.#forget(KIND.process, old));
    this.#json(RecordType.process, id, process);
    return id;
  }

  #stream(stream: Stream): number {
    let id = this.#streams.get(stream);
    if (id === undefined) {
      id = this.#define(stream);
      this.#link(stream, id);
    } else if (this.#reverses.get(stream) !== stream.reverse) this.#link(stream, id);
    if (stream.medium === "tcp" || stream.medium === "tls") this.#connection(stream, id);
    return id;
  }

  #define(stream: Stream): number {
    this.#ends.delete(stream);
    const id = this.#streams.add(stream, (old) => this.#forget(KIND.stream, old));
    const at = this.#begin(RecordType.stream, 16);
    this.#view.setUint32(at, id, true);
    this.#view.setUint32(at + 4, Math.max(0, MEDIA.indexOf(stream.medium)), true);
    this.#view.setFloat64(at + 8, stream.id, true);
    return id;
  }

  #link(stream: Stream, id: number): void {
    const { reverse } = stream;
    if (this.#reverses.size >= MAX_IDS.stream) this.#reverses.clear();
    this.#reverses.set(stream, reverse);
    const other = reverse === undefined ? NONE : this.#streams.get(reverse) ?? this.#define(reverse);
    if (reverse !== undefined) this.#connection(reverse, other);
    const at = this.#begin(RecordType.link, 8);
    this.#view.setUint32(at, id, true);
    this.#view.setUint32(at + 4, other, true);
  }

  /** The addresses of a connection and what its plaintext was taken from, when they are known first or have changed. */
  #connection(stream: Stream, id: number): void {
    const { from, to, tls } = stream, written = this.#ends.get(stream);
    if (written === undefined ? !(from ?? to ?? tls) : written.from === from && written.to === to) return;
    if (this.#ends.size >= MAX_IDS.stream) this.#ends.clear();
    this.#ends.set(stream, { from, to, tls });
    this.#json(RecordType.ends, id, { from, to, tls });
  }

  #forget(kind: number, id: number): void {
    const at = this.#begin(RecordType.forget, 8);
    this.#view.setUint32(at, kind, true);
    this.#view.setUint32(at + 4, id, true);
  }

  #json(type: number, id: number | undefined, value: unknown): void {
    const bytes = encoder.encode(JSON.stringify(value));
    const before = id === undefined ? 0 : 4;
    const at = this.#begin(type, before + bytes.length);
    if (id !== undefined) this.#view.setUint32(at, id, true);
    this.#out.bytes.set(bytes, at + before);
  }

  /** Begins a record and counts it as written; returns where its body goes. */
  #begin(type: number, body: number, flags = 0): number {
    const view = this.#reserve(RECORD_BYTES + body);
    const at = this.#out.length;
    view.setUint32(at, body, true);
    view.setUint32(at + 4, type | flags << 8, true);
    this.#out.length = at + RECORD_BYTES + body;
    return at + RECORD_BYTES;
  }

  #reserve(bytes: number): DataView {
    this.#out.reserve(bytes);
    const { buffer, byteOffset, byteLength } = this.#out.bytes;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer, byteOffset, byteLength);
    return this.#view;
  }
}
