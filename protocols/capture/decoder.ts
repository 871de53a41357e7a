/**
 * Records to events.
 *
 * @module
 */
import type { Event, Process, Stream } from "../../pipeline/event.ts";
import {
  CHUNK_BYTES,
  EOF,
  HEADER_BYTES,
  KIND,
  MAX_BODY,
  MAX_IDS,
  MEDIA,
  NONE,
  RECORD_BYTES,
  RecordType,
} from "./format.ts";
import { readHeader } from "./header.ts";
import { readEnds, readEvent, readProcess } from "./json_records.ts";
import { Table } from "./table.ts";

/** A reader keeps a little more than a writer may use, and then no more. */
const SPARE = 2;
const decoder = new TextDecoder();

/** A stream while its records come in. */
type Growing = { -readonly [Field in keyof Stream]: Stream[Field] };

/**
 * Reads one capture piece by piece. Any bytes will do: what is no capture ends in `problem`, records that make no sense
 * are counted in `skipped`, and nothing that is kept grows beyond the format's bounds.
 *
 * Usage: give it a {@linkcode block} and call {@linkcode next} until it returns undefined; then carry the bytes from
 * `at` over into the next block, which must hold at least `wanted` bytes.
 */
export class CaptureDecoder {
  /** What of the block was read. */
  at = 0;
  /** Bytes that it takes to go on. */
  wanted = HEADER_BYTES;
  /** Why it cannot go on. */
  problem: string | undefined;
  /** Records that were passed over because they make no sense. */
  skipped = 0;
  #begun = false;
  #block: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;
  readonly #sources = new Table<string>();
  readonly #processes = new Table<Process>();
  readonly #streams = new Table<Growing>();

  /** Goes on in `block[start, end)`. Chunk events will refer to it, so its bytes must not change any more. */
  block(block: Uint8Array, start: number, end: number): void {
    this.#block = block;
    this.#view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    this.at = start;
    this.#end = end;
  }

  /** The next event; undefined if it takes another block, or `problem` says why there is none. */
  next(): Event | undefined {
    if (!this.#begun && !this.#begin()) return undefined;
    while (this.problem === undefined) {
      const at = this.at + RECORD_BYTES;
      if (at > this.#end) return this.#want(RECORD_BYTES);
      const size = this.#view.getUint32(at - RECORD_BYTES, true);
      if (size > MAX_BODY) {
        this.problem = `a record claims to have ${size} bytes`;
        return undefined;
      }
      if (at + size > this.#end) return this.#want(RECORD_BYTES + size);
      this.at = at + size;
      const type = this.#block[at - 4]!;
      if (type === RecordType.chunk) {
        const event = this.#chunk(at, size, this.#block[at - 3]!);
        if (event !== undefined) return event;
        this.skipped++;
      } else if (type === RecordType.event) {
        const event = readEvent(this.#text(at, size), this.#processes, this.#streams);
        if (event !== undefined) return event;
        this.skipped++;
      } else if (!this.#define(type, at, size)) this.skipped++;
    }
    return undefined;
  }

  #begin(): boolean {
    const bytes = this.#block.subarray(this.at, this.#end);
    const header = bytes.length < HEADER_BYTES ? HEADER_BYTES : readHeader(bytes);
    if (typeof header === "string") this.problem = `it is ${header}`;
    else if (bytes.length < header) this.#want(header);
    else {
      this.at += header;
      this.#begun = true;
    }
    return this.#begun;
  }

  #want(bytes: number): undefined {
    this.wanted = bytes;
  }

  #chunk(at: number, size: number, flags: number): Event | undefined {
    if (size < CHUNK_BYTES) return undefined;
    const view = this.#view;
    const stream = this.#streams.get(view.getUint32(at + 16, true));
    const source = this.#sources.get(view.getUint32(at + 20, true));
    if (stream === undefined || source === undefined) return undefined;
    const process = view.getUint32(at + 24, true), peer = view.getUint32(at + 28, true);
    const time = view.getFloat64(at, true), lost = view.getFloat64(at + 8, true);
    return {
      kind: "chunk",
      time: Number.isFinite(time) ? time : 0,
      source,
      process: process === NONE ? undefined : this.#processes.get(process),
      peer: peer === NONE ? undefined : this.#processes.get(peer),
      stream,
      buffer: this.#block,
      start: at + CHUNK_BYTES,
      end: at + size,
      lost: lost > 0 && Number.isFinite(lost) ? lost : 0,
      eof: (flags & EOF) !== 0,
    };
  }

  /** A record that other records refer to. False if it makes no sense. */
  #define(type: number, at: number, size: number): boolean {
    switch (type) {
      case RecordType.source:
        return size >= 4 && this.#keep(this.#sources, at, this.#text(at + 4, size - 4), MAX_IDS.source);
      case RecordType.process: {
        const process = size < 4 ? undefined : readProcess(this.#text(at + 4, size - 4));
        return process !== undefined && this.#keep(this.#processes, at, process, MAX_IDS.process);
      }
      case RecordType.stream:
        return size >= 16 && this.#stream(at);
      case RecordType.link:
        return size >= 8 && this.#link(at);
      case RecordType.ends:
        return size >= 4 && this.#ends(at, size);
      case RecordType.forget:
        return size >= 8 && this.#forget(at);
      default:
        return true; // of a later version
    }
  }

  #keep<Thing>(table: Table<Thing>, at: number, thing: Thing, limit: number): boolean {
    const id = this.#view.getUint32(at, true);
    if (table.size >= limit * SPARE && table.get(id) === undefined) {
      this.problem = "it defines more than the format allows";
    } else table.set(id, thing);
    return true;
  }

  #stream(at: number): boolean {
    const medium = MEDIA[this.#view.getUint32(at + 4, true)];
    const id = this.#view.getFloat64(at + 8, true);
    return medium !== undefined && Number.isFinite(id) &&
      this.#keep(this.#streams, at, { id, medium, reverse: undefined }, MAX_IDS.stream);
  }

  #link(at: number): boolean {
    const stream = this.#streams.get(this.#view.getUint32(at, true));
    const other = this.#view.getUint32(at + 4, true);
    const reverse = other === NONE ? undefined : this.#streams.get(other);
    if (stream === undefined || (reverse === undefined && other !== NONE)) return false;
    stream.reverse = reverse;
    return true;
  }

  #ends(at: number, size: number): boolean {
    const stream = this.#streams.get(this.#view.getUint32(at, true));
    const ends = readEnds(this.#text(at + 4, size - 4));
    if (stream === undefined || ends === undefined) return false;
    Object.assign(stream, ends);
    return true;
  }

  #forget(at: number): boolean {
    const kind = this.#view.getUint32(at, true), id = this.#view.getUint32(at + 4, true);
    if (kind === KIND.source) return this.#sources.delete(id);
    if (kind === KIND.process) return this.#processes.delete(id);
    return kind === KIND.stream && this.#streams.delete(id);
  }

  #text(at: number, size: number): string {
    return decoder.decode(this.#block.subarray(at, at + size));
  }
}
