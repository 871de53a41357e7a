// SPDX-License-Identifier: Apache-2.0
//
// Looks for many short texts at once. Built into search_wasm.ts by scripts/build_wasm.ts; _table.ts makes the tables, and
// byte_search.ts calls it.
//
// Each text is known by a window of four bytes of it. Windows are put into buckets of like ones; a bucket has a bit, and
// for each place of the window two tables say which buckets may have such a byte there (the filter of Hyperscan's Teddy:
// X. Wang et al., NSDI 2019). Where all four agree, a hash of the window finds the texts.
//
// Teddy's tables are by a byte's low and by its high half. Of letters the high half says little, so the second table here is
// by bits 2 and 3 of the byte and by which of four rows of ASCII it is in (_cells.ts).
//
// 48 bytes after the text are NUL meanwhile. Loads reach no further.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
typedef const uint8_t *at; // a place in the text

enum { WINDOW = 65536, PLACES = 4, SLOTS = 2048, KNOWN_BITS = 15, COUNTS = 8, MIN_BBAN = 11, MAX_USER_INFO = 2048,
       NAMES = 1024, LONGEST_NAME = 12, MOST_PASSED = 12 };

struct count { uint32_t value, mask; };

struct entry {
  uint32_t window, keep; // four bytes, 0x20 set in each, of which `keep` has those that count
  uint32_t mask;
  uint16_t text, length; // offset in the pool
  uint16_t before;       // of the window in the text
  uint16_t next;         // number of the next entry of the same slot, 0 for none
  uint16_t not_after;    // offset in the pool of length, text, length, text, 0; or 0
  uint16_t user_info;    // 1: only if a user and an @ follow
};

// Written by _table.ts in this order.
struct table {
  uint8_t low[2][PLACES][16], cell[2][PLACES][16];
  uint32_t sets, kept; // kept: a bit for each length of windows that there are, bit 0 for 1
  uint32_t numbers, characters; // whether there are such: digits, groups, iban; non_ascii, escape, foreign
  uint32_t non_ascii, escape, iban, foreign, chained;
  struct count digits[COUNTS], groups[COUNTS];
  uint32_t entries, pool, names; // offsets from the table
  uint16_t slots[SLOTS];
  // A bit for the hash of each window of four bytes, and of each three bytes that a shorter one may stand in.
  uint8_t whole[1 << KNOWN_BITS >> 3], shorter[1 << KNOWN_BITS >> 3];
};

extern uint8_t __heap_base;
EXPORT(heap) const void *heap(void) { return &__heap_base; }

struct search {
  const struct table *table;
  at start, end, fresh, walked; // walked: up to where runs of digits have been counted
  int last;
  uint32_t found;
};

static inline int digit(uint8_t c) { return (uint8_t)(c - '0') < 10; }
static inline int upper(uint8_t c) { return (uint8_t)(c - 'A') < 26; }
static inline int separator(uint8_t c) { return c == ' ' || c == '-'; }
static inline uint8_t lower(uint8_t c) { return upper(c) ? c | 0x20 : c; }

static int same(at p, const uint8_t *text, uint32_t length) {
  for (uint32_t k = 0; k < length; k++)
    if (lower(p[k]) != text[k]) return 0;
  return 1;
}

static int allowed(const struct search *s, at p, const uint8_t *not_after) {
  for (uint32_t length; (length = *not_after++); not_after += length)
    if (p - s->start >= (int32_t)length && same(p - length, not_after, length)) return 0;
  return 1;
}

// Whether an @ stands in the authority of a URL that starts at p.
static int has_user_info(const struct search *s, at p) {
  for (int k = 0; k < MAX_USER_INFO && p < s->end; k++, p++) {
    if (*p == '@') return p >= s->fresh;
    switch (*p) {
      case '/': case '?': case '#': case '"': case '\'': case '`': case '<': case '>': case '\\': return 0;
    }
    if (*p <= ' ') return 0;
  }
  return 0;
}

