/**
 * A passive parser of one direction of an HTTP/1.x connection.
 *
 * @module
 */
import { Held, latin1, newline } from "./_bytes.ts";
import { ChunkSize } from "./_chunk_size.ts";
import { framingOf } from "./_framing.ts";
import { HeadReader } from "./_head.ts";
import { look } from "./_search.ts";
import { type Http1Kind, mayStart } from "./_start_line.ts";
import type { Http1Fields, Http1Handler, Http1Limits, Http1Skipped } from "./types.ts";

/** What the next byte belongs to. `late`: a body whose chunks are not in view yet. */
type State =
  | "head"
  | "length"
  | "close"
  | "size"
  | "chunk"
  | "chunk_end"
  | "trailers"
  | "late"
  | "search"
  | "raw";

/** Bytes that a search passes over are told at the latest when they are so many. */
const TELL = 64 * 1024;
/** So many characters tell whether a line may become a start line. */
const PREFIX = 64;
/** The first look at a head takes so many bytes at least. */
const WINDOW = 256;
const CRLF = Uint8Array.of(13, 10);

/**
 * Reads one direction of a connection (RFC 9112), whatever it holds: bytes that make no sense are passed over, told to
 * the handler, and the next message is looked for. Keeps at most one unfinished line and the fields of one head.
 */
export class Http1Parser {
  readonly #kind: Http1Kind;
  readonly #handler: Http1Handler;
  readonly #maxHead: number;
  readonly #reader: HeadReader;
  readonly #size: ChunkSize;
  readonly #held = new Held();
  #state: State = "head";
  /** The handler was told of a message that has not ended. False in a body: it is passed over. */
  #open = false;
  /** The body is an event stream: one can go on after a loss. */
  #events = false;
  /** Bytes of this head or these trailers so far, with what is held. */
  #headBytes = 0;
  /** Bytes that the last head took: the next is likely as long. */
  #window = WINDOW;
  /** Bytes left of a body or a chunk. */
  #left = 0;
  /** Bytes passed over and not told, and why. */
  #passed = 0;
  #reason: Http1Skipped = "not_http";
  /** In a search: inside a line that was looked at. */
  #midLine = false;
  /** In a search: the line before gave this size. */
  #sizeSeen = 0;
  /** `late`: so many bytes of a CRLF were held back, as they may belong to the chunk coding. */
  #owed = 0;

  /** Reads what a client sends, `request`, or what a server sends, `response`. */
  constructor(kind: Http1Kind, handler: Http1Handler, limits: Partial<Http1Limits> = {}) {
    this.#kind = kind;
    this.#handler = handler;
    this.#maxHead = limits.maxHead ?? 65_536;
    this.#reader = new HeadReader(kind, limits.maxHeaders ?? 256);
    this.#size = new ChunkSize(this.#maxHead);
  }

  /** True while it looks for a message. */
  get searching(): boolean {
    return this.#state === "search";
  }

