// SPDX-License-Identifier: Apache-2.0
//
// Puts pieces of bytes together. Built into gather_wasm.ts by scripts/build_wasm.ts; gather.ts is its other half and
// says what lies where.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))

enum { LONG = 512 }; // from this many bytes on, the engine's own copy is faster

// If `length` is negative: the number `value` in that many digits.
struct piece {
  union { const uint8_t *from; uint32_t value; };
  int32_t length;
};
extern uint8_t __heap_base;

EXPORT(heap) const void *heap(void) { return &__heap_base; }

// Copies [piece, end) one after the other to `out`; gives the end of it. Loads and stores reach up to 31 bytes further.
EXPORT(gather) uint8_t *gather(const struct piece *piece, const struct piece *end, uint8_t *out) {
  for (; piece < end; piece++) {
    int32_t length = piece->length;
    if (length < 0) {
      uint32_t rest = piece->value;
      out -= length;
      for (uint8_t *at = out; length < 0; length++, rest /= 10) *--at = '0' + rest % 10;
    } else if (length >= LONG) {
      __builtin_memcpy(out, piece->from, length);
      out += length;
    } else {
      const uint8_t *from = piece->from;
      uint8_t *at = out;
      for (out += length; at < out; at += 32, from += 32) {
        v128_t first = wasm_v128_load(from), second = wasm_v128_load(from + 16);
        wasm_v128_store(at, first);
        wasm_v128_store(at + 16, second);
      }
    }
  }
  return out;
}
