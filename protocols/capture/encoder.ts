/**
 * Writes events as capture records.
 *
 * @module
 */
import type { ChunkEvent, Event, Process, Stream } from "../../pipeline/event.ts";
import { CHUNK, CHUNK_HEAD, EVENT, FLAG_EOF, MEDIA, PROCESS, RECORD_HEAD, STREAM } from "./format.ts";

const encoder = new TextEncoder();

/** Turns events into bytes. Keeps no reference to streams and processes that are gone. */
export class CaptureEncoder {
  #buffer: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;
  #nextProcess = 1;
  #nextStream = 1;
  readonly #processes = new WeakMap<Process, number>();
  readonly #streams = new WeakMap<Stream, { readonly ref: number; reverse: Stream | undefined }>();

  constructor(size = 1 << 18) {
    this.#buffer = new Uint8Array(size);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** Bytes not yet taken. */
  get length(): number {
    return this.#length;
  }

  /** Adds an event; false for a kind that a capture does not hold. */
  add(event: Event): boolean {
    if (event.kind === "chunk") this.#chunk(event);
    else if (event.kind === "gap" || event.kind === "finding") this.#event(event);
    else return false;
    return true;
  }

  /** The bytes so far: whole records. They are valid until the next `add`. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #chunk(event: ChunkEvent): void {
    const stream = this.#stream(event.stream), process = this.#process(event.process), peer = this.#process(event.peer);
    const size = event.end - event.start;
    const at = this.#record(CHUNK, event.eof ? FLAG_EOF : 0, CHUNK_HEAD + size);
    this.#view.setFloat64(at, event.time, true);
    this.#view.setUint32(at + 8, stream, true);
    this.#view.setUint32(at + 12, process, true);
    this.#view.setUint32(at + 16, peer, true);
    this.#view.setUint32(at + 20, Math.min(event.lost, 0xffffffff), true);
    if (size > 0) this.#buffer.set(event.buffer.subarray(event.start, event.end), at + CHUNK_HEAD);
  }

  #event(event: Event & { stream?: Stream | undefined }): void {
    const { stream, process, peer, source: _, ...rest } = event;
    this.#json(EVENT, {
      ...rest,
      ...(stream && { stream: this.#stream(stream) }),
      ...(process && { process: this.#process(process) }),
      ...(peer && { peer: this.#process(peer) }),
    });
  }

  #process(process: Process | undefined): number {
    if (process === undefined) return 0;
    let ref = this.#processes.get(process);
    if (ref === undefined) {
      ref = this.#nextProcess++;
      this.#processes.set(process, ref);
      this.#json(PROCESS, { ref, ...process });
    }
    return ref;
  }

  #stream(stream: Stream): number {
    const known = this.#streams.get(stream);
    if (known !== undefined && known.reverse === stream.reverse) return known.ref;
    const entry = known ?? { ref: this.#nextStream++, reverse: undefined };
    this.#streams.set(stream, entry);
    entry.reverse = stream.reverse;
    const reverse = stream.reverse === undefined ? 0 : this.#stream(stream.reverse);
    const at = this.#record(STREAM, 0, 12);
    this.#view.setUint32(at, entry.ref, true);
    this.#view.setUint32(at + 4, reverse, true);
    this.#view.setUint32(at + 8, MEDIA.indexOf(stream.medium), true);
    return entry.ref;
  }

  #json(type: number, value: unknown): void {
    const body = encoder.encode(JSON.stringify(value));
    const at = this.#record(type, 0, body.length); // may put another buffer in place
    this.#buffer.set(body, at);
  }

  /** Makes room for a record and writes its head; returns where its body starts. */
  #record(type: number, flags: number, size: number): number {
    const end = this.#length + RECORD_HEAD + size;
    if (end > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(end, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
      this.#view = new DataView(grown.buffer);
    }
    const at = this.#length;
    this.#view.setUint32(at, size, true);
    this.#buffer[at + 4] = type;
    this.#buffer[at + 5] = flags;
    this.#buffer[at + 6] = this.#buffer[at + 7] = 0;
    this.#length = end;
    return at + RECORD_HEAD;
  }
}
