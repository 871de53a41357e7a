// SPDX-License-Identifier: Apache-2.0
//
// Chooses fingerprints of text. Built into prints_wasm.ts by scripts/build_wasm.ts; prints.ts is its other half and says
// what counts and what is chosen. Both loops have no branch that depends on what the text says, but for backslashes.

#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))

enum { STRETCH = 32, TEXT = 1 << 17 };

static uint8_t text[TEXT + 16], counts[256], plain[STRETCH + TEXT + 1];
static uint32_t ends[TEXT + 1], randoms[256]; // randoms[0] is 0, as what leaves the first stretches is 0
static uint32_t hashes[TEXT + 1], places[TEXT + 1], offsets[TEXT + 1];
static uint32_t length;

EXPORT(text) void *text_at(void) { return text; }
EXPORT(hashes) void *hashes_at(void) { return hashes; }
EXPORT(places) void *places_at(void) { return places; }
EXPORT(offsets) void *offsets_at(void) { return offsets; }
EXPORT(length) uint32_t length_of(void) { return length; }

EXPORT(prepare) void prepare(void) {
  uint32_t state = 0x2545f491;
  for (int c = 0; c < 256; c++) {
    if (c >= 'A' && c <= 'Z') counts[c] = c | 0x20;
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) counts[c] = c;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    randoms[c] = counts[c] ? state * 0x9e3779b1u : 0;
  }
}

// At a backslash: what it stands for counts for nothing.
static const uint8_t *escape(const uint8_t *p, const uint8_t *end) {
  while (p < end && *p == '\\') p++;
  if (p >= end) return p;
  switch (*p) {
    case 'u': return p + 5;
    case 'n': case 'r': case 't': case 'b': case 'f': return p + 1;
  }
  return p;
}

// Of the first `size` bytes of the text. Gives how many there are.
EXPORT(take) uint32_t take(uint32_t size) {
  const uint8_t *p = text, *end = text + size;
  uint32_t n = 0;
  while (p < end) {
    if (*p == '\\') {
      p = escape(p, end);
      continue;
    }
    uint8_t c = counts[*p++];
    plain[STRETCH + n] = c;
    ends[n] = p - text;
    n += c != 0;
  }
  uint32_t count = 0, hash = 0, before = 0;
  for (uint32_t k = 0; k < n; k++) {
    // 32 steps turn a number of 32 bits once around: what leaves does so as it came.
    hash = (hash << 1 | hash >> 31) ^ randoms[plain[STRETCH + k]] ^ randoms[plain[k]];
    uint32_t mixed = hash * 0x85ebca6bu; // the best bits of a product are on top
    hashes[count] = mixed;
    places[count] = k;
    count += (mixed >> 29 == 0) & (mixed != before) & (k >= STRETCH - 1);
    before = mixed;
  }
  for (uint32_t k = 0; k < count; k++) offsets[k] = ends[places[k]++];
  length = n;
  return count;
}