static inline uint32_t hash(uint32_t window) { return window * 0x9e3779b1u; }

static inline int known(const struct table *t, at p) {
  uint32_t word;
  __builtin_memcpy(&word, p, 4);
  word |= 0x20202020;
  uint32_t whole = hash(word) >> (32 - KNOWN_BITS), shorter = hash(word & 0xffffff) >> (32 - KNOWN_BITS);
  return (t->whole[whole >> 3] >> (whole & 7) | t->shorter[shorter >> 3] >> (shorter & 7)) & 1;
}

static const uint32_t keeps[] = {0xff, 0xffff, 0xffffff, 0xffffffff};

// A window may start at p.
static __attribute__((noinline)) void look(struct search *s, at p) {
  const struct table *t = s->table;
  const struct entry *entries = (const void *)((at)t + t->entries);
  at pool = (at)t + t->pool;
  uint32_t word;
  __builtin_memcpy(&word, p, 4);
  word |= 0x20202020;
  for (uint32_t kept = t->kept; kept; kept &= kept - 1) {
    uint32_t window = word & keeps[__builtin_ctz(kept)];
    uint32_t slot = hash(window) >> 21;
    for (uint32_t k = t->slots[slot]; k; k = entries[k].next) {
      const struct entry *e = &entries[k];
      if (e->window != (word & e->keep) || !(e->mask & ~s->found)) continue;
      at text = p - e->before, end = text + e->length;
      if (text < s->start || end > s->end || !same(text, pool + e->text, e->length)) continue;
      if (e->user_info ? !has_user_info(s, end) : end <= s->fresh) continue;
      if (!e->not_after || allowed(s, text, pool + e->not_after)) s->found |= e->mask;
    }
  }
}

// Counts the digits of the run that has a part at p.
static __attribute__((noinline)) void walk(struct search *s, at p) {
  const struct table *t = s->table;
  if (p < s->walked) p = s->walked;
  while (p > s->walked && (digit(p[-1]) || separator(p[-1]))) p--;
  uint32_t count = 0, lengths = 0;
  at last = p - 3;
  for (; p < s->end && (digit(*p) || separator(*p)); p++) {
    if (!digit(*p)) continue;
    if (last == p - 1) {
      count++;
      if ((lengths & 15) < 15) lengths++;
    } else {
      int joined = last == p - 2;
      count = joined ? count + 1 : 1;
      lengths = joined ? (lengths & 0xff) << 4 | 1 : 1;
    }
    last = p;
    if (p < s->fresh) continue;
    for (int k = 0; k < COUNTS && t->digits[k].value; k++)
      if (count >= t->digits[k].value) s->found |= t->digits[k].mask;
    if (!digit(p[1]) && (p + 1 < s->end || s->last))
      for (int k = 0; k < COUNTS && t->groups[k].value; k++)
        if (lengths == t->groups[k].value) s->found |= t->groups[k].mask;
  }
  s->walked = p;
}

static __attribute__((noinline)) void look_iban(struct search *s, at p) { // two capitals and two digits are there
  int count = 0;
  for (p += 4; p < s->end && count < MIN_BBAN; p++) {
    if (digit(*p) || upper(*p)) count++;
    else if (*p != ' ' || p[-1] == ' ') return;
  }
  if (count == MIN_BBAN && p > s->fresh) s->found |= s->table->iban;
}

// Whether a UTF-16 code unit is of another script or invisible. High surrogates of plane 1 are those of emoji, but for the
// mathematical letters; low ones say nothing.
static int foreign(uint32_t c) {
  if (c < 0x180) return c == 0x1b || c == 0xad || c == 0x9b;
  if (c < 0x2000) return 1;
  if (c < 0x2c00) // punctuation, currencies, arrows, signs, boxes: all but the invisible and the enclosed letters
    return (c >= 0x200b && c <= 0x200f && c != 0x200d) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c < 0x20a0) ||
           (c >= 0x2460 && c < 0x2500);
  if (c >= 0xd800 && c < 0xe000) return c < 0xdc00 && c != 0xd83c && c != 0xd83d && c != 0xd83e;
  return c != 0xfe0f && c != 0xfeff && c != 0xfffd;
}

