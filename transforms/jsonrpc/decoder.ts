/**
 * Turns batches with chunks and http events into batches with messages.
 *
 * @module
 */
import type { Batch, ChunkEvent, Event } from "../../pipeline/event.ts";
import type { Message, Seen } from "../../pipeline/message.ts";
import {
  envelope,
  Flag,
  forget,
  Found,
  mentionsJsonRpc,
  scanMember,
  scanMessage,
} from "../../protocols/jsonrpc/mod.ts";
import { classify, isForeign, malformed } from "./classify.ts";
import { HttpDecoder } from "./http/decoder.ts";
import { keyOf } from "./ids.ts";
import { moreStrayOutput, STRAY_TOLD, strayOutput, tooLarge } from "./notices.ts";
import type { Options } from "./options.ts";
import type { StreamState } from "./stream_state.ts";
import { Streams } from "./streams.ts";

const REASONS: Readonly<Record<number, string>> = {
  [Found.invalidJson]: "invalid_json",
  [Found.invalidUtf8]: "invalid_utf8",
  [Found.tooDeep]: "too_deep",
};
const LF = 0x0a;
/** Bytes of an endless line that are passed over before a gap tells of them. */
const ENDLESS = 64 * 1024 * 1024;

/** The transform's state and its way of working, free of streams of batches. */
export class Decoder {
  /** Streams and what waits on them. */
  readonly streams: Streams;
  /** What is about HTTP. */
  readonly http: HttpDecoder;
  /** Bytes passed over up to a newline after a loss. */
  resynced = 0;
  /** Bytes of HTTP that came as chunks, unread: no `http` transform stands before this one. */
  unreadHttp = 0;
  /** The chunk of a sensor whose message is being read. */
  #told: ChunkEvent | undefined;
  readonly #options: Options;
  #out: Event[] = [];

  /** A decoder that has seen nothing. */
  constructor(options: Options) {
    this.#options = options;
    this.streams = new Streams(options);
    this.http = new HttpDecoder(options);
  }

  /** Decodes a batch. To be called when all are done with the last one. */
  decode(batch: Batch): Event[] {
    forget();
    const out: Event[] = this.#out = [];
    this.streams.begin();
    this.http.begin();
    for (let k = 0; k < batch.length; k++) {
      const event = batch[k]!;
      if (event.kind === "chunk") this.#chunk(event);
      else if (event.kind === "http") this.http.event(event, out);
      else out.push(event);
    }
    this.streams.finish(batch, out);
    this.http.finish(batch, out);
    return out;
  }

  /** Ends all streams. */
  end(): Event[] {
    const out: Event[] = this.#out = [];
    for (const state of this.streams.all()) this.#finish(state, state);
    this.streams.end(out);
    this.http.end(out);
    return out;
  }

  #chunk(chunk: ChunkEvent): void {
    const state = this.streams.of(chunk);
    this.#told = chunk.sensor === undefined ? undefined : chunk;
    if (state.isHttp) return this.#passOver(chunk, state);
    const { lines } = state;
    if (chunk.lost > 0) this.#lose(chunk, state);
    if (chunk.end > chunk.start && !this.#single(chunk, state)) {
      lines.push(chunk.buffer, chunk.start, chunk.end);
      while (lines.next()) this.#line(chunk, state);
      if (lines.skipped > 0 && (!lines.skipping || lines.skipped > ENDLESS)) this.#tellSkipped(chunk, state);
    }
    if (chunk.eof) {
      this.#finish(chunk, state);
      this.streams.close(chunk, state, this.#out);
    }
  }

  #passOver(chunk: ChunkEvent, state: StreamState): void {
    this.unreadHttp += chunk.end - chunk.start;
    if (chunk.eof) this.streams.close(chunk, state, this.#out);
  }

