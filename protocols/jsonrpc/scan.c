// SPDX-License-Identifier: Apache-2.0
//
// Walks over JSON-RPC messages in linear memory and notes where the envelope's values lie. RFC 8259 to the letter: it
// accepts what JSON.parse accepts once the bytes are decoded as UTF-8, and nothing else. No recursion, no allocation.
// Built into scan_wasm.ts by scripts/build_wasm.ts; scan.ts is its other half.
//
// The byte after the text is set to NUL while it is scanned. NUL can stand nowhere in JSON, so whatever runs into it
// stops there, and nothing else has to look for the end. Loads may reach 64 bytes past it.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
typedef const uint8_t *at; // a place in the text; 0 is "failed, see error"

enum { BLANK = 0, OBJECT = 1, ARRAY = 2, OTHER = 3 };                    // what message() and member() found
enum { INVALID_JSON = -1, INVALID_UTF8 = -2, TOO_DEEP = -3 };            // or why not
enum { ID_NONE, ID_INT, ID_NUMBER, ID_STRING, ID_NULL, ID_BAD };         // envelope.id_kind
enum { DUPLICATE = 1, EXTRA = 2, BREAKS = 4, BAD_METHOD = 8, BAD_PARAMS = 16, ERROR_NULL = 32 }; // envelope.flags
enum { ID, METHOD, PARAMS, RESULT, ERROR, MEMBERS, JSONRPC = MEMBERS, UNKNOWN };
enum { MAX_DEPTH = 4096, MAX_NAMES = 512, NAME = 48, SLOTS = 2048 };

// Read by scan.ts as thirty-two-bit integers in this order.
static struct {
  at start, end;                     // the value without the space around it
  struct { at from, to; } span[MEMBERS]; // 0 where absent
  int32_t version;                   // 0 no jsonrpc member, 1 "2.0", 2 something else
  int32_t flags, id_kind, id, method; // id if ID_INT; method: number of an interned name, or -1
} envelope;

static int32_t error, breaks;
static uint8_t open[MAX_DEPTH]; // the containers around the current one, outermost first: 1 for an object
static struct { uint8_t length, bytes[NAME + 7]; } names[MAX_NAMES];
static int16_t slots[SLOTS];
static int32_t name_count;
extern uint8_t __heap_base;

EXPORT(result) const void *result(void) { return &envelope; }
EXPORT(heap) const void *heap(void) { return &__heap_base; }

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

// True if the string's content [p, end) is `text`, escapes undone. Only \uXXXX can stand for a character of our names.
static int same(at p, at end, const char *text) {
  for (; p < end; text++) {
    uint8_t c = *p++;
    if (c == '\\') {
      if (*p != 'u' || p[1] != '0' || p[2] != '0') return 0;
      c = (uint8_t)(hex(p[3]) << 4 | hex(p[4]));
      p += 5;
    }
    if (c == 0 || c != (uint8_t)*text) return 0;
  }
  return *text == 0;
}

static inline int which(at p, at end) { // the envelope's member that the name in [p, end) is
  int32_t length = end - p;
  if (length == 2 && p[0] == 'i' && p[1] == 'd') return ID;
  if (length == 6 && is4(p, 'm', 'e', 't', 'h') && p[4] == 'o' && p[5] == 'd') return METHOD;
  if (length == 6 && is4(p, 'p', 'a', 'r', 'a') && p[4] == 'm' && p[5] == 's') return PARAMS;
  if (length == 6 && is4(p, 'r', 'e', 's', 'u') && p[4] == 'l' && p[5] == 't') return RESULT;
  if (length == 5 && is4(p, 'e', 'r', 'r', 'o') && p[4] == 'r') return ERROR;
  if (length == 7 && is4(p, 'j', 's', 'o', 'n') && p[4] == 'r' && p[5] == 'p' && p[6] == 'c') return JSONRPC;
  if (length < 7 || length > 42) return UNKNOWN;
  static const char *const members[] = {"id", "method", "params", "result", "error", "jsonrpc"};
  for (int k = ID; k <= JSONRPC; k++)
    if (same(p, end, members[k])) return k;
  return UNKNOWN;
}

static void note_id(at p, at end) {
  envelope.id_kind = ID_BAD;
  if (*p == '"') envelope.id_kind = ID_STRING;
  else if (*p == 'n') envelope.id_kind = ID_NULL;
  else if (*p == '-' || (*p >= '0' && *p <= '9')) {
    envelope.id_kind = ID_NUMBER;
    int32_t id = 0;
    if (end - p > 9) return;
    for (; p < end; p++) {
      if (*p < '0' || *p > '9') return;
      id = id * 10 + (*p - '0');
    }
    envelope.id_kind = ID_INT;
    envelope.id = id;
  }
}

static inline uint64_t eight(at p) {
  uint64_t word;
  __builtin_memcpy(&word, p, 8);
  return word;
}

