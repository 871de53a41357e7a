/**
 * What is known of one direction of one byte stream.
 *
 * @module
 */
import { isJsonRpc } from "../../protocols/jsonrpc/mod.ts";
import type { Medium, Process, Stream } from "../../pipeline/event.ts";
import { beginsLikeHttp, HttpCheck, type Verdict } from "./http_check.ts";

/** Bytes of one record, waiting or on their way. */
export interface Piece {
  readonly time: number;
  readonly process: Process | undefined;
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly lost: number;
}

/**
 * `preview`: what precedes a first JSON byte or HTTP head; `candidate`: JSON or HTTP, but is it MCP? `tls`: a TCP connection
 * with TLS in it, of which only the ends are of interest.
 */
export type TrackedState = "preview" | "candidate" | "confirmed" | "rejected" | "tls";

/** A stream as user space follows it. */
export class Tracked {
  state: TrackedState = "preview";
  readonly stream: Stream;
  writer: Process | undefined;
  reader: Process | undefined;
  /** Descriptors by which they write and read, where seen. */
  writerFd: number | undefined;
  readerFd: number | undefined;
  /** A request or notification was among the first messages. */
  hasRequest = false;
  /** Key of the stream that will answer this one, while it is not there. */
  answers: string | undefined;
  /** Where the bytes come from; undefined until the first ones. */
  side: "writer" | "reader" | undefined;
  /** Bytes passed on that were taken at the reader, and the first few of them. */
  readBytes = 0;
  readStart: Uint8Array | undefined;
  /** When those came, ms. */
  readTime = 0;
  /** Bytes of the writer's still to come that were already taken at the reader. */
  skip = 0;
  /** Position in the stream of the byte that should come next; undefined before the first. */
  expected: number | undefined;
  /** Why bytes are missing, if a record said so. */
  lossReason: string | undefined;
  /** Pieces not passed on: not yet confirmed, or the reader is not yet known. */
  held: Piece[] = [];
  heldBytes = 0;
  /** Until when `held` waits for what is missing (monotonic ms); undefined: for a decision. */
  deadline: number | undefined;
  /** When the wait for the reader began. */
  heldSince = 0;
  /** The reader was looked for and not found: wait no more. */
  readerSought = false;
  #check: Check | undefined;
  /** Of HTTP: the look at both directions together. */
  #http: HttpCheck | undefined;
  reverse: Tracked | undefined;
  closed = false;
  /** Of TLS: the other end, if it is of this machine, was looked for among the first bytes. */
  begun = false;
  /** Bytes of it were passed on. */
  told = false;

  constructor(
    /** Index of its state, shared with the kernel. */
    public slot: number,
    public src: number,
    public dst: number,
    medium: Medium,
    id: number,
    tls?: string,
  ) {
    this.stream = tls === undefined ? { id, medium, reverse: undefined } : { id, medium, reverse: undefined, tls };
  }

  /** A TCP connection or a TLS session. */
  get isNet(): boolean {
    return this.stream.medium === "tcp" || this.stream.medium === "tls";
  }