  /** Most chunks are one message and its newline: looks for no more than that. False if it is anything else. */
  #single(chunk: ChunkEvent, state: StreamState): boolean {
    const { buffer, start } = chunk;
    const end = chunk.end - 1;
    if (buffer[end] !== LF || !state.lines.fresh || end - start > this.#options.max_line) return false;
    const found = scanMessage(buffer, start, end, this.#options.max_depth);
    // with nothing around it, and no line break in it, it is one line
    if (found !== Found.object || envelope.start !== start || envelope.end !== end) return false;
    if ((envelope.flags & Flag.breaks) !== 0 || isForeign()) return false;
    state.resync = false;
    this.#message(state, classify(chunk, buffer), buffer);
    return true;
  }

  /** What is left of a stream at its end. */
  #finish(seen: Seen, state: StreamState): void {
    const { lines } = state;
    if (lines.flush()) {
      const whole = scanMessage(lines.buffer, lines.start, lines.end, this.#options.max_depth) > 0;
      if (whole || !this.#isBegun(state)) this.#line(seen, state);
      else if (!state.resync) this.#out.push(malformed(seen, lines.buffer, lines.start, lines.end, "truncated"));
    }
    if (lines.skipped > 0) this.#tellSkipped(seen, state);
    if (state.stray > state.strayTold) this.#out.push(moreStrayOutput(seen, state));
    state.strayTold = state.stray;
  }

  /** Bytes are missing before this seen. */
  #lose(seen: Seen, state: StreamState): void {
    const { lines } = state;
    if (lines.flush()) {
      const { buffer, start, end } = lines;
      if (this.#isBegun(state)) this.#out.push(malformed(seen, buffer, start, end, "bytes_lost"));
      else this.#stray(seen, state, buffer, start, end);
    }
    state.resync = true;
  }

  /** True if the unfinished line that was flushed may be the beginning of a message. */
  #isBegun({ lines: { buffer, start, end } }: StreamState): boolean {
    return buffer[start] === 0x7b || mentionsJsonRpc(buffer, start, end);
  }

  #line(seen: Seen, state: StreamState): void {
    const { buffer, start, end } = state.lines;
    const found = scanMessage(buffer, start, end, this.#options.max_depth);
    if (state.resync) {
      state.resync = false;
      if (found < 0 || found === Found.other) { // the end of a line whose beginning was lost
        this.resynced += end - start;
        return;
      }
    }
    if (found === Found.object) {
      if (isForeign()) this.#stray(seen, state, buffer, start, end);
      else this.#message(state, classify(seen, buffer), buffer);
    } else if (found === Found.array) this.#batch(seen, state, buffer, start, end);
    else if (found === Found.blank) return;
    else if (found === Found.other || !mentionsJsonRpc(buffer, start, end)) {
      this.#stray(seen, state, buffer, start, end);
    } else {
      const cut = buffer[end - 1] === 0x0d ? end - 1 : end;
      this.#out.push(malformed(seen, buffer, start, cut, REASONS[found] ?? "invalid_json"));
    }
  }

  #batch(seen: Seen, state: StreamState, buffer: Uint8Array, start: number, end: number): void {
    const { max_batch, max_depth } = this.#options;
    const from = envelope.start, to = envelope.end;
    const members: Message[] = [];
    let foreign = 0;
    let at = from;
    for (let found: number; (found = scanMember(buffer, at, end, max_depth)) !== Found.blank; at = envelope.end) {
      if (members.length === max_batch) {
        this.#out.push(malformed(seen, buffer, from, to, "batch_too_long"));
        return;
      }
      if (found === Found.object) {
        if (isForeign()) foreign++;
        members.push(classify(seen, buffer));
      } else {
        foreign++;
        members.push(malformed(seen, buffer, envelope.start, envelope.end, "not_object"));
      }
    }
    if (members.length === 0) this.#out.push(malformed(seen, buffer, from, to, "empty_batch"));
    else if (foreign === members.length) return this.#stray(seen, state, buffer, start, end);
    // ids are read from the envelope, so each member is scanned again as its turn comes
    at = from;
    for (const member of members) {
      scanMember(buffer, at, end, max_depth);
      at = envelope.end;
      member.warn("batch");
      this.#message(state, member, buffer);
    }
  }

  /** A message whose envelope is the last that was scanned. */
  #message(state: StreamState, message: Message, buffer: Uint8Array): void {
    const { type } = message;
    const out = this.#out;
    if (this.#told !== undefined) ofSensor(message, this.#told);
    if (type === "request") {
      out.push(message);
      const key = keyOf(buffer, envelope, message.id);
      if (key !== undefined) this.streams.pairing.request(state, key, message, out);
      return;
    }
    if (type === "response") {
      const key = keyOf(buffer, envelope, message.id);
      if (key !== undefined && !this.streams.pairing.response(state, key, message)) {
        this.streams.hold(state, key, message, out);
        return;
      }
    } else if (message.method === "notifications/cancelled") this.streams.cancel(state, message);
    out.push(message);
  }

  #stray(seen: Seen, state: StreamState, buffer: Uint8Array, start: number, end: number): void {
    const { medium } = seen.stream;
    if (medium !== "pipe" && medium !== "unix") return;
    state.stray++;
    if (state.stray <= STRAY_TOLD) this.#out.push(strayOutput(seen, state, buffer.subarray(start, end)));
    else if (state.stray < state.strayTold * 10) return;
    else this.#out.push(moreStrayOutput(seen, state));
    state.strayTold = state.stray;
  }

  #tellSkipped(seen: Seen, state: StreamState): void {
    this.#out.push(tooLarge(seen, state.lines.skipped));
    state.lines.skipped = 0;
  }
}

/** Adds what the sensor told besides the message. */
function ofSensor(message: Message, { sensor, stream: { transport } }: ChunkEvent): void {
  message.sensor = sensor;
  message.transport = transport ?? "stdio";
}
