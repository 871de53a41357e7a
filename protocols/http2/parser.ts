/**
 * Reads one direction of an HTTP/2 connection as it passes (RFC 9113).
 *
 * @module
 */
import { EndedStreams } from "./ended_streams.ts";
import { FrameFinder } from "./frame_finder.ts";
import { FrameFlag, FrameType, HEAD_BYTES, isBadFrame, isLikelyFrame, lengthAt, PREFACE, streamAt } from "./frames.ts";
import { Gathered } from "./gathered.ts";
import { DEFAULT_LIMITS, type Http2Handler, type Http2Limits } from "./handler.ts";
import { HeaderBlocks } from "./header_blocks.ts";

/** What comes next. */
const Stage = {
  /** The client's preface, or else what is looked through for frames. */
  start: 0,
  /** Anything: frames are looked for. */
  search: 1,
  /** A frame's header. */
  head: 2,
  /** What stands before the payload proper: pad length, priority, promised stream; or a short payload. */
  prefix: 3,
  body: 4,
  padding: 5,
} as const;

/** So many bytes without a frame, and it is told that this is no HTTP/2. */
const NO_FRAMES = 1 << 20;
const LONGEST_PREFIX = 8;
/** Bytes of a SETTINGS frame that are looked at: 6 for each value. */
const MAX_SETTINGS = 6 * 256;

/**
 * Reads the bytes that one end sends; any bytes will do. If they do not begin with a connection, or some were lost, or a
 * frame makes no sense, it looks for frames that follow one another and goes on there. It holds no more than a header
 * block, the dynamic table and some numbers; DATA is told as it comes.
 */
export class Http2Parser {
  readonly #handler: Http2Handler;
  readonly #blocks: HeaderBlocks;
  /** Streams that this end has ended or reset. */
  readonly #ended: EndedStreams;
  readonly #finder = new FrameFinder();
  #stage: number = Stage.start;
  /** Bytes of the preface that have come. */
  #preface = 0;
  /** No frame has come, and nothing is missing before it. */
  #first = true;
  /** The next frame's header must look likely: bytes were lost before it, and the count may be off. */
  #wary = false;

  /** The frame. */
  readonly #head: Uint8Array = new Uint8Array(HEAD_BYTES);
  #headLength = 0;
  #type = 0;
  #flags = 0;
  #streamId = 0;
  readonly #prefix: Uint8Array = new Uint8Array(LONGEST_PREFIX);
  #prefixLength = 0;
  #prefixWanted = 0;
  #bodyLeft = 0;
  #paddingLeft = 0;
  /** The payload is passed over. */
  #ignore = false;

  /** The payload of SETTINGS. */
  readonly #settings: Gathered = new Gathered(MAX_SETTINGS);

  /** Tells `handler` what it reads. */
  constructor(handler: Http2Handler, limits: Partial<Http2Limits> = {}) {
    this.#handler = handler;
    const all: Http2Limits = { ...DEFAULT_LIMITS, ...limits };
    this.#ended = new EndedStreams(all.maxStreams);
    this.#blocks = new HeaderBlocks(handler, this.#ended, all);
  }

  /** Gives the next bytes, `buffer[start, end)`: best what was written at once. */
  push(buffer: Uint8Array, start: number, end: number): void {
    let at = this.#stage === Stage.start ? this.#begin(buffer, start, end) : start;
    while (at < end) at = this.#stage === Stage.search ? this.#search(buffer, at, end) : this.#read(buffer, at, end);
  }

  /** So many bytes are missing here. */
  lose(bytes: number): void {
    if (bytes <= 0) return;
    const within = this.#stage === Stage.body || this.#stage === Stage.padding;
    if (within && bytes <= this.#bodyLeft + this.#paddingLeft) this.#loseWithin(bytes);
    else {
      this.#handler.problem(0, "bytes_lost", bytes);
      this.#leave();
    }
  }

  /** No more bytes come. */
  close(): void {
    if (this.#stage === Stage.search && this.#finder.finish()) this.#readHeld();
    const { streamId, held } = this.#blocks;
    if (streamId !== 0) this.#handler.problem(streamId, "bytes_lost", held);
    this.#leave();
    this.#tellSkipped();
  }

  /** The other direction's SETTINGS_HEADER_TABLE_SIZE, which counts from this direction's next acknowledgement on. */
  tableLimit(bytes: number): void {
    this.#blocks.hpack.offer(bytes);
  }

  /** Compares with the preface; gives where to go on. */
  #begin(buffer: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && this.#preface < PREFACE.length && buffer[at] === PREFACE[this.#preface]) {
      at++;
      this.#preface++;
    }
    if (this.#preface === PREFACE.length) {
      this.#blocks.hpack.begin();
      this.#stage = Stage.head;
      this.#first = false;
    } else if (at < end) {
      this.#stage = Stage.search;
      const before = this.#preface - (at - start);
      if (before > 0) this.#finder.push(PREFACE, 0, before); // no frame begins like that
      return start;
    }
    return at;
  }

