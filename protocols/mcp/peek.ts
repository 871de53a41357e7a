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
import { TextWindow } from "../text_window.ts";
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

/** Room past the end of the text: it is loaded sixty-four bytes at a time. */
const SLACK = 128;
/** How much of a large buffer is taken at once. */
const WINDOW = 32 * 1024;

const wasm = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64")))
  .exports as unknown as Exports;
let spans: Int32Array = new Int32Array();
const texts = new TextWindow(wasm, {
  size: WINDOW,
  slack: SLACK,
  onMemory: (memory) => spans = new Int32Array(memory, wasm.result(), FIELDS * 2),
});
/** What an offset in the text is less than one in the memory. */
let shift = 0;

/** Forgets what was copied. To be called at the start of each batch: until then no buffer seen before may change. */
export function forgetPeeked(): void {
  texts.forget();
}

/**
 * A bit (`1 << field`) for each field of the value in `bytes[start, end)`, which has to be valid JSON without space around
 * it; 0 for anything but an object.
 */
export function peek(bytes: Uint8Array, start: number, end: number): number {
  const at = texts.address(bytes, start, end);
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
