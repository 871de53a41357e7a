/**
 * Finds what says the kind of a message in its params or result, without parsing them: `_meta`, progress tokens, tasks,
 * the outcome. The work is done by `peek.c`, built to WebAssembly with SIMD: some 100 ns for 300 bytes, where
 * `JSON.parse` takes 1 µs.
 *
 * All of it is synchronous and keeps one result that each {@linkcode peek} overwrites.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { WASM_BASE64 } from "./peek_wasm.ts";

/** The members that are looked for: the object's own, then those of its `_meta`. The order is that of `peek.c`. */
export const Field = {
  meta: 0,
  task: 1,
  taskId: 2,
  status: 3,
  requestState: 4,
  inputResponses: 5,
  inputRequests: 6,
  resultType: 7,
  isError: 8,
  progressToken: 9,
  requestId: 10,
  name: 11,
  uri: 12,
  metaProgressToken: 13,
  metaTraceparent: 14,
  metaTracestate: 15,
  metaProtocolVersion: 16,
  metaClientInfo: 17,
  metaClientCapabilities: 18,
  metaServerInfo: 19,
  metaRelatedTask: 20,
} as const;
/** One of the values of {@linkcode Field}. */
export type Field = typeof Field[keyof typeof Field];

/** How many fields there are. */
const FIELDS = 21;

interface Exports {
  readonly memory: WebAssembly.Memory;
  result(): number;
  heap(): number;
  peek(start: number, end: number): number;
}

const PAGE = 65_536;
/** Room past the end of the text: it is loaded sixty-four bytes at a time. */
const SLACK = 128;
/** How much of a large buffer is taken at once. */
const WINDOW = 32 * 1024;

const wasm = instantiate();
/** Where a part of a large buffer is kept; any other text goes behind it. */
const window = (wasm.heap() + 15) & ~15;
const single = window + WINDOW + SLACK;
wasm.memory.grow(Math.ceil((WINDOW + 2 * SLACK) / PAGE));
let memory = new Uint8Array(wasm.memory.buffer);
let spans = new Int32Array(wasm.memory.buffer, wasm.result(), FIELDS * 2);
/** What of which buffer lies at `window`. */
let owner: Uint8Array | undefined;
let windowFrom = 0, windowTo = 0;
/** What an offset in the text is less than one in the memory. */
let shift = 0;

function instantiate(): Exports {
  const module = new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64"));
  return new WebAssembly.Instance(module).exports as unknown as Exports;
}

/** Forgets what was copied. To be called at the start of each batch: until then no buffer seen before may change. */
export function forgetPeeked(): void {
  owner = undefined;
}

/**
 * A bit (`1 << field`) for each field of the value in `bytes[start, end)`, which has to be valid JSON without space around
 * it; 0 for anything but an object.
 */
export function peek(bytes: Uint8Array, start: number, end: number): number {
  let at: number;
  if (bytes === owner && start >= windowFrom && end <= windowTo) at = window + start - windowFrom;
  else at = bytes.length > WINDOW && end - start <= WINDOW ? slide(bytes, start, end) : load(bytes, start, end);
  shift = start - at;
  return wasm.peek(at, at + end - start);
}

/** Where the value of a field that the last {@linkcode peek} found starts. */
export function peekedFrom(field: Field): number {
  return spans[field * 2]! + shift;
}

/** Where it ends. */
export function peekedTo(field: Field): number {
  return spans[field * 2 + 1]! + shift;
}

/** Moves the window: the first time just over the text, then ahead of it. */
function slide(bytes: Uint8Array, start: number, end: number): number {
  windowTo = bytes === owner ? Math.min(bytes.length, start + WINDOW) : end;
  windowFrom = start;
  owner = bytes;
  memory.set(bytes.subarray(windowFrom, windowTo), window);
  return window;
}

function load(bytes: Uint8Array, start: number, end: number): number {
  const missing = single + end - start + SLACK - memory.length;
  if (missing > 0) {
    wasm.memory.grow(Math.ceil(missing / PAGE));
    memory = new Uint8Array(wasm.memory.buffer);
    spans = new Int32Array(wasm.memory.buffer, wasm.result(), FIELDS * 2);
  }
  memory.set(bytes.subarray(start, end), single);
  return single;
}