  /** Takes the next bytes. The buffer must not change while the handler or its caller keeps ranges of it. */
  push(buffer: Uint8Array, start: number, end: number): void {
    if (this.#midLine && this.#state === "search") this.#lookAtStart(buffer, start, end);
    this.#run(buffer, start, end);
  }

  /** Says that so many bytes are missing here. They are not counted in `skipped`. */
  lose(bytes: number): void {
    if (!(bytes > 0)) return;
    switch (this.#state) {
      case "raw":
        return;
      case "close":
        return this.#cut();
      case "length":
      case "chunk":
        if (bytes > this.#left) return this.#search("bytes_lost", 0);
        this.#cut();
        this.#left -= bytes;
        if (this.#left === 0) this.#counted();
        return;
      case "head":
        if (this.#headBytes > 0) this.#search("bytes_lost", this.#headBytes);
        return;
      default:
        this.#search("bytes_lost", this.#held.length);
    }
  }

  /** Says that the other side has agreed to leave HTTP (101, or 2xx to CONNECT): what follows is `raw`. */
  tunnel(): void {
    this.#tell();
    const held = this.#held.take();
    this.#state = "raw";
    this.#open = false;
    if (held.length > 0) this.#handler.raw(held, 0, held.length);
  }

  /** Says that the stream has ended; `reset`: in disorder. Then the parser can begin anew. */
  close(reset = false): void {
    if (this.#state === "late") {
      const line = this.#held.take();
      this.#pass(line, 0, line.length);
      this.#release();
    }
    const held = this.#held.length;
    if (this.#open && !reset && (this.#state === "close" || this.#state === "late")) this.#finish(undefined);
    else if (this.#open || this.#state === "head") this.#search("closed", this.#open ? held : this.#headBytes);
    else if (this.#state !== "raw") this.#passed += held;
    this.#tell();
    this.#next();
  }

  #run(buffer: Uint8Array, at: number, end: number): void {
    while (at < end) {
      switch (this.#state) {
        case "head":
        case "trailers":
          at = this.#held.length > 0 ? this.#headLine(buffer, at, end) : this.#head(buffer, at, end);
          break;
        case "length":
        case "chunk": {
          const stop = Math.min(end, at + this.#left);
          this.#left -= stop - at;
          this.#body(buffer, at, stop);
          if (this.#left === 0) this.#counted();
          at = stop;
          break;
        }
        case "close":
          this.#body(buffer, at, end);
          return;
        case "size":
          at = this.#chunkSize(buffer, at, end);
          break;
        case "chunk_end":
          at = this.#chunkEnd(buffer, at);
          break;
        case "search":
        case "late":
          at = this.#held.length > 0 ? this.#heldLine(buffer, at, end) : this.#lines(buffer, at, end);
          break;
        case "raw":
          this.#handler.raw(buffer, at, end);
          return;
      }
    }
  }

  /** Reads lines of a head or of trailers; what is left of an unfinished line is held. */
  #head(buffer: Uint8Array, at: number, end: number): number {
    const reader = this.#reader;
    const limit = Math.min(end, at + this.#maxHead - this.#headBytes + 1);
    for (let stop = Math.min(limit, at + this.#window);;) {
      const used = reader.lines(latin1(buffer, at, stop));
      at += used;
      this.#headBytes += used;
      if (this.#headBytes > this.#maxHead || reader.done || reader.problem !== undefined) {
        this.#headRead();
        return at;
      }
      if (stop === limit) break;
      stop = Math.min(limit, used > 0 ? stop + WINDOW : at + 4 * (stop - at));
    }
    if (at === end) return end;
    if (this.#headBytes + end - at > this.#maxHead) {
      this.#search("head_too_large", this.#headBytes);
      return at;
    }
    if (!this.#mayGoOn(latin1(buffer, at, Math.min(end, at + PREFIX)))) {
      this.#search("not_http", this.#headBytes);
      return at;
    }
    this.#held.add(buffer, at, end);
    this.#headBytes += end - at;
    return end;
  }

  /** Goes on with a line of a head that is held. */
  #headLine(buffer: Uint8Array, at: number, end: number): number {
    const held = this.#held, before = held.length;
    const lf = newline(buffer, at, end);
    const stop = lf < 0 ? end : lf + 1;
    if (this.#headBytes + stop - at > this.#maxHead) {
      this.#search("head_too_large", this.#headBytes);
      this.#midLine = true;
      return at;
    }
    held.add(buffer, at, stop);
    this.#headBytes += stop - at;
    if (lf < 0) {
      if (before < PREFIX && !this.#mayGoOn(held.text())) this.#again("not_http");
      return stop;
    }
    this.#reader.lines(held.text());
    const { problem, done } = this.#reader;
    if (problem !== undefined) this.#again(problem);
    else {
      held.clear();
      if (done) this.#headRead();
    }
    return stop;
  }

  /** False if this beginning of a line cannot be that of a start line, and one is due. */
  #mayGoOn(text: string): boolean {
    return this.#reader.start !== undefined || this.#state === "trailers" || text === "\r" ||
      mayStart(this.#kind, text);
  }

  /** The line that is held does not belong to a head: looks at it again in a search. */
  #again(reason: Http1Skipped): void {
    const bytes = this.#headBytes - this.#held.length;
    const line = this.#held.take();
    this.#search(reason, bytes);
    this.#run(line, 0, line.length);
  }

  /** A head is whole, or bad, or too large. */
  #headRead(): void {
    const { start, fields, problem, tooMany } = this.#reader;
    if (problem !== undefined) return this.#search(problem, this.#headBytes);
    if (this.#headBytes > this.#maxHead) return this.#search("head_too_large", this.#headBytes);
    if (this.#state === "trailers") return this.#finish(fields.length > 0 ? fields : undefined);
    if (start === undefined) return;
    const { version, method, target, status } = start;
    const head = { version, method, target, status, headers: fields };
    this.#window = Math.max(WINDOW, this.#headBytes + 8);
    if (tooMany) this.#handler.skipped(this.#headBytes, "too_many_headers", false);
    const told = tooMany ? undefined : this.#handler.head(head);
    const { framing, length, events } = framingOf(head, told);
    this.#open = !tooMany;
    this.#reason = "too_many_headers";
    this.#events = events;
    switch (framing) {
      case "none":
        return this.#finish(undefined);
      case "length":
        this.#left = length;
        this.#state = "length";
        return;
      case "chunked":
        this.#size.reset();
        this.#state = "size";
        return;
      case "close":
        this.#state = "close";
        return;
      case "interim":
        return this.#next();
      case "raw":
        return this.tunnel();
      case "bad":
        return this.#search("bad_head", 0);
    }
  }

  #chunkSize(buffer: Uint8Array, at: number, end: number): number {
    const size = this.#size;
    at = size.read(buffer, at, end);
    if (size.bad) this.#search("bad_chunk", 0);
    else if (size.done) this.#chunk(size.size);
    return at;
  }

  /** A chunk of this size follows; the last is empty. */
  #chunk(size: number): void {
    this.#left = size;
    this.#state = size > 0 ? "chunk" : "trailers";
    if (size > 0) return;
    this.#reader.reset(true);
    this.#headBytes = 0;
  }

  /** The line end after a chunk. */
  #chunkEnd(buffer: Uint8Array, at: number): number {
    const byte = buffer[at];
    if (byte === 13 && this.#left === 0) this.#left = -1; // the CR has come
    else if (byte === 10) {
      this.#size.reset();
      this.#state = "size";
    } else {
      this.#search("bad_chunk", 0);
      return at;
    }
    return at + 1;
  }

  /** A body, or a chunk, has come to its end by count. */
  #counted(): void {
    if (this.#state === "chunk") this.#state = "chunk_end";
    else this.#finish(undefined);
  }

  #body(buffer: Uint8Array, at: number, end: number): void {
    if (!this.#open) this.#passed += end - at;
    else if (end > at) this.#handler.body(buffer, at, end);
  }

  /** Bytes of the body are missing. An event stream goes on; the rest of another body is passed over. */
  #cut(): void {
    if (this.#open) this.#handler.skipped(0, "bytes_lost", true);
    this.#reason = "bytes_lost";
    this.#open = this.#events;
    if (this.#events) this.#handler.late();
  }

  #finish(trailers: Http1Fields | undefined): void {
    this.#tell();
    if (this.#open) this.#handler.end(trailers);
    this.#next();
  }

  /** A message may begin here. */
  #next(): void {
    this.#state = "head";
    this.#open = this.#events = false;
    this.#owed = 0;
    this.#held.clear();
    this.#headBytes = this.#passed = 0;
    this.#reader.reset(false);
  }

  /** Looks for the next message, having passed over `bytes`. */
  #search(reason: Http1Skipped, bytes: number): void {
    if (this.#open) {
      this.#handler.skipped(bytes, reason, true);
      bytes = 0;
    } else if (reason !== this.#reason) this.#tell();
    this.#open = this.#midLine = false;
    this.#owed = 0;
    this.#held.clear();
    this.#passed += bytes;
    this.#reason = reason;
    this.#sizeSeen = 0;
    this.#state = "search";
  }

  /** Tells what was passed over. */
  #tell(): void {
    if (this.#passed > 0) this.#handler.skipped(this.#passed, this.#reason, false);
    this.#passed = 0;
  }

  /** A message mostly begins where a write does, whatever came before. */
  #lookAtStart(buffer: Uint8Array, at: number, end: number): void {
    const lf = newline(buffer, at, Math.min(end, at + this.#maxHead));
    if (lf >= 0 && look(this.#kind, buffer, at, lf, end) === "start") this.#midLine = false;
  }

  /** Looks at lines for the next message, or in a late body for its chunks. */
  #lines(buffer: Uint8Array, at: number, end: number): number {
    let from = at; // not passed over yet
    while (at < end) {
      const lf = newline(buffer, at, end);
      const stop = lf < 0 ? end : lf + 1;
      const long = stop - at > this.#maxHead;
      const sight = this.#midLine || long ? "nothing" : look(this.#kind, buffer, at, lf, end);
      if (sight === "wait") {
        this.#pass(buffer, from, at);
        this.#held.add(buffer, at, end);
        return end;
      }
      const wanted = this.#state === "late" ? "size" : "event";
      if (sight === "start" || sight === wanted) {
        this.#found(sight, buffer, from, at, stop);
        return sight === "size" ? stop : at;
      }
      this.#sizeSeen = sight === "size" ? this.#sizeIn(buffer, at, stop) : 0;
      this.#midLine = lf < 0;
      at = stop;
    }
    this.#pass(buffer, from, from = end);
    return end;
  }

  /** Goes on with a line that is held: until it ends, and while it is short after each piece. */
  #heldLine(buffer: Uint8Array, at: number, end: number): number {
    const held = this.#held, short = held.length < PREFIX;
    const lf = newline(buffer, at, end);
    const stop = lf < 0 ? end : lf + 1;
    const room = this.#maxHead - held.length;
    if (stop - at > room) { // too long to be of interest
      const line = held.take();
      this.#midLine = true;
      this.#run(line, 0, line.length);
      return at;
    }
    held.add(buffer, at, stop);
    if (lf >= 0 || short) {
      const line = held.take();
      this.#run(line, 0, line.length);
    }
    return stop;
  }

  /** Has found what it looked for at `at`, and passes over what is before. */
  #found(sight: "start" | "size" | "event", buffer: Uint8Array, from: number, at: number, stop: number): void {
    if (this.#state === "late") {
      if (sight === "size") this.#late(buffer, from, at, stop);
      else {
        this.#pass(buffer, from, at);
        this.#release();
        this.#finish(undefined);
      }
      return;
    }
    this.#pass(buffer, from, at);
    this.#tell();
    if (sight === "start") return this.#next();
    this.#handler.late();
    this.#open = this.#events = true;
    if (this.#sizeSeen > 0) this.#chunk(this.#sizeSeen);
    else this.#state = "late";
  }

  /** A late body has come to a chunk-size line: the line end before it is not the body's. */
  #late(buffer: Uint8Array, from: number, at: number, stop: number): void {
    const size = this.#sizeIn(buffer, at, stop);
    if (at > from) this.#pass(buffer, from, at);
    this.#owed = 0;
    this.#chunk(size);
  }

  #sizeIn(buffer: Uint8Array, at: number, stop: number): number {
    return parseInt(latin1(buffer, at, stop), 16);
  }

  /** Passes over bytes; those of a late body go to the handler but for a CRLF at their end, which is owed. */
  #pass(buffer: Uint8Array, from: number, to: number): void {
    if (this.#state !== "late") {
      this.#passed += to - from;
      if (this.#passed >= TELL) this.#tell();
      return;
    }
    if (this.#owed === 1 && from < to && buffer[from] === 10) {
      this.#owed = 2;
      from++;
    }
    if (from === to) return;
    this.#release();
    const last = buffer[to - 1];
    this.#owed = last === 13 ? 1 : last === 10 && to - from >= 2 && buffer[to - 2] === 13 ? 2 : 0;
    this.#body(buffer, from, to - this.#owed);
  }

  #release(): void {
    if (this.#owed > 0) this.#handler.body(CRLF, 0, this.#owed);
    this.#owed = 0;
  }
}