static __attribute__((noinline)) void look_escape(struct search *s, at p) { // a backslash and `u` are there
  if (p + 6 > s->end || p + 6 <= s->fresh) return;
  uint32_t code = 0;
  for (int k = 2; k < 6; k++) {
    uint8_t c = p[k];
    if (!digit(c) && (uint8_t)((c | 0x20) - 'a') > 5) return;
    code = code << 4 | (digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  s->found |= s->table->escape;
  if (s->table->foreign & ~s->found && foreign(code)) s->found |= s->table->foreign;
}

static __attribute__((noinline)) void look_foreign(struct search *s, at p) { // the first byte of a character is there
  uint8_t c = *p;
  int length = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4, is;
  if (p + length > s->end) return;
  if (length == 2) is = foreign((c & 31) << 6 | (p[1] & 63));
  else if (length == 3) is = foreign((c & 15) << 12 | (p[1] & 63) << 6 | (p[2] & 63));
  else is = c != 0xf0 || p[1] != 0x9f || p[2] < 0x80; // emoji are in plane 1 from U+1F000 on
  if (is) s->found |= s->table->foreign;
}

static int named(const struct table *t, uint32_t name) {
  const uint32_t *names = (const void *)((at)t + t->names);
  for (uint32_t k = name; names[k % NAMES]; k++)
    if (names[k % NAMES] == name) return 1;
  return 0;
}

// Whether a program's name or a path stands at p, after spaces, quotation marks and brackets, escaped ones too.
static int leads(const struct search *s, at p) {
  for (at from = p; p < s->end && p - from < MOST_PASSED;)
    if (*p == '\\') p += 2;
    else if (*p == ' ' || *p == '\'' || *p == '(') p++;
    else break;
  if (p >= s->end) return 0;
  if (*p == '/' || *p == '.' || *p == '~' || *p == '$' || *p == '!') return 1;
  uint32_t name = 0x811c9dc5; // FNV-1a
  at to = p + LONGEST_NAME;
  for (; p < to; p++) {
    uint8_t c = upper(*p) ? *p | 0x20 : *p;
    if ((uint8_t)(c - 'a') >= 26 && !digit(c)) {
      if (c == '/' || c == '\\' || c == '(') return 1; // a path or a function
      break;
    }
    name = (name ^ c) * 0x01000193;
  }
  return named(s->table, name | 1);
}

// Whether output goes to a path.
static int redirects(at p) {
  if (*p == '>') p++;
  for (int k = 0; k < 4; k++)
    if (*p == ' ') p++;
    else if (*p == '\\' && (p[1] == 'n' || p[1] == 't' || p[1] == 'r')) p += 2;
    else break;
  return *p == '/' || *p == '~' || (*p == '\\' && p[1] == '/') || ((uint8_t)((*p | 0x20) - 'a') < 26 && p[1] == ':');
}

static __attribute__((noinline)) void look_chained(struct search *s, at p) { // one of ; | & ` $ < > and backslash is there
  int is;
  switch (*p) {
    case '$': is = p[1] == '(' || p[1] == '{' || p[1] == '\'' || (p[1] | 0x20) == 'i'; break;
    case '<': is = p[1] == '('; break;
    case '>': is = redirects(p + 1); break;
    case '\\': {
      if (p[1] != 'n' && p[1] != 'r') return;
      at first = p;
      while (first > s->start && first[-1] == '\\') first--;
      is = (p - first) % 2 == 0 && leads(s, p + 2);
      break;
    }
    default: is = leads(s, p + 1);
  }
  if (is) s->found |= s->table->chained;
}

// The sixteen bytes that end n before v's end, given the sixteen before v.
#define BACK_1(before, v) wasm_i8x16_shuffle(before, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
#define BACK_2(before, v) wasm_i8x16_shuffle(before, v, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
#define BACK_3(before, v) wasm_i8x16_shuffle(before, v, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28)

// A bit for each byte where a window may end. Found for all of the text before any is looked at: a branch for each would
// be mispredicted half of the time.
static uint16_t ends[WINDOW / 16 + 4];

static inline void filter(const struct table *t, int set, at p, at end) {
  // By the high half: signs and what is no character of ASCII, digits, the first letters, the last ones.
  const v128_t rows = wasm_i8x16_make(0, 0, 0, 1, 2, 3, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0);
  v128_t low[PLACES], cell[PLACES], before[PLACES];
  for (int k = 0; k < PLACES; k++) {
    low[k] = wasm_v128_load(t->low[set][k]);
    cell[k] = wasm_v128_load(t->cell[set][k]);
    before[k] = wasm_i8x16_splat(0);
  }
  const v128_t none = wasm_i8x16_splat(0), half = wasm_i8x16_splat(15), group = wasm_i8x16_splat(12);
  for (uint16_t *to = ends; p < end; p += 16, to++) {
    v128_t v = wasm_v128_load(p), lows = wasm_v128_and(v, half), now[PLACES];
    v128_t cells = wasm_v128_or(wasm_v128_and(v, group), wasm_i8x16_swizzle(rows, wasm_u8x16_shr(v, 4)));
    for (int k = 0; k < PLACES; k++)
      now[k] = wasm_v128_and(wasm_i8x16_swizzle(low[k], lows), wasm_i8x16_swizzle(cell[k], cells));
    v128_t first = wasm_v128_and(BACK_3(before[0], now[0]), BACK_2(before[1], now[1]));
    v128_t last = wasm_v128_and(BACK_1(before[2], now[2]), now[3]);
    for (int k = 0; k < PLACES; k++) before[k] = now[k];
    uint16_t bits = ~wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_and(first, last), none));
    *to = set ? *to | bits : bits;
  }
}

