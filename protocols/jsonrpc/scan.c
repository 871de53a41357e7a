// SPDX-License-Identifier: Apache-2.0
//
// Walks over JSON-RPC messages in linear memory and notes where the envelope's values lie. Built into scan_wasm.ts by
// scripts/build_wasm.ts; scan.ts is its other half.

#include "../json.h"

enum { ID_NONE, ID_INT, ID_NUMBER, ID_STRING, ID_NULL, ID_BAD };         // envelope.id_kind
enum { DUPLICATE = 1, EXTRA = 2, BREAKS = 4, BAD_METHOD = 8, BAD_PARAMS = 16, ERROR_NULL = 32 }; // envelope.flags
enum { ID, METHOD, PARAMS, RESULT, ERROR, MEMBERS, JSONRPC = MEMBERS, UNKNOWN };
enum { MAX_NAMES = 512, NAME = 48, SLOTS = 2048 };

// Read by scan.ts as thirty-two-bit integers in this order.
static struct {
  at start, end;                     // the value without the space around it
  struct { at from, to; } span[MEMBERS]; // 0 where absent
  int32_t version;                   // 0 no jsonrpc member, 1 "2.0", 2 something else
  int32_t flags, id_kind, id, method; // id if ID_INT; method: number of an interned name, or -1
} envelope;

static struct { uint8_t length, bytes[NAME + 7]; } names[MAX_NAMES];
static int16_t slots[SLOTS];
static int32_t name_count;
extern uint8_t __heap_base;

EXPORT(result) const void *result(void) { return &envelope; }
EXPORT(heap) const void *heap(void) { return &__heap_base; }

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
