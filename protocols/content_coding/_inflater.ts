/**
 * The decompressors of `node:zlib`, made to give at once what can be decoded so far.
 *
 * A public stream of `node:zlib` answers later, in a callback. Here the synchronous step is called that `gunzipSync` and
 * the like take (`_processChunk` in Node's lib/zlib.js, of which Deno has a copy). It closes the native handle when it is
 * done, so that is put off until the end. The tests show it on both runtimes.
 *
 * @module
 */
import * as zlib from "node:zlib";
import { concat } from "./_concat.ts";
import { type Decompressor, TooLarge } from "./_decompressor.ts";

const { constants } = zlib;

/** What is used of an object of `node:zlib`. */
interface Engine {
  _handle: { close(): void } | null;
  _maxOutputLength: number;
  /** Bytes that the last step consumed. */
  readonly bytesWritten: number;
  _processChunk(bytes: Uint8Array, flush: number): Uint8Array;
  on(event: "error", listener: () => void): void;
  removeAllListeners(event: "error"): void;
  close(): void;
}

/** One coding: how to make its decompressor, how to make it give all it has, and how to see that it has ended. */
export interface Coding {
  /** Is given the first bytes. */
  create(first: Uint8Array): unknown;
  /** So many bytes must be there before. */
  readonly first: number;
  /** No coded body has fewer bytes. */
  readonly least: number;
  readonly flush: number;
  /** True if its end has come. `step` gives how many bytes were taken. */
  ended(step: Step): boolean;
}

const NOTHING = new Uint8Array(0);
/** A byte that begins neither a zstd frame (RFC 8878, section 3.1) nor anything else. */
const STRAY = Uint8Array.of(0x78);

type Step = (bytes: Uint8Array, flush: number) => number;

/** zlib says when its end is missing. */
function finishes(step: Step, finish: number): boolean {
  try {
    step(NOTHING, finish);
    return true;
  } catch {
    return false;
  }
}

/** zstd expects another frame then, and says "Unknown frame descriptor" (ZSTD_error_prefix_unknown) of other bytes. */
function zstdEnded(step: Step): boolean {
  try {
    return step(STRAY, constants.ZSTD_e_flush) === 0;
  } catch (error) {
    return error instanceof Error && error.message.includes("Unknown frame descriptor");
  }
}

/** "deflate" should be in zlib's format (RFC 1950, section 2.2: a check of the first two bytes), and often is raw. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first << 8 | second) % 31 === 0;
}

/** RFC 1952. */
export const gzip: Coding = {
  create: () => zlib.createGunzip(),
  first: 1,
  least: 18,
  flush: constants.Z_SYNC_FLUSH,
  ended: (step) => finishes(step, constants.Z_FINISH),
};
/** RFC 1950, and RFC 1951 alone. */
export const deflate: Coding = {
  create: (first) => isZlib(first) ? zlib.createInflate() : zlib.createInflateRaw(),
  first: 2,
  least: 2,
  flush: constants.Z_SYNC_FLUSH,
  ended: (step) => finishes(step, constants.Z_FINISH),
};
/** Windows of up to 8 MiB, as RFC 9659 has it for content codings. */
const ZSTD_WINDOW_LOG = 23;
/** RFC 8878; undefined where `node:zlib` has it not: Node before 22.15. */
export const zstd: Coding | undefined =
  "createZstdDecompress" in zlib && typeof zlib.createZstdDecompress === "function"
    ? {
      create: () => zlib.createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }),
      first: 1,
      least: 9,
      flush: constants.ZSTD_e_flush,
      ended: zstdEnded,
    }
    : undefined;
/** Bytes of an engine's output buffer: `chunkSize` in node:zlib. */
const OUTPUT = 16 * 1024;

/** Undoes one of the codings above. */
export class Inflater implements Decompressor {
  stuck = false;
  readonly #coding: Coding;
  #engine: Engine | undefined;
  #handle: Engine["_handle"] = null;
  /** The first bytes, while they are too few. */
  #first: Uint8Array = NOTHING;
  #in = 0;

  constructor(coding: Coding) {
    this.#coding = coding;
  }

  write(bytes: Uint8Array, max: number): Uint8Array {
    this.#in += bytes.length;
    if (this.#engine === undefined) {
      if (this.#first.length > 0) bytes = concat([this.#first, bytes]);
      if (bytes.length < this.#coding.first) {
        this.#first = bytes.slice();
        return NOTHING;
      }
      this.#open(bytes);
    }
    let out = this.#step(bytes, this.#coding.flush, max);
    // Deno's zstd may leave the end of a frame to another step.
    while (this.#coding === zstd && this.#taken > 0 && this.#taken < bytes.length) {
      bytes = bytes.subarray(this.#taken);
      out = concat([out, this.#step(bytes, this.#coding.flush, max - out.length)]);
    }
    if (this.#taken < bytes.length) this.stuck = true;
    return out;
  }

  close(): boolean {
    const engine = this.#engine, handle = this.#handle;
    if (engine === undefined) return this.#in === 0;
    const { ended, least } = this.#coding;
    const whole = this.#in >= least && ended((bytes, flush) => {
      this.#step(bytes, flush, Infinity);
      return this.#taken;
    });
    this.#engine = undefined;
    if (handle !== null) Reflect.deleteProperty(handle, "close");
    engine.close();
    return whole;
  }

  get #taken(): number {
    return this.#engine?.bytesWritten ?? 0;
  }

  #open(first: Uint8Array): void {
    const engine = this.#engine = this.#coding.create(first) as Engine;
    const handle = this.#handle = engine._handle;
    if (handle !== null) handle.close = () => {};
  }

  #step(bytes: Uint8Array, flush: number, max: number): Uint8Array {
    const engine = this.#engine;
    if (engine === undefined) return NOTHING;
    engine._maxOutputLength = max;
    try {
      const out = engine._processChunk(bytes, flush);
      // A small one lies in the engine's buffer, which the next step fills again.
      return out.length > OUTPUT ? new Uint8Array(out.buffer, out.byteOffset, out.length) : new Uint8Array(out);
    } catch (error) {
      throw isTooLarge(error) ? new TooLarge("too large", { cause: error }) : error;
    } finally {
      engine._handle = this.#handle; // the step has dropped it
      engine.removeAllListeners("error"); // and added one
      engine.on("error", () => {});
    }
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