static inline void look_at_windows(struct search *s) {
  const struct table *t = s->table;
  at p = s->start - (PLACES - 1);
  for (const uint16_t *from = ends; p < s->end; p += 64, from += 4) {
    uint64_t bits;
    for (__builtin_memcpy(&bits, from, 8); bits; bits &= bits - 1) {
      at window = p + __builtin_ctzll(bits);
      if (known(t, window)) look(s, window);
    }
  }
}

static inline void look_for_numbers(struct search *s) {
  v128_t digits_before = wasm_i8x16_splat(0), uppers_before = digits_before;
  for (at p = s->start; p < s->end; p += 16) {
    v128_t v = wasm_v128_load(p);
    v128_t digits = wasm_v128_and(wasm_i8x16_gt(v, wasm_i8x16_splat('0' - 1)), wasm_i8x16_lt(v, wasm_i8x16_splat('9' + 1)));
    // Eight digits or more cover four bytes that start at a multiple of four.
    v128_t parts = wasm_v128_or(wasm_i8x16_eq(v, wasm_i8x16_splat(' ')), wasm_i8x16_eq(v, wasm_i8x16_splat('-')));
    v128_t four = wasm_v128_and(wasm_i32x4_eq(wasm_v128_or(parts, digits), wasm_i32x4_splat(-1)), digits);
    v128_t uppers = wasm_v128_and(wasm_i8x16_gt(v, wasm_i8x16_splat('A' - 1)), wasm_i8x16_lt(v, wasm_i8x16_splat('Z' + 1)));
    v128_t iban = wasm_v128_and(wasm_v128_and(BACK_3(uppers_before, uppers), BACK_2(uppers_before, uppers)),
                                wasm_v128_and(BACK_1(digits_before, digits), digits));
    uppers_before = uppers;
    digits_before = digits;
    if (!wasm_v128_any_true(wasm_v128_or(four, iban))) continue;
    for (uint32_t bits = wasm_i8x16_bitmask(four); bits; bits &= bits - 1)
      if (p + __builtin_ctz(bits) >= s->walked) walk(s, p + __builtin_ctz(bits));
    for (uint32_t bits = wasm_i8x16_bitmask(iban); bits; bits &= bits - 1) look_iban(s, p + __builtin_ctz(bits) - 3);
  }
}

