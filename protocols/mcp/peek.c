// SPDX-License-Identifier: Apache-2.0
//
// Finds the members of a message's params or result that say what kind of message it is, without parsing the rest. The
// text is known to be valid JSON. Built into peek_wasm.ts by scripts/build_wasm.ts; peek.ts is its other half.
//
// The byte after the text is set to NUL meanwhile. Loads may reach 80 bytes past it.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
typedef const uint8_t *at;

// In the order of FIELDS in peek.ts: those of the object itself, then those of its `_meta`.
static const char *const names[] = {
    "_meta", "task", "taskId", "status", "requestState", "inputResponses", "inputRequests", "resultType", "isError",
    "progressToken", "requestId", "name", "uri",
    "progressToken", "traceparent", "tracestate", "io.modelcontextprotocol/protocolVersion",
    "io.modelcontextprotocol/clientInfo", "io.modelcontextprotocol/clientCapabilities",
    "io.modelcontextprotocol/serverInfo", "io.modelcontextprotocol/related-task",
};
enum { META = 0, OWN = 13, ALL = 21 };

static struct { at from, to; } spans[ALL];
static uint8_t lengths[ALL];
static uint32_t found;
extern uint8_t __heap_base;

EXPORT(result) const void *result(void) { return &spans; }
EXPORT(heap) const void *heap(void) { return &__heap_base; }

static inline at space(at p) {
  while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t') p++;
  return p;
}

// Past the closing quote, from just past the opening one. Sets *escaped if there is a backslash.
static inline at string(at p, int *escaped) {
  for (;;) {
    v128_t bytes = wasm_v128_load(p);
    v128_t either = wasm_v128_or(wasm_i8x16_eq(bytes, wasm_u8x16_splat('"')), wasm_i8x16_eq(bytes, wasm_u8x16_splat('\\')));
    uint32_t bits = wasm_i8x16_bitmask(wasm_v128_or(either, wasm_i8x16_eq(bytes, wasm_u8x16_splat(0))));
    if (bits == 0) {
      p += 16;
      continue;
    }
    p += __builtin_ctz(bits);
    if (*p == '"') return p + 1;
    if (*p == 0) return p;
    *escaped = 1;
    if (p[1] == 0) return p + 1;
    p += 2;
  }
}

static inline uint64_t word(v128_t a, v128_t b, v128_t c, v128_t d) { // a bit for each of sixty-four bytes
  return (uint64_t)wasm_i8x16_bitmask(a) | (uint64_t)wasm_i8x16_bitmask(b) << 16 |
         (uint64_t)wasm_i8x16_bitmask(c) << 32 | (uint64_t)wasm_i8x16_bitmask(d) << 48;
}

#define EACH(test, byte)                                                                                              \
  word(wasm_i8x16_eq(test(0), byte), wasm_i8x16_eq(test(1), byte), wasm_i8x16_eq(test(2), byte),                       \
       wasm_i8x16_eq(test(3), byte))
#define PLAIN(k) bytes[k]
#define FOLDED(k) wasm_v128_or(bytes[k], fold) // '[' becomes '{', ']' becomes '}'

// Volatile, to be loaded: the engine makes constants anew where they are used.
#define SIXTEEN(four) {four, four, four, four}
static const volatile v128_t folds = SIXTEEN(0x20202020), quotes = SIXTEEN(0x22222222);
static const volatile v128_t backslashes = SIXTEEN(0x5c5c5c5c), opening = SIXTEEN(0x7b7b7b7b), closing = SIXTEEN(0x7d7d7d7d);

