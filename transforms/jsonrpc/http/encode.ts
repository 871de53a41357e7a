/**
 * Text as bytes.
 *
 * @module
 */

const encoder = new TextEncoder();
/** Texts share buffers of this size: making one costs more than filling it. In bytes. */
const SHARED = 32 * 1024;
let slab = new Uint8Array(0);
let used = 0;

/** The text in UTF-8. */
export function encoded(text: string): Uint8Array {
  const most = text.length * 3;
  if (most > SHARED / 4) return encoder.encode(text);
  if (used + most > slab.length) {
    slab = new Uint8Array(SHARED);
    used = 0;
  }
  const start = used;
  used += encoder.encodeInto(text, slab.subarray(start)).written;
  return slab.subarray(start, used);
}
