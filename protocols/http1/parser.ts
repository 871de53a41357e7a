/**
 * A passive parser of one direction of an HTTP/1.x connection.
 *
 * @module
 */
import { Held, latin1, newline } from "./_bytes.ts";
import { ChunkSize } from "./_chunk_size.ts";
import { framingOf } from "./_framing.ts";
import { HeadReader } from "./_head.ts";
import { LateBody } from "./_late_body.ts";
import { Passed } from "./_passed.ts";
import { Search, sizeIn } from "./_search.ts";
import { type Http1Kind, mayStart } from "./_start_line.ts";
import type { Http1Fields, Http1Handler, Http1Limits, Http1Skipped } from "./types.ts";

/** What the next byte belongs to. `late`: a body whose chunks are not in view yet. */
type State = "head" | "length" | "close" | "size" | "chunk" | "trailers" | "late" | "search" | "raw";

/** So many characters tell whether a line may become a start line. */
const PREFIX = 64;
/** The first look at a head takes so many bytes at least. */
const WINDOW = 256;

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
  readonly #search: Search;
  readonly #late: LateBody;
  readonly #passed: Passed;
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

  /** Reads what a client sends, `request`, or what a server sends, `response`. */
  constructor(kind: Http1Kind, handler: Http1Handler, limits: Partial<Http1Limits> = {}) {
    this.#kind = kind;
    this.#handler = handler;
    this.#maxHead = limits.maxHead ?? 65_536;
    this.#reader = new HeadReader(kind, limits.maxHeaders ?? 256);
    this.#size = new ChunkSize(this.#maxHead);
    this.#search = new Search(kind, this.#maxHead);
    this.#late = new LateBody(handler);
    this.#passed = new Passed(handler);
  }

  /** True while it looks for a message. */
  get searching(): boolean {
    return this.#state === "search";
  }

  /** Takes the next bytes. The buffer must not change while the handler or its caller keeps ranges of it. */
  push(buffer: Uint8Array, start: number, end: number): void {
    if (this.#search.midLine && this.#state === "search") this.#search.lookAtStart(buffer, start, end);
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
        if (bytes > this.#left) return this.#seek("bytes_lost", 0);
        this.#cut();
        this.#left -= bytes;
        if (this.#left === 0) this.#counted();
        return;
      case "head":
        if (this.#headBytes > 0) this.#seek("bytes_lost", this.#headBytes);
        return;
      default:
        this.#seek("bytes_lost", this.#held.length);
    }
  }

  /** Says that the other side has agreed to leave HTTP (101, or 2xx to CONNECT): what follows is `raw`. */
  tunnel(): void {
    this.#passed.tell();
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
      this.#late.release();
    }
    const held = this.#held.length;
    if (this.#open && !reset && (this.#state === "close" || this.#state === "late")) this.#finish(undefined);
    else if (this.#open || this.#state === "head") this.#seek("closed", this.#open ? held : this.#headBytes);
    else if (this.#state !== "raw") this.#passed.add(held);
    this.#passed.tell();
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
      this.#seek("head_too_large", this.#headBytes);
      return at;
    }
    if (!this.#mayGoOn(latin1(buffer, at, Math.min(end, at + PREFIX)))) {
      this.#seek("not_http", this.#headBytes);
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
      this.#seek("head_too_large", this.#headBytes);
      this.#search.midLine = true;
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
    this.#seek(reason, bytes);
    this.#run(line, 0, line.length);
  }

  /** A head is whole, or bad, or too large. */
  #headRead(): void {
    const { start, fields, problem, tooMany } = this.#reader;
    if (problem !== undefined) return this.#seek(problem, this.#headBytes);
    if (this.#headBytes > this.#maxHead) return this.#seek("head_too_large", this.#headBytes);
    if (this.#state === "trailers") return this.#finish(fields.length > 0 ? fields : undefined);
    if (start === undefined) return;
    const { version, method, target, status } = start;
    const head = { version, method, target, status, headers: fields };
    this.#window = Math.max(WINDOW, this.#headBytes + 8);
    if (tooMany) this.#handler.skipped(this.#headBytes, "too_many_headers", false);
    const told = tooMany ? undefined : this.#handler.head(head);
    const { framing, length, events } = framingOf(head, told);
    this.#open = !tooMany;
    this.#passed.reason = "too_many_headers";
    this.#events = events;
    switch (framing) {
      case "none":
        return this.#finish(undefined);
      case "length":
        this.#left = length;
        this.#state = "length";
        return;
      case "chunked":
        return this.#sizeLine(false);
      case "close":
        this.#state = "close";
        return;
      case "interim":
        return this.#next();
      case "raw":
        return this.tunnel();
      case "bad":
        return this.#seek("bad_head", 0);
    }
  }

  #chunkSize(buffer: Uint8Array, at: number, end: number): number {
    const size = this.#size;
    at = size.read(buffer, at, end);
    if (size.bad) this.#seek("bad_chunk", 0);
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

  /** A chunk-size line is due; `after`: after a chunk and its line end. */
  #sizeLine(after: boolean): void {
    this.#size.reset(after);
    this.#state = "size";
  }

  /** A body, or a chunk, has come to its end by count. */
  #counted(): void {
    if (this.#state === "chunk") this.#sizeLine(true);
    else this.#finish(undefined);
  }

  #body(buffer: Uint8Array, at: number, end: number): void {
    if (!this.#open) this.#passed.add(end - at);
    else if (end > at) this.#handler.body(buffer, at, end);
  }

  /** Bytes of the body are missing. An event stream goes on; the rest of another body is passed over. */
  #cut(): void {
    if (this.#open) this.#handler.skipped(0, "bytes_lost", true);
    this.#passed.reason = "bytes_lost";
    this.#open = this.#events;
    if (this.#events) this.#handler.late();
  }

  #finish(trailers: Http1Fields | undefined): void {
    this.#passed.tell();
    if (this.#open) this.#handler.end(trailers);
    this.#next();
  }

  /** A message may begin here. */
  #next(): void {
    this.#state = "head";
    this.#open = this.#events = false;
    this.#late.forget();
    this.#passed.clear();
    this.#held.clear();
    this.#headBytes = 0;
    this.#reader.reset(false);
  }

  /** Looks for the next message, having passed over `bytes`. */
  #seek(reason: Http1Skipped, bytes: number): void {
    if (this.#open) {
      this.#handler.skipped(bytes, reason, true);
      bytes = 0;
    } else if (reason !== this.#passed.reason) this.#passed.tell();
    this.#open = false;
    this.#late.forget();
    this.#held.clear();
    this.#passed.add(bytes);
    this.#passed.reason = reason;
    this.#search.begin();
    this.#state = "search";
  }

  /** Looks at lines for the next message, or in a late body for its chunks. */
  #lines(buffer: Uint8Array, at: number, end: number): number {
    const search = this.#search;
    const sight = search.find(this.#state === "late" ? "size" : "event", buffer, at, end);
    if (sight === "nothing") this.#pass(buffer, at, end);
    else if (sight === "wait") {
      this.#pass(buffer, at, search.at);
      this.#held.add(buffer, search.at, end);
    } else return this.#found(sight, buffer, at);
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
      this.#search.midLine = true;
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

  /** Has found what it looked for, and passes over what is before. Returns how far it came. */
  #found(sight: "start" | "size" | "event", buffer: Uint8Array, from: number): number {
    const { at, stop, sizeSeen } = this.#search;
    if (at > from) this.#pass(buffer, from, at);
    if (sight === "size") { // of a late body: the line end before it is not the body's
      this.#late.forget();
      this.#chunk(sizeIn(buffer, at, stop));
      return stop;
    }
    if (this.#state === "late") {
      this.#late.release();
      this.#finish(undefined);
      return at;
    }
    this.#passed.tell();
    if (sight === "start") this.#next();
    else {
      this.#handler.late();
      this.#open = this.#events = true;
      if (sizeSeen > 0) this.#chunk(sizeSeen);
      else this.#state = "late";
    }
    return at;
  }

  /** Passes over bytes; those of a late body go to the handler. */
  #pass(buffer: Uint8Array, from: number, to: number): void {
    if (this.#state === "late") return this.#late.push(buffer, from, to);
    this.#passed.add(to - from);
    this.#passed.tellMany();
  }
}