// Past the object or array that `p` is in, sixty-four bytes at a time.
static at rest(at p, at end) {
  int32_t depth = 1;
  uint64_t inside = 0, escaped = 0; // all bits if the last byte was in a string; one if it was a backslash that counts
  v128_t fold = folds, quote = quotes, backslash = backslashes, open = opening, close = closing;
  for (; p < end; p += 64) {
    v128_t bytes[4] = {wasm_v128_load(p), wasm_v128_load(p + 16), wasm_v128_load(p + 32), wasm_v128_load(p + 48)};
    uint64_t marks = EACH(PLAIN, quote), slashes = EACH(PLAIN, backslash);
    if ((slashes | escaped) != 0) {
      marks &= ~escaped;
      slashes &= ~escaped;
      escaped = 0;
      while (slashes != 0) {
        uint64_t first = slashes & -slashes, next = first << 1;
        if (next == 0) escaped = 1;
        marks &= ~next;
        slashes &= ~(first | next);
      }
    }
    uint64_t strings = marks ^ marks << 1; // bits from an opening quote up to its closing one
    strings ^= strings << 2;
    strings ^= strings << 4;
    strings ^= strings << 8;
    strings ^= strings << 16;
    strings ^= strings << 32;
    strings ^= inside;
    inside = (uint64_t)((int64_t)strings >> 63);
    uint64_t opens = EACH(FOLDED, open) & ~strings, closes = EACH(FOLDED, close) & ~strings;
    int32_t fewer = __builtin_popcountll(closes);
    if (fewer < depth) {
      depth += __builtin_popcountll(opens) - fewer;
      continue;
    }
    for (uint64_t both = opens | closes; both != 0; both &= both - 1) {
      if ((opens & both & -both) != 0) depth++;
      else if (--depth == 0) return p + __builtin_ctzll(both) + 1;
    }
  }
  return end;
}

static inline at value(at p, at end) {
  int escaped;
  if (*p == '"') return string(p + 1, &escaped);
  if (*p == '{' || *p == '[') return rest(p + 1, end);
  while (*p > ' ' && *p != ',' && *p != '}' && *p != ']') p++;
  return p;
}

static inline int hex(uint8_t c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

// True if the content [p, end) is `name`, escapes undone: \/ and \u00XX may stand in our names.
static int same(at p, at end, const char *name) {
  for (; p < end; name++) {
    uint8_t c = *p++;
    if (c == '\\') {
      if (*p == '/') c = *p++;
      else if (*p != 'u' || p[1] != '0' || p[2] != '0') return 0;
      else {
        c = (uint8_t)(hex(p[3]) << 4 | hex(p[4]));
        p += 5;
      }
    }
    if (c == 0 || c != (uint8_t)*name) return 0;
  }
  return *name == 0;
}

static inline int which(at p, at end, int escaped, int from, int to) {
  uint32_t length = end - p;
  if (!escaped && (length > 43 || length < 3)) return -1;
  for (int k = from; k < to; k++) {
    if (escaped) {
      if (same(p, end, names[k])) return k;
      continue;
    }
    if (lengths[k] != length) continue;
    const char *name = names[k];
    uint32_t i = 0;
    while (i < length && p[i] == (uint8_t)name[i]) i++;
    if (i == length) return k;
  }
  return -1;
}

// Past the object whose brace is at `p`.
static at members(at p, at end, int from, int to) {
  p = space(p + 1);
  while (*p == '"') {
    int escaped = 0;
    at name = p + 1;
    p = string(name, &escaped);
    int field = which(name, p - 1, escaped, from, to);
    if (*p != ':') p = space(p);
    if (*p != ':') return p;
    at start = space(p + 1);
    if (field == META) {
      found &= (1u << OWN) - 1;
      p = *start == '{' ? members(start, end, OWN, ALL) : value(start, end);
    } else p = value(start, end);
    if (field >= 0) {
      spans[field].from = start;
      spans[field].to = p;
      found |= 1u << field;
    }
    if (*p != ',') p = space(p);
    if (*p != ',') break;
    p = space(p + 1);
  }
  return *p == '}' ? p + 1 : p;
}

// A bit for each field that the object in [p, end) has; `spans` says where their values are. As with JSON.parse, the last
// member of a name counts.
EXPORT(peek) uint32_t peek(at p, uint8_t *end) {
  if (lengths[0] == 0)
    for (int k = 0; k < ALL; k++)
      for (const char *c = names[k]; *c; c++) lengths[k]++;
  found = 0;
  if (*p != '{') return 0;
  uint8_t after = *end;
  *end = 0;
  members(p, end, 0, OWN);
  *end = after;
  return found;
}