  /** Looks for frames from here on. What was missed may have changed the dynamic table. */
  #leave(): void {
    if (this.#stage === Stage.start) this.#finder.skipped = this.#preface;
    if (this.#stage === Stage.search) this.#finder.drop();
    this.#stage = Stage.search;
    this.#first = this.#wary = false;
    this.#headLength = 0;
    this.#blocks.forget();
    this.#settings.clear();
    this.#ended.clear();
  }

  /** Looks for frames; gives where to go on. */
  #search(buffer: Uint8Array, at: number, end: number): number {
    const finder = this.#finder;
    if (finder.push(buffer, at, end)) {
      const { start, rest } = finder;
      if (finder.buffer !== buffer) {
        this.#readHeld();
        return rest;
      }
      this.#tellSkipped();
      this.#stage = Stage.head;
      return start;
    }
    if (finder.skipped >= NO_FRAMES) {
      this.#handler.problem(0, "not_http2", finder.skipped);
      finder.skipped = 0;
    }
    return end;
  }

  /** Reads what was found in bytes that were held. Frames may be looked for in them again, but not longer than they are. */
  #readHeld(): void {
    const { buffer, start, end } = this.#finder;
    this.#finder.buffer = EMPTY;
    this.#tellSkipped();
    this.#stage = Stage.head;
    this.push(buffer, start, end);
  }

  #tellSkipped(): void {
    const { skipped } = this.#finder;
    if (skipped === 0) return;
    this.#first = false;
    this.#finder.skipped = 0;
    this.#handler.problem(0, "bytes_lost", skipped);
  }

  /** Reads frames; gives where to go on. */
  #read(buffer: Uint8Array, start: number, end: number): number {
    let at = start;
    while (true) {
      switch (this.#stage) {
        case Stage.head: {
          const missing = HEAD_BYTES - this.#headLength;
          if (missing === HEAD_BYTES && end - at >= HEAD_BYTES) {
            if (!this.#frame(buffer, at)) {
              this.#finder.skipped++; // so that it is not found again
              return at + 1;
            }
            at += HEAD_BYTES;
            break;
          }
          const taken = Math.min(missing, end - at);
          for (let k = 0; k < taken; k++) this.#head[this.#headLength++] = buffer[at++]!;
          if (taken < missing) return at;
          this.#headLength = 0;
          if (this.#frame(this.#head, 0)) break;
          this.#finder.skipped++;
          this.#finder.push(this.#head, 1, HEAD_BYTES); // too short to find any, so they are held or passed over
          return at;
        }
        case Stage.prefix:
          while (this.#prefixLength < this.#prefixWanted && at < end) {
            this.#prefix[this.#prefixLength++] = buffer[at++]!;
          }
          if (this.#prefixLength < this.#prefixWanted) return at;
          this.#prefixDone();
          break;
        case Stage.body: {
          const next = Math.min(end, at + this.#bodyLeft);
          this.#bodyLeft -= next - at;
          if (this.#bodyLeft > 0) {
            if (next > at) this.#piece(buffer, at, next);
            return next;
          }
          this.#lastPiece(buffer, at, next);
          at = next;
          this.#stage = Stage.padding;
          break;
        }
        default: {
          const next = Math.min(end, at + this.#paddingLeft);
          this.#paddingLeft -= next - at;
          if (this.#paddingLeft > 0) return next;
          at = next;
          this.#stage = Stage.head;
          this.#frameDone();
        }
      }
    }
  }

  /** Begins a frame. False if it makes no sense; frames are then to be looked for. */
  #frame(buffer: Uint8Array, at: number): boolean {
    const length = lengthAt(buffer, at), type = buffer[at + 3]!, flags = buffer[at + 4]!;
    const streamId = streamAt(buffer, at);
    if (isBadFrame(type, flags, length, streamId) || (this.#wary && !isLikelyFrame(buffer, at))) {
      this.#handler.problem(0, "bad_frame", 0);
      this.#leave();
      return false;
    }
    this.#wary = false;
    if (this.#first && type === FrameType.settings && flags === 0) this.#blocks.hpack.begin();
    this.#first = false;
    this.#type = type;
    this.#flags = flags;
    this.#streamId = streamId;
    const open = this.#blocks.streamId;
    if (open !== 0 && (type !== FrameType.continuation || streamId !== open)) this.#dropBlock(0, this.#blocks.held);
    this.#bodyLeft = length;
    this.#paddingLeft = this.#prefixLength = this.#prefixWanted = 0;
    this.#ignore = false;
    this.#stage = Stage.prefix;
    this.#shape(length);
    return true;
  }

  /** Works out what stands before the payload, and whether to look at it. */
  #shape(length: number): void {
    const flags = this.#flags, padded = (flags & FrameFlag.padded) !== 0 ? 1 : 0;
    let wanted = 0;
    switch (this.#type) {
      case FrameType.data:
        wanted = padded;
        if (this.#ended.has(this.#streamId)) this.#refuse(length);
        break;
      case FrameType.headers:
        wanted = padded + ((flags & FrameFlag.priority) !== 0 ? 5 : 0);
        this.#blocks.open(this.#streamId, (flags & FrameFlag.endStream) !== 0);
        break;
      case FrameType.promise:
        wanted = padded + 4;
        this.#blocks.open(this.#streamId, false);
        break;
      case FrameType.continuation:
        if (this.#blocks.streamId === 0) this.#dropBlock(this.#streamId, length);
        break;
      case FrameType.reset:
        wanted = 4;
        break;
      case FrameType.goaway:
        wanted = 8;
        break;
      case FrameType.settings:
        if ((flags & FrameFlag.ack) !== 0) this.#blocks.hpack.acknowledge();
        break;
      case FrameType.priority:
        if (length !== 5) this.#refuse(length);
        break;
    }
    if (wanted > length) {
      this.#bad(length);
      wanted = 0;
    }
    this.#prefixWanted = wanted;
    this.#bodyLeft = length - wanted;
  }

  /** Passes over the payload, and tells of it. */
  #refuse(bytes: number): void {
    this.#handler.problem(this.#streamId, "bad_frame", bytes);
    this.#ignore = true;
  }

  /** Of a frame that promises more than it has. */
  #bad(bytes: number): void {
    if (this.#blocks.streamId !== 0) this.#dropBlock(this.#streamId, bytes);
    else this.#refuse(bytes);
  }

  /** The block, or this part of one, is of no use, and what it did to the table is not known. */
  #dropBlock(streamId: number, bytes: number): void {
    this.#handler.problem(streamId, "bad_frame", bytes);
    this.#blocks.forget();
    this.#ignore = true;
  }

  #prefixDone(): void {
    this.#stage = Stage.body;
    if (this.#prefixWanted === 0) return;
    const prefix = this.#prefix;
    if (this.#type === FrameType.reset) {
      this.#ended.add(this.#streamId);
      return this.#handler.reset(this.#streamId, uint32(prefix, 0));
    }
    if (this.#type === FrameType.goaway) return this.#handler.goaway(uint31(prefix, 0), uint32(prefix, 4));
    const padded = (this.#flags & FrameFlag.padded) !== 0;
    if (this.#type === FrameType.promise) this.#blocks.promised = uint31(prefix, padded ? 1 : 0);
    const padding = padded ? prefix[0]! : 0;
    if (padding > this.#bodyLeft) return this.#bad(this.#bodyLeft);
    this.#paddingLeft = padding;
    this.#bodyLeft -= padding;
  }

  /** A part of the payload; more is to come. */
  #piece(buffer: Uint8Array, start: number, end: number): void {
    if (this.#ignore) return;
    if (this.#type === FrameType.data) this.#handler.data(this.#streamId, buffer, start, end);
    else if (isBlock(this.#type)) this.#blocks.add(buffer, start, end);
    else if (this.#type === FrameType.settings) this.#settings.add(buffer, start, end);
  }

  /** The rest of the payload, which may be empty. */
  #lastPiece(buffer: Uint8Array, start: number, end: number): void {
    if (this.#ignore) return;
    if (this.#type === FrameType.data) {
      if (end > start) this.#handler.data(this.#streamId, buffer, start, end);
    } else if (isBlock(this.#type)) {
      if ((this.#flags & FrameFlag.endHeaders) !== 0) this.#blocks.close(buffer, start, end);
      else this.#blocks.add(buffer, start, end);
    } else if (this.#type === FrameType.settings && (this.#flags & FrameFlag.ack) === 0) {
      this.#settings.add(buffer, start, end);
      this.#tellSettings();
    }
  }

  #tellSettings(): void {
    const { buffer, length, missing } = this.#settings;
    const values = new Map<number, number>();
    for (let at = 0; at + 6 <= length; at += 6) values.set(buffer[at]! << 8 | buffer[at + 1]!, uint32(buffer, at + 2));
    if (missing > 0) this.#handler.problem(0, "bytes_lost", missing);
    this.#settings.clear();
    this.#handler.settings(values);
  }

  #frameDone(): void {
    if (this.#type !== FrameType.data || (this.#flags & FrameFlag.endStream) === 0 || this.#ignore) return;
    this.#ended.add(this.#streamId);
    this.#handler.end(this.#streamId);
  }

  /** The lost bytes are all in this frame's payload. */
  #loseWithin(bytes: number): void {
    const body = Math.min(bytes, this.#bodyLeft);
    this.#bodyLeft -= body;
    this.#paddingLeft -= bytes - body;
    this.#wary = true;
    if (body > 0 && !this.#ignore) {
      if (this.#type === FrameType.data) this.#handler.problem(this.#streamId, "bytes_lost", body);
      if (isBlock(this.#type)) this.#blocks.lose(body); // told at the end of the block
      if (this.#type === FrameType.settings) this.#settings.missing += body;
    }
    this.#read(EMPTY, 0, 0);
  }
}

const EMPTY = new Uint8Array(0);

/** Whether the payload is part of a header block. */
function isBlock(type: number): boolean {
  return type === FrameType.headers || type === FrameType.continuation || type === FrameType.promise;
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!) >>> 0;
}

function uint31(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) & 0x7fffffff;
}
