/**
 * Puts output together from pieces, most of them bytes of the input.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { WASM_BASE64 } from "./gather_wasm.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  heap(): number;
  gather(piece: number, end: number, out: number): number;
}

/** Bytes that were copied to where pieces are taken from. */
export interface Constant {
  readonly at: number;
  readonly length: number;
}

/** A part of a buffer that was copied: `buffer[from, to)` lies at `from + shift`. Up to `known` it will not change. */
interface Window {
  buffer: Uint8Array | undefined;
  from: number;
  to: number;
  known: number;
  shift: number;
}

const PAGE = 65_536;
/** How far copying reaches beyond the end. */
const SLACK = 32;
/** Pieces noted before they are put together, and bytes of a piece. */
const PIECES = 8192, PIECE_BYTES = 8;
/** Bytes put together at once. */
const OUT = 512 * 1024;
/** Room for copies of input, twice: when one half is full, the other half's are forgotten. */
const HALF = 320 * 1024;
/** How much of a large buffer is copied ahead. */
const WINDOW = 32 * 1024;
/** What is longer is handed on by itself. */
const LARGE = 16 * 1024;
/** Text of up to this many characters is not worth a call of the encoder. */
const SHORT = 64;
/** How many windows are remembered, a power of two. */
const WINDOWS = 16;
/** Buffers up to this many bytes are held on to for the sake of what was copied from them. */
const KEPT = 256 * 1024;
const LARGEST = 0x7fffffff;

const encoder = new TextEncoder();

/**
 * Notes pieces and puts many of them together by one call to WebAssembly (`gather.c`). `TypedArray.set` takes 50 ns for
 * a few bytes, and a part of an array is garbage afterwards.
 *
 * All bytes go to `emit`, in their order. They have to be used before it returns.
 */
