/**
 * Exchanges as they would stand on a connection, for the pipeline: one connection each, in HTTP/1.1.
 *
 * @module
 */
import type { Batch, ChunkEvent, Endpoint, Event, HttpHeaders, Stream } from "../../pipeline/event.ts";

const encoder = new TextEncoder();

/** What waits for the pipeline. Whoever adds never waits: what does not fit is counted. */
export class Tee {
  readonly #source: string;
  readonly #limit: number;
  #waiting: Event[] = [];
  #bytes = 0;
  #ids = 0;
  #wake = () => {};

  constructor(source: string, limit: number) {
    this.#source = source;
    this.#limit = limit;
  }

  /** The two directions of a new exchange. */
  exchange(client: Endpoint | undefined, server: Endpoint | undefined): readonly [Direction, Direction] {
    const forth: Stream = { id: ++this.#ids, medium: "tcp", reverse: undefined, from: client, to: server };
    const back: Stream = { id: ++this.#ids, medium: "tcp", reverse: forth, from: server, to: client };
    forth.reverse = back;
    return [new Direction(this, forth), new Direction(this, back)];
  }

  /** Adds bytes; false if there was no room. */
  add(stream: Stream, bytes: Uint8Array, lost: number, eof: boolean): boolean {
    if (this.#bytes + bytes.length > this.#limit && bytes.length > 0) return false;
    const base = { time: performance.timeOrigin + performance.now(), source: this.#source, stream };
    if (lost > 0) {
      const message =
        `${lost} bytes went by unseen, as the pipeline did not keep up; the client and the server got them.`;
      this.#waiting.push({ kind: "gap", ...base, reason: "queue_full", message, lost: { bytes: lost } });
    }
    const chunk: ChunkEvent = { kind: "chunk", ...base, buffer: bytes, start: 0, end: bytes.length, lost, eof };
    this.#waiting.push(chunk);
    this.#bytes += bytes.length;
    this.#wake();
    return true;
  }

  /** What has come; waits for more if nothing has, at most so long. */
  async take(ms: number): Promise<Batch> {
    if (this.#waiting.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      this.#wake = resolve;
      await promise;
      clearTimeout(timer);
    }
    const batch = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    return batch;
  }

  /** Ends the waiting. */
  wake(): void {
    this.#wake();
  }
}

/** One direction of an exchange. */
export class Direction {
  readonly #tee: Tee;
  readonly #stream: Stream;
  #lost = 0;
  #chunked = false;
  #ended = false;

  constructor(tee: Tee, stream: Stream) {
    this.#tee = tee;
    this.#stream = stream;
  }

  /** Begins: the first line and the fields. A body without a length goes in chunks. */
  head(first: string, headers: HttpHeaders, hasBody: boolean): void {
    this.#chunked = hasBody && !headers.some(([name]) => name === "content-length");
    const framing = this.#chunked ? "transfer-encoding: chunked\r\n" : "";
    const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.#add(encoder.encode(`${first}\r\n${fields}${framing}\r\n`));
  }

  /** A part of the body. */
  body(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (!this.#chunked) return this.#add(bytes.slice());
    const size = encoder.encode(`${bytes.length.toString(16)}\r\n`);
    const chunk = new Uint8Array(size.length + bytes.length + 2);
    chunk.set(size);
    chunk.set(bytes, size.length);
    chunk.set([0x0d, 0x0a], size.length + bytes.length);
    this.#add(chunk);
  }

  /** Ends; `whole` if all of it was seen. */
  end(whole: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    if (whole && this.#chunked) this.#add(encoder.encode("0\r\n\r\n"));
    this.#tee.add(this.#stream, new Uint8Array(0), this.#lost, true);
  }

  #add(bytes: Uint8Array): void {
    if (this.#tee.add(this.#stream, bytes, this.#lost, false)) this.#lost = 0;
    else this.#lost += bytes.length;
  }
}