  /** Takes the next bytes of a candidate; says whether that settles it. */
  examine(piece: Piece): Verdict {
    const { buffer, start, end } = piece;
    if (this.#http === undefined && this.#check === undefined) {
      if (this.isNet || (this.stream.medium === "unix" && beginsLikeHttp(buffer, start, end))) {
        const { reverse } = this;
        this.#http = (reverse === undefined ? undefined : reverse.#http) ?? new HttpCheck();
      } else this.#check = new Check();
    }
    if (this.#http !== undefined) return this.#http.push(this, buffer, start, end);
    const check = this.#check!;
    if (piece.lost > 0) check.skip();
    const verdict = check.push(buffer, start, end);
    this.hasRequest ||= check.hasRequest;
    return verdict;
  }

  get key(): string {
    return streamKey(this.src, this.dst);
  }

  /** Bytes were taken at the reader, at `time` (ms). */
  tookRead(buffer: Uint8Array, start: number, end: number, time: number): void {
    if (this.readStart === undefined) {
      this.readStart = buffer.slice(start, Math.min(end, start + COMPARED));
      this.readTime = time;
    }
    this.readBytes += end - start;
  }

  /**
   * The writer's first bytes after the reader's. A write larger than the pipe ends only after the reader took most of
   * it: then they begin alike, and what was taken is not to be told twice. Of several writes that were read at once the
   * first is shorter: it has to be near in time too, for messages of one kind begin alike.
   */
  meetWriter(buffer: Uint8Array, start: number, end: number, time: number): void {
    const read = this.readStart;
    this.readStart = undefined;
    if (read === undefined) return;
    const length = Math.min(read.length, end - start);
    if (length < read.length && Math.abs(time - this.readTime) > SAME_WRITE_MS) return;
    if (read.subarray(0, length).every((byte, i) => buffer[start + i] === byte)) this.skip = this.readBytes;
  }

  /** Who writes: seen to write, or else to read the answers. */
  get from(): Process | undefined {
    return this.writer ?? this.reverse?.reader;
  }

  /** Who reads: seen to read, or else to write the answers. */
  get to(): Process | undefined {
    return this.reader ?? this.reverse?.writer;
  }

  hold(piece: Piece): void {
    this.held.push(piece);
    this.heldBytes += piece.end - piece.start;
  }

  takeHeld(): Piece[] {
    const held = this.held;
    this.held = [];
    this.heldBytes = 0;
    this.deadline = undefined;
    return held;
  }
}

/** Bytes compared to know a write that was already seen at its reader. */
const COMPARED = 256;
/** How far from its read the exit of a write may be, ms: its processor was busy. */
const SAME_WRITE_MS = 100;

/** A stream's key among others. */
export function streamKey(src: number, dst: number): string {
  return `${src}>${dst}`;
}

/** Lines that are not JSON-RPC before a candidate is rejected, and bytes without any line end. */
const MAX_LINES = 12, MAX_BYTES = 8 << 20, MAX_OTHER_BYTES = 256 << 10;

/** Of a whole message; a result may hold it too, and then counts as a request: better seen than missed. */
const METHOD = /"method"\s*:/;
const decoder = new TextDecoder();

/** Looks for the first JSON-RPC message among a candidate's lines. */
export class Check {
  /** The message that settled it has a method. */
  hasRequest = false;
  #partial: Uint8Array[] = [];
  #partialBytes = 0;
  #lines = 0;
  #bytes = 0;

  /** Takes the next bytes; says whether that settles it. */
  push(buffer: Uint8Array, start: number, end: number): Verdict {
    while (start < end) {
      const newline = buffer.indexOf(10, start);
      if (newline < 0 || newline >= end) {
        this.#partial.push(buffer.subarray(start, end));
        this.#partialBytes += end - start;
        return this.#partialBytes > MAX_BYTES ? "rejected" : "more";
      }
      if (this.#isMessage(buffer, start, newline)) return "confirmed";
      start = newline + 1;
      if (this.#lines > MAX_LINES || this.#bytes > MAX_OTHER_BYTES) return "rejected";
    }
    return "more";
  }

  /** Forgets an unfinished line: bytes were lost. */
  skip(): void {
    this.#partial = [];
    this.#partialBytes = 0;
  }

  #isMessage(buffer: Uint8Array, start: number, end: number): boolean {
    if (this.#partialBytes > 0) {
      const line = new Uint8Array(this.#partialBytes + end - start);
      let at = 0;
      for (const part of this.#partial) {
        line.set(part, at);
        at += part.length;
      }
      line.set(buffer.subarray(start, end), at);
      this.skip();
      buffer = line;
      start = 0;
      end = line.length;
    }
    if (end > start && isJsonRpc(buffer, start, end)) {
      this.hasRequest = METHOD.test(decoder.decode(buffer.subarray(start, end)));
      return true;
    }
    this.#lines++;
    this.#bytes += end - start;
    return false;
  }
}