// Numbers the string content [p, end): the same bytes get the same number. -1 if it is long or the table is full.
EXPORT(intern) int32_t intern(at p, at end) {
  int32_t length = end - p;
  if (length > NAME) return -1;
  uint64_t hash = length;
  if (length >= 8) hash += eight(p) * 0x9e3779b97f4a7c15u ^ eight(end - 8) * 0xff51afd7ed558ccdu;
  else
    for (int32_t k = 0; k < length; k++) hash = hash * 31 + p[k];
  hash ^= hash >> 32;
  for (uint32_t s = (uint32_t)(hash ^ hash >> 16);; s++) {
    int16_t *slot = &slots[s & (SLOTS - 1)];
    if (*slot == 0) {
      if (name_count == MAX_NAMES) return -1;
      names[name_count].length = length;
      __builtin_memcpy(names[name_count].bytes, p, length);
      *slot = ++name_count;
      return *slot - 1;
    }
    const uint8_t *have = names[*slot - 1].bytes;
    if (names[*slot - 1].length != length) continue;
    int32_t k = 0;
    while (k + 8 <= length && eight(have + k) == eight(p + k)) k += 8;
    while (k < length && have[k] == p[k]) k++;
    if (k == length) return *slot - 1;
  }
}

static void note(int member, at from, at to) {
  if (member == JSONRPC) {
    int plain = to - from == 5 && is4(from, '"', '2', '.', '0');
    envelope.version = plain || (*from == '"' && same(from + 1, to - 1, "2.0")) ? 1 : 2;
    return;
  }
  envelope.span[member].from = from;
  envelope.span[member].to = to;
  envelope.flags &= ~(member == METHOD ? BAD_METHOD : member == PARAMS ? BAD_PARAMS : member == ERROR ? ERROR_NULL : 0);
  if (member == ID) note_id(from, to);
  else if (member == METHOD && *from == '"') envelope.method = intern(from + 1, to - 1);
  else if (member == METHOD) envelope.flags |= BAD_METHOD;
  else if (member == PARAMS && *from != '{' && *from != '[') envelope.flags |= BAD_PARAMS;
  else if (member == ERROR && *from == 'n') envelope.flags |= ERROR_NULL;
}

static at object(at p, int32_t depth) { // at the brace
  struct block block = {0, 0};
  for (int k = 0; k < MEMBERS; k++) envelope.span[k].from = envelope.span[k].to = 0;
  envelope.version = envelope.flags = 0;
  envelope.id_kind = ID_NONE;
  envelope.method = -1;
  breaks = 0;
  if (depth < 1) return fail(TOO_DEEP);
  p = space(p + 1);
  if (*p == '}') return p + 1;
  for (uint32_t seen = 0;; p = space(p + 1)) {
    if (*p != '"') return fail(INVALID_JSON);
    at from = p + 1;
    if (!(p = string(from, &block))) return 0;
    int member = which(from, p - 1);
    p = space(p);
    if (*p != ':') return fail(INVALID_JSON);
    from = space(p + 1);
    if (!(p = value(from, depth - 1, &block))) return 0;
    if (member == UNKNOWN) envelope.flags |= EXTRA;
    else {
      if (seen >> member & 1) envelope.flags |= DUPLICATE;
      seen |= 1u << member;
      note(member, from, p);
    }
    p = space(p);
    if (*p == '}') {
      if (breaks) envelope.flags |= BREAKS;
      return p + 1;
    }
    if (*p != ',') return fail(INVALID_JSON);
  }
}

static int32_t text(at p, at end, int32_t depth) {
  p = space(p);
  envelope.start = envelope.end = p;
  if (p == end) return BLANK;
  int32_t kind = *p == '{' ? OBJECT : *p == '[' ? ARRAY : OTHER;
  if (kind == OTHER) return OTHER;
  p = kind == OBJECT ? object(p, depth) : value(p, depth, &(struct block){0, 0});
  if (!p) return error;
  envelope.end = p;
  return space(p) == end ? kind : INVALID_JSON;
}

// Scans [p, end): an object is told member by member in `envelope`, an array is walked over, anything else is OTHER.
EXPORT(message) int32_t message(at p, uint8_t *end, int32_t depth) {
  uint8_t after = *end;
  *end = 0;
  int32_t found = text(p, end, depth < MAX_DEPTH ? depth : MAX_DEPTH);
  *end = after;
  return found;
}

// Scans the next member of an array that message() walked over: `p` is at its bracket or where the last member ended.
// BLANK at the array's end. Anything but an object is OTHER.
EXPORT(member) int32_t member(at p, int32_t depth) {
  p = space(p + (*p == '['));
  if (*p == ',') p = space(p + 1);
  envelope.start = p;
  if (*p == ']') return BLANK;
  int32_t kind = *p == '{' ? OBJECT : OTHER;
  p = kind == OBJECT ? object(p, depth - 1) : value(p, depth, &(struct block){0, 0});
  envelope.end = p;
  return p ? kind : error;
}

// The first newline in [p, end), or end.
EXPORT(newline) at newline(at p, at end) {
  for (; p < end; p += 16) {
    uint32_t bits = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(p), wasm_u8x16_splat('\n')));
    if (bits) {
      p += __builtin_ctz(bits);
      break;
    }
  }
  return p < end ? p : end;
}
