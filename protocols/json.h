// SPDX-License-Identifier: Apache-2.0
//
// Walks over JSON in linear memory. RFC 8259 to the letter: it accepts what JSON.parse accepts once the bytes are decoded as
// UTF-8, and nothing else. No recursion, no allocation. Included by the programs that look into JSON.
//
// The byte after the text is set to NUL while it is scanned. NUL can stand nowhere in JSON, so whatever runs into it
// stops there, and nothing else has to look for the end. Loads may reach 64 bytes past it.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
typedef const uint8_t *at; // a place in the text; 0 is "failed, see error"

enum { BLANK = 0, OBJECT = 1, ARRAY = 2, OTHER = 3 };         // what was found
enum { INVALID_JSON = -1, INVALID_UTF8 = -2, TOO_DEEP = -3 }; // or why not
enum { MAX_DEPTH = 4096 };

static int32_t error, breaks;
static uint8_t open[MAX_DEPTH]; // the containers around the current one, outermost first: 1 for an object

static at fail(int32_t reason) { error = reason; return 0; }

static inline at space(at p) {
  while (*p <= ' ') {
    if (*p == '\n' || *p == '\r') breaks = 1;
    else if (*p != ' ' && *p != '\t') break;
    p++;
  }
  return p;
}

static inline int hex(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The rest of a character that is not ASCII; Unicode 15, table 3-7.
static __attribute__((noinline)) at utf8(at p) {
  uint8_t lead = *p++, low = 0x80, high = 0xbf;
  int rest = 1;
  if (lead < 0xc2 || lead > 0xf4) return fail(INVALID_UTF8);
  if (lead >= 0xf0) {
    rest = 3;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  } else if (lead >= 0xe0) {
    rest = 2;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  }
  if (*p < low || *p > high) return fail(INVALID_UTF8);
  for (p++; --rest; p++)
    if ((*p & 0xc0) != 0x80) return fail(INVALID_UTF8);
  return p;
}

static inline at escape(at p) { // at the backslash
  switch (p[1]) {
    case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': return p + 2;
    case 'u':
      if (hex(p[2]) >= 0 && hex(p[3]) >= 0 && hex(p[4]) >= 0 && hex(p[5]) >= 0) return p + 6;
  }
  return fail(INVALID_JSON);
}

// Volatile, to be loaded: the engine makes constants anew in three instructions where they are used.
#define SIXTEEN(word) {word, word, word, word}
static const volatile v128_t lowest = SIXTEEN(0x20202020);
static const volatile v128_t quotes = SIXTEEN(0x22222222), backslashes = SIXTEEN(0x5c5c5c5c);

// A bit for each of sixteen bytes that is more than a part of a string.
static inline uint32_t special(at p) {
  v128_t v = wasm_v128_load(p);
  v128_t odd = wasm_i8x16_lt(v, lowest); // signed: control characters, and what is not ASCII
  v128_t quote = wasm_i8x16_eq(v, quotes), backslash = wasm_i8x16_eq(v, backslashes);
  return wasm_i8x16_bitmask(wasm_v128_or(odd, wasm_v128_or(quote, backslash)));
}

// The same for sixty-four bytes.
static inline uint64_t specials(at p) {
  uint64_t low = special(p) | special(p + 16) << 16, high = special(p + 32) | special(p + 48) << 16;
  return low | high << 32;
}

// What is special from `from` on.
struct block {
  at from;
  uint64_t bits;
};

// The first special byte from `p` on. Each string begins where the block is, or soon behind it.
static inline at stop(at p, struct block *block) {
  uint32_t passed = p - block->from;
  uint64_t bits = passed < 64 ? block->bits >> passed : 0;
  if (bits == 0) {
    if (passed < 64) p = block->from + 64;
    while ((bits = specials(p)) == 0) p += 64;
    block->from = p;
    block->bits = bits;
  }
  return p + __builtin_ctzll(bits);
}

// Anywhere in a string, at a special byte that is no quote.
static __attribute__((noinline)) at rest(at p) {
  struct block block = {p, specials(p)};
  for (;;) {
    if (*p == '"') return p + 1;
    if (*p == '\\') p = escape(p);
    else if (*p >= 0x80) p = utf8(p);
    else return fail(INVALID_JSON);
    if (!p) return 0;
    p = stop(p, &block);
  }
}

// Just past the opening quote. Most strings are short and plain.
static inline at string(at p, struct block *block) {
  p = stop(p, block);
  return *p == '"' ? p + 1 : rest(p);
}

static inline int digit(uint8_t c) { return (uint8_t)(c - '0') < 10; }

static inline at digits(at p) {
  if (!digit(*p)) return fail(INVALID_JSON);
  while (digit(*p)) p++;
  return p;
}

static inline at number(at p) {
  if (*p == '-') p++;
  if (*p == '0') p++;
  else if (!(p = digits(p))) return 0;
  if (*p == '.' && !(p = digits(p + 1))) return 0;
  if ((*p | 0x20) == 'e') {
    p++;
    if (*p == '+' || *p == '-') p++;
    return digits(p);
  }
  return p;
}

static inline int is4(at p, char a, char b, char c, char d) {
  uint32_t word;
  __builtin_memcpy(&word, p, 4);
  return word == ((uint32_t)a | (uint32_t)b << 8 | (uint32_t)c << 16 | (uint32_t)d << 24);
}

static at word(at p) {
  if (is4(p, 't', 'r', 'u', 'e') || is4(p, 'n', 'u', 'l', 'l')) return p + 4;
  if (is4(p, 'f', 'a', 'l', 's') && p[4] == 'e') return p + 5;
  return fail(INVALID_JSON);
}

static at value(at p, int32_t depth, struct block *around) {
  struct block block = *around;
  int32_t level = 0;
  uint8_t object = 0;

value:
  switch (*p) {
    case '"':
      if (!(p = string(p + 1, &block))) return 0;
      break;
    case '{':
    case '[': {
      uint8_t c = *p;
      if (level >= depth) return fail(TOO_DEEP);
      p = space(p + 1);
      if (*p == c + 2) { // empty: ']' and '}' lie two after '[' and '{'
        p++;
        break;
      }
      open[level++] = object;
      object = c == '{';
      if (object) goto name;
      goto value;
    }
    case 't': case 'f': case 'n':
      if (!(p = word(p))) return 0;
      break;
    default:
      if (!(p = number(p))) return 0;
  }

after:
  if (level == 0) {
    *around = block;
    return p;
  }
  if (*p != ',') p = space(p);
  if (*p == ',') {
    p = space(p + 1);
    if (object) goto name;
    goto value;
  }
  if (*p++ != (object ? '}' : ']')) return fail(INVALID_JSON);
  object = open[--level];
  goto after;

name:
  if (*p != '"') return fail(INVALID_JSON);
  if (!(p = string(p + 1, &block))) return 0;
  if (*p != ':' && *(p = space(p)) != ':') return fail(INVALID_JSON);
  p = space(p + 1);
  goto value;
}

static inline uint64_t eight(at p) {
  uint64_t word;
  __builtin_memcpy(&word, p, 8);
  return word;
}