export class Gather {
  /** Bytes that wait to be put together. */
  length = 0;
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #wasm: Exports = instantiate();
  // What lies where, in this order.
  readonly #pieces: number;
  readonly #out: number;
  readonly #stage: number;
  readonly #constants: number;
  #memory: Uint8Array;
  #list: Int32Array;
  /** How many integers of the list are in use. */
  #noted = 0;
  /** Where the next copy goes, and the end of the half that it goes to. */
  #staged: number;
  #stageEnd: number;
  /** Where the next constant goes. */
  #constant: number;
  readonly #windows: Window[] = Array.from(
    { length: WINDOWS },
    () => ({ buffer: undefined, from: 0, to: 0, known: 0, shift: 0 }),
  );
  /** The last one that was copied. */
  #window: Window = this.#windows[0]!;
  #next = 0;
  /** The buffer copied ahead from last. */
  #ahead: Uint8Array | undefined;

  /** Empty. */
  constructor(emit: (bytes: Uint8Array) => void) {
    this.#emit = emit;
    this.#pieces = (this.#wasm.heap() + 15) & ~15;
    this.#out = this.#pieces + PIECES * PIECE_BYTES;
    this.#stage = this.#staged = this.#out + OUT + SLACK;
    this.#stageEnd = this.#stage + HALF;
    this.#constants = this.#constant = this.#stage + 2 * HALF + SLACK;
    this.#wasm.memory.grow(Math.ceil((this.#constants + SLACK) / PAGE));
    this.#memory = new Uint8Array(this.#wasm.memory.buffer);
    this.#list = new Int32Array(this.#wasm.memory.buffer, this.#pieces, PIECES * 2);
  }

  /** Copies bytes that pieces will be made of often. */
  constant(bytes: Uint8Array): Constant {
    const at = this.#constant;
    const missing = at + bytes.length + SLACK - this.#memory.length;
    if (missing > 0) {
      this.#wasm.memory.grow(Math.ceil(missing / PAGE));
      this.#memory = new Uint8Array(this.#wasm.memory.buffer);
      this.#list = new Int32Array(this.#wasm.memory.buffer, this.#pieces, PIECES * 2);
    }
    this.#memory.set(bytes, at);
    this.#constant = at + bytes.length;
    return { at, length: bytes.length };
  }

  /** Bytes of all constants. */
  get constants(): number {
    return this.#constant - this.#constants;
  }

  /** Forgets the constants made since there were so many bytes of them. */
  release(constants: number): void {
    this.drain();
    this.#constant = this.#constants + constants;
  }

  /** A constant. */
  put({ at, length }: Constant): void {
    this.#note(at, length, length);
  }

  /** A part of an array. */
  splice(buffer: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const window = this.#window;
    if (buffer === window.buffer && start >= window.from && end <= window.to) {
      this.#note(start + window.shift, length, length);
      return;
    }
    const other = this.#find(buffer, start, end);
    if (other !== undefined) this.#note(start + other.shift, length, length);
    else if (length > LARGE) this.#hand(buffer.subarray(start, end));
    else this.#note(this.#copy(buffer.subarray(start, end)), length, length);
  }

  /**
   * Says that `buffer[start, end)` will be spliced from, and then what follows it: so it is worth copying in large parts.
   * Neither it nor what is before it in the buffer must change any more; what follows may, but not until {@linkcode forget}.
   */
  ahead(buffer: Uint8Array, start: number, end: number): void {
    const window = this.#window;
    if (buffer === window.buffer && start >= window.from && end <= window.to) {
      if (end > window.known) window.known = end;
    } else if (buffer.length >= WINDOW && end - start <= LARGE) this.#see(buffer, start, end);
  }

  /** Forgets what was copied and not spoken of: it may be something else by now. */
  forget(): void {
    this.#ahead = undefined;
    for (const window of this.#windows) {
      window.to = window.known;
      if (window.buffer !== undefined && window.buffer.length > KEPT) window.buffer = undefined;
    }
  }

  /** Text. */
  text(text: string): void {
    if (text.length <= SHORT && this.#ascii(text)) return;
    const bytes = encoder.encode(text);
    if (bytes.length <= LARGE) this.#note(this.#copy(bytes), bytes.length, bytes.length);
    else this.#hand(bytes);
  }

  /** Copies short text of ASCII by itself: asking the platform's encoder takes longer. False if it is none. */
  #ascii(text: string): boolean {
    const { length } = text;
    if (this.#staged + length > this.#stageEnd) {
      this.drain();
      this.#turn();
    }
    const memory = this.#memory, at = this.#staged;
    for (let k = 0; k < length; k++) {
      const code = text.charCodeAt(k);
      if (code > 0x7f) return false;
      memory[at + k] = code;
    }
    this.#staged = at + length;
    this.#note(at, length, length);
    return true;
  }

  /** A whole number from 0 up. */
  integer(value: number): void {
    if (value > LARGEST) return this.text(String(value));
    let digits = 1;
    for (let rest = value; rest >= 10; rest = (rest / 10) | 0) digits++;
    this.digits(value, digits);
  }

  /** A whole number of at most 31 bits in this many digits. */
  digits(value: number, digits: number): void {
    this.#note(value, -digits, digits);
  }

  /** Hands on all that waits. */
  drain(): void {
    if (this.#noted > 0) this.#emit(this.#join());
  }

  /** Puts together all that waits, and gives it to the caller instead: good until the next call of anything here. */
  take(): Uint8Array {
    const bytes = this.#join();
    if (this.#stageEnd - this.#staged < HALF / 2) this.#turn();
    return bytes;
  }

  #join(): Uint8Array {
    this.#wasm.gather(this.#pieces, this.#pieces + this.#noted * 4, this.#out);
    const { length } = this;
    this.#noted = this.length = 0;
    return this.#memory.subarray(this.#out, this.#out + length);
  }

  /** The window that holds `buffer[start, end)`, if there is one. The last ones are the likeliest. */
  #find(buffer: Uint8Array, start: number, end: number): Window | undefined {
    for (let k = this.#next + WINDOWS - 1; k >= this.#next; k--) {
      const window = this.#windows[k & (WINDOWS - 1)]!;
      if (buffer === window.buffer && start >= window.from && end <= window.to) return window;
    }
    return undefined;
  }

  /** Copies what a buffer has from `start` on; the first time no more than was asked for. */
  #see(buffer: Uint8Array, start: number, end: number): void {
    const to = buffer === this.#ahead ? Math.min(buffer.length, start + WINDOW) : end;
    this.#ahead = buffer;
    const at = this.#copy(buffer.subarray(start, to));
    const window = this.#window = this.#windows[this.#next]!;
    this.#next = (this.#next + 1) & (WINDOWS - 1);
    window.buffer = buffer;
    window.from = start;
    window.to = to;
    window.known = end;
    window.shift = at - start;
  }

  #note(value: number, what: number, length: number): void {
    if (this.#noted === PIECES * 2 || this.length + length > OUT) this.drain();
    const list = this.#list, at = this.#noted;
    list[at] = value;
    list[at + 1] = what;
    this.#noted = at + 2;
    this.length += length;
  }

  /** Copies at most `WINDOW` bytes to where pieces are taken from. */
  #copy(bytes: Uint8Array): number {
    if (this.#staged + bytes.length > this.#stageEnd) {
      this.drain();
      this.#turn();
    }
    const at = this.#staged;
    this.#memory.set(bytes, at);
    this.#staged = at + bytes.length;
    return at;
  }

  /** Goes over to the other half of the stage, to which no piece may refer. */
  #turn(): void {
    const first = this.#stageEnd !== this.#stage + HALF;
    const start = this.#staged = first ? this.#stage : this.#stage + HALF;
    this.#stageEnd = start + HALF;
    for (const window of this.#windows) {
      const at = window.from + window.shift;
      if (at >= start && at < this.#stageEnd) window.buffer = undefined;
    }
  }

  #hand(bytes: Uint8Array): void {
    this.drain();
    this.#emit(bytes);
  }
}

function instantiate(): Exports {
  const module = new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64"));
  return new WebAssembly.Instance(module).exports as unknown as Exports;
}
