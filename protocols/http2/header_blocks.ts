/**
 * Puts header blocks together from HEADERS or PUSH_PROMISE and their CONTINUATIONs (RFC 9113 section 4.3), and reads them.
 *
 * @module
 */
import type { EndedStreams } from "./ended_streams.ts";
import { Gathered } from "./gathered.ts";
import { EXPANSION, type Http2Handler, type Http2Limits, type Http2Problem } from "./handler.ts";
import { HpackDecoder } from "./hpack/decoder.ts";

/** The header blocks of one direction, one at a time. */
export class HeaderBlocks {
  /** The stream whose block is open; 0 if none is. */
  streamId = 0;
  /** Of a PUSH_PROMISE: the promised stream; else NONE. */
  promised = NONE;
  /** Knows what came before. */
  readonly hpack: HpackDecoder;
  readonly #handler: Http2Handler;
  readonly #ended: EndedStreams;
  readonly #limit: number;
  readonly #gathered: Gathered;
  /** Whether its stream ends with the block. */
  #ends = false;
  /** Why bytes of the block are missing, if they are. */
  #why: Http2Problem = "header_block_too_large";

  /** Tells `handler` of blocks, and notes in `ended` which streams end with one. */
  constructor(handler: Http2Handler, ended: EndedStreams, { maxHeaderBlock, maxHeaders, maxTable }: Http2Limits) {
    this.#handler = handler;
    this.#ended = ended;
    this.#limit = maxHeaderBlock;
    this.#gathered = new Gathered(maxHeaderBlock);
    this.hpack = new HpackDecoder({ maxFields: maxHeaders, maxBytes: maxHeaderBlock * EXPANSION, maxTable });
  }

  /** Bytes of the open block that have come and are kept. */
  get held(): number {
    return this.#gathered.length;
  }

  /** A block begins. `ends`: END_STREAM is set. */
  open(streamId: number, ends: boolean): void {
    this.streamId = streamId;
    this.promised = NONE;
    this.#ends = ends;
    this.#why = "header_block_too_large";
    this.#gathered.clear();
  }

  /** More of it; not the end. */
  add(buffer: Uint8Array, start: number, end: number): void {
    this.#gathered.add(buffer, start, end);
  }

  /** So many bytes of it were lost. */
  lose(bytes: number): void {
    this.#gathered.missing += bytes;
    this.#why = "bytes_lost";
  }

  /** The rest of it, which may be empty. */
  close(buffer: Uint8Array, start: number, end: number): void {
    const gathered = this.#gathered;
    if (gathered.length + gathered.missing === 0 && end - start <= this.#limit) {
      return this.#tell(buffer, start, end, 0); // as a rule: no copy
    }
    gathered.add(buffer, start, end);
    this.#tell(gathered.buffer, 0, gathered.length, gathered.missing);
    gathered.clear();
  }

  /** What was missed, or is not to be read, may have changed the dynamic table. */
  forget(): void {
    this.streamId = 0;
    this.#gathered.clear();
    this.hpack.forget();
  }

  #tell(buffer: Uint8Array, start: number, end: number, missing: number): void {
    const { hpack, streamId, promised } = this, handler = this.#handler;
    this.streamId = 0;
    const headers = hpack.decode(buffer, start, end, missing > 0);
    if (this.#ended.has(streamId)) return handler.problem(streamId, "bad_frame", end - start + missing);
    if (missing > 0) handler.problem(streamId, this.#why, missing);
    else if (hpack.problem !== undefined) handler.problem(streamId, hpack.problem, end - start);
    if (promised !== NONE) return handler.promise(streamId, promised, headers, hpack.complete);
    handler.headers(streamId, headers, this.#ends, hpack.complete);
    if (!this.#ends) return;
    this.#ended.add(streamId);
    handler.end(streamId);
  }
}

const NONE = -1;