static inline void look_for_characters(struct search *s) {
  const struct table *t = s->table;
  v128_t high_bits = wasm_i8x16_splat(0);
  for (at p = s->start; p < s->end; p += 16) {
    v128_t v = wasm_v128_load(p);
    high_bits = wasm_v128_or(high_bits, v);
    v128_t escape = wasm_v128_and(wasm_i8x16_eq(v, wasm_i8x16_splat('\\')),
                                  wasm_i8x16_eq(wasm_v128_load(p + 1), wasm_i8x16_splat('u')));
    uint32_t marked = wasm_i8x16_bitmask(wasm_v128_or(v, escape));
    if (!marked) continue;
    for (uint32_t bits = wasm_i8x16_bitmask(escape); bits; bits &= bits - 1) look_escape(s, p + __builtin_ctz(bits));
    if (!(t->foreign & ~s->found)) continue;
    // Of others the first bytes are C3 to C5, which begin Latin letters.
    v128_t firsts = wasm_v128_or(wasm_u8x16_gt(v, wasm_i8x16_splat((char)0xc5)), wasm_i8x16_eq(v, wasm_i8x16_splat((char)0xc2)));
    for (uint32_t bits = wasm_i8x16_bitmask(firsts); bits; bits &= bits - 1) look_foreign(s, p + __builtin_ctz(bits));
  }
  if (wasm_i8x16_bitmask(high_bits)) s->found |= t->non_ascii;
}

static inline void look_for_chained(struct search *s) {
  // By the halves of a byte: 1 for $ and &, 2 for ; < >, 4 for backslash and |, 8 for `.
  const v128_t low = wasm_i8x16_make(8, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 2, 2 | 4, 0, 2, 0);
  const v128_t high = wasm_i8x16_make(0, 0, 1, 2, 0, 4, 8, 4, 0, 0, 0, 0, 0, 0, 0, 0);
  const v128_t none = wasm_i8x16_splat(0), half = wasm_i8x16_splat(15);
  for (at p = s->start; p < s->end && s->table->chained & ~s->found; p += 16) {
    v128_t v = wasm_v128_load(p);
    v128_t signs = wasm_v128_and(wasm_i8x16_swizzle(low, wasm_v128_and(v, half)), wasm_i8x16_swizzle(high, wasm_u8x16_shr(v, 4)));
    for (uint32_t bits = ~wasm_i8x16_bitmask(wasm_i8x16_eq(signs, none)) & 0xffff; bits; bits &= bits - 1)
      look_chained(s, p + __builtin_ctz(bits));
  }
}

// What of the table lies in [start, end), at most WINDOW bytes: a bit for each group. Only what ends after `fresh` counts;
// `last` is 0 if the text goes on after `end`.
EXPORT(search) uint32_t search(const struct table *t, at start, uint8_t *end, at fresh, int last) {
  v128_t after[3]; // another text may follow, which is to be looked at later
  for (int k = 0; k < 3; k++) {
    after[k] = wasm_v128_load(end + 16 * k);
    wasm_v128_store(end + 16 * k, wasm_i8x16_splat(0));
  }
  struct search s = {t, start, end, fresh, start, last, 0};
  if (t->sets) {
    at to = end + PLACES - 1;
    filter(t, 0, start, to);
    if (t->sets > 1) filter(t, 1, start, to);
    uint32_t blocks = (to - start + 15) / 16;
    for (int k = 0; k < 3; k++) ends[blocks + k] = 0;
    look_at_windows(&s);
  }
  if (t->numbers) look_for_numbers(&s);
  if (t->characters) look_for_characters(&s);
  if (t->chained) look_for_chained(&s);
  for (int k = 0; k < 3; k++) wasm_v128_store(end + 16 * k, after[k]);
  return s.found;
}
