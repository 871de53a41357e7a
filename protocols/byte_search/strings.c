// SPDX-License-Identifier: Apache-2.0
//
// Finds the strings of a JSON text in which something of a table lies. Built into strings_wasm.ts by
// scripts/build_wasm.ts; string_search.ts calls it.
//
// search.c tells that there is nothing in most texts as fast as it can be told; this says of the others where there is
// something. It looks by the same tables and in the same way, and asks after each place what was found there.

#include "search.c"

enum { MOST_STRINGS = 2048 };

// Read by string_search.ts as thirty-two-bit integers in this order.
struct string {
  uint32_t start, end; // offsets in the text, with the quotes
  uint32_t mask;       // what lies in it
  uint32_t value;      // of a member's name: offset of its value; otherwise 0
};

static struct {
  uint32_t all, outside; // what lies in any string, and what outside of all
  struct string strings[MOST_STRINGS + 1];
} result;

EXPORT(result) const void *result_at(void) { return &result; }

// Notes where strings are. Their number, or -1 if there are too many.
static int32_t list(at start, at end) {
  const v128_t quotes = wasm_i8x16_splat('"'), backslashes = wasm_i8x16_splat('\\');
  at skip = start;
  int32_t count = 0, inside = 0;
  for (at p = start; p < end; p += 16) {
    v128_t v = wasm_v128_load(p);
    uint32_t bits = wasm_i8x16_bitmask(wasm_v128_or(wasm_i8x16_eq(v, quotes), wasm_i8x16_eq(v, backslashes)));
    for (; bits; bits &= bits - 1) {
      at q = p + __builtin_ctz(bits);
      if (q < skip) continue;
      if (*q == '\\') {
        skip = q + 2;
        continue;
      }
      struct string *string = &result.strings[count];
      if (inside) {
        string->end = q + 1 - start;
        count++;
      } else {
        if (count == MOST_STRINGS) return -1;
        string->start = q - start;
        string->mask = 0;
      }
      inside = !inside;
    }
  }
  return inside ? -1 : count;
}

// What is found in order, and the last string that does not start after it.
struct finder {
  struct search search;
  int32_t count, near;
};

// What was found at p, if anything.
static inline void take(struct finder *f, at p) {
  if (!f->search.found) return;
  uint32_t offset = p - f->search.start;
  while (f->near + 1 < f->count && result.strings[f->near + 1].start <= offset) f->near++;
  if (f->near >= 0 && offset < result.strings[f->near].end) result.strings[f->near].mask |= f->search.found;
  else result.outside |= f->search.found;
  f->search.found = 0;
}

// Looks again where search() has seen that a window may end.
static inline void find_texts(struct finder *f) {
  struct search *s = &f->search;
  at p = s->start - (PLACES - 1);
  f->near = -1;
  for (const uint16_t *from = ends; p < s->end; p += 64, from += 4) {
    uint64_t bits;
    for (__builtin_memcpy(&bits, from, 8); bits; bits &= bits - 1) {
      at window = p + __builtin_ctzll(bits);
      if (!known(s->table, window)) continue;
      look(s, window);
      take(f, window);
    }
  }
}

static inline void find_numbers(struct finder *f) {
  struct search *s = &f->search;
  f->near = -1;
  for (at p = s->start + 3; p < s->end; p += 4) { // eight digits or more cover four bytes here
    int parts = 0;
    for (int k = 0; k < 4; k++) parts += digit(p[-k]) || separator(p[-k]);
    if (parts < 4 || p < s->walked) continue;
    walk(s, p);
    take(f, p);
  }
}

static inline void find_ibans(struct finder *f) {
  struct search *s = &f->search;
  f->near = -1;
  for (at p = s->start; p + 4 < s->end; p++) {
    if (!upper(p[0]) || !upper(p[1]) || !digit(p[2]) || !digit(p[3])) continue;
    look_iban(s, p);
    take(f, p);
  }
}

static uint32_t number_masks(const struct table *t) {
  uint32_t mask = 0;
  for (int k = 0; k < COUNTS; k++) mask |= t->digits[k].mask | t->groups[k].mask;
  return mask;
}

// Keeps those strings in which something lies, and those that are the values of such names.
static int32_t keep(at start, int32_t count) {
  struct string *to = result.strings;
  int wanted = 0;
  for (int32_t k = 0; k < count; k++) {
    struct string string = result.strings[k];
    if (!string.mask && !wanted) continue;
    wanted = 0;
    string.value = 0;
    if (string.mask) {
      at p = start + string.end;
      while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t') p++;
      if (*p == ':') {
        do p++;
        while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t');
        string.value = p - start;
        wanted = *p == '"';
      }
    }
    result.all |= string.mask;
    *to++ = string;
  }
  return to - result.strings;
}

// How many strings of the JSON text in [start, end) are worth a look; -1 if that cannot be told. search() has looked for
// the same in all of the same text just before, and has found `found`.
EXPORT(strings) int32_t strings(const struct table *t, at start, uint8_t *end, uint32_t found) {
  for (int k = 0; k < 3; k++) wasm_v128_store(end + 16 * k, wasm_i8x16_splat(0));
  result.all = result.outside = 0;
  int32_t count = list(start, end);
  if (count < 0) return -1;
  struct finder f = {{t, start, end, start, start, 1, 0}, count, -1};
  if (t->sets) find_texts(&f);
  if (found & number_masks(t)) find_numbers(&f);
  if (found & t->iban) find_ibans(&f);
  return keep(start, count);
}
