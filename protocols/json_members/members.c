// SPDX-License-Identifier: Apache-2.0
//
// Finds members of an object, and members of those, by their names, and numbers texts among them. Built into
// members_wasm.ts by scripts/build_wasm.ts; members.ts is its other half.

#include "../json.h"

enum { NODES = 1024, POOL = 32768, LENGTHS = 32, TEXTS = 4096, LONGEST = 96, SLOTS = 16384 };

// A member that is looked for. Those of one object stand together, by the lengths of their names; the first node of a tree
// stands for the whole text.
struct node {
  uint32_t name, length; // the name, as JSON has it without escapes, in the pool
  uint32_t first, count; // its own members
  uint32_t numbered;     // whether a string there gets a number
  uint16_t lengths[LENGTHS]; // the first of its members whose name is at least so long
};

static struct node nodes[NODES];
static struct { at from, to; int32_t text; } spans[NODES]; // text: its number, or 0
static uint8_t pool[POOL];
static struct { uint8_t length, bytes[LONGEST + 7]; } texts[TEXTS];
static uint16_t slots[SLOTS];
static int32_t text_count;
extern uint8_t __heap_base;

EXPORT(nodes) void *nodes_at(void) { return &nodes; }
EXPORT(pool) void *pool_at(void) { return &pool; }
EXPORT(spans) void *spans_at(void) { return &spans; }
EXPORT(heap) const void *heap(void) { return &__heap_base; }

// Forgets the numbers. To be called when there are nearly TEXTS of them.
EXPORT(reset) void reset(void) {
  __builtin_memset(slots, 0, sizeof slots);
  text_count = 0;
}

// The number of the string content [p, end), from 1: the same bytes get the same number. 0 if it is long or there is no room.
static inline int32_t number_of(at p, at end) {
  uint32_t length = end - p;
  if (length > LONGEST || length == 0) return 0;
  uint64_t hash = length;
  if (length >= 8) hash += eight(p) * 0x9e3779b97f4a7c15u ^ eight(end - 8) * 0xff51afd7ed558ccdu ^ eight(p + length / 2 - 4);
  else
    for (uint32_t k = 0; k < length; k++) hash = hash * 31 + p[k];
  hash ^= hash >> 32;
  for (uint32_t s = (uint32_t)(hash ^ hash >> 16);; s++) {
    uint16_t *slot = &slots[s & (SLOTS - 1)];
    if (*slot == 0) {
      if (text_count == TEXTS) return 0;
      texts[text_count].length = length;
      __builtin_memcpy(texts[text_count].bytes, p, length);
      return *slot = ++text_count;
    }
    const uint8_t *have = texts[*slot - 1].bytes;
    if (texts[*slot - 1].length != length) continue;
    uint32_t k = 0;
    while (k + 8 <= length && eight(have + k) == eight(p + k)) k += 8;
    while (k < length && have[k] == p[k]) k++;
    if (k == length) return *slot;
  }
}

static void clear(uint32_t n) {
  spans[n].from = spans[n].to = 0;
  spans[n].text = 0;
  for (uint32_t k = 0; k < nodes[n].count; k++) clear(nodes[n].first + k);
}

// The node among the members of `n` that has this name; 0 if none has.
static inline uint32_t which(uint32_t n, at name, uint32_t length) {
  uint32_t place = length < LENGTHS - 1 ? length : LENGTHS - 1;
  uint32_t end = place == LENGTHS - 1 ? nodes[n].first + nodes[n].count : nodes[n].lengths[place + 1];
  for (uint32_t k = nodes[n].lengths[place]; k < end; k++) {
    if (nodes[k].length != length) continue;
    const uint8_t *wanted = pool + nodes[k].name;
    uint32_t i = 0;
    while (i < length && name[i] == wanted[i]) i++;
    if (i == length) return k;
  }
  return 0;
}

// Past the object whose brace is at `p`. Calls itself as deep as the tree is, which is little.
static at members(at p, uint32_t n, int32_t depth, struct block *block) {
  if (depth <= 0) return fail(TOO_DEEP);
  p = space(p + 1);
  if (*p == '}') return p + 1;
  for (;;) {
    if (*p != '"') return fail(INVALID_JSON);
    at name = p + 1;
    if (!(p = string(name, block))) return 0;
    uint32_t node = which(n, name, p - 1 - name);
    if (*p != ':' && *(p = space(p)) != ':') return fail(INVALID_JSON);
    at start = space(p + 1);
    if (node != 0 && spans[node].from != 0) clear(node); // the last member of a name counts, as with JSON.parse
    p = *start == '{' && nodes[node].count != 0 && node != 0 ? members(start, node, depth - 1, block)
                                                             : value(start, depth - 1, block);
    if (!p) return 0;
    if (node != 0) {
      spans[node].from = start;
      spans[node].to = p;
      if (nodes[node].numbered && *start == '"') spans[node].text = number_of(start + 1, p - 1);
    }
    if (*p != ',') p = space(p);
    if (*p == ',') p = space(p + 1);
    else if (*p == '}') return p + 1;
    else return fail(INVALID_JSON);
  }
}

static int32_t look(at p, at end, uint32_t root, int32_t depth) {
  struct block block = {0, 0};
  p = space(p);
  if (p == end) return BLANK;
  if (*p != '{' && *p != '[') return OTHER;
  int32_t found = *p == '{' ? OBJECT : ARRAY;
  at start = p;
  p = found == OBJECT ? members(p, root, depth, &block) : value(p, depth, &block);
  if (!p) return error;
  spans[root].from = start;
  spans[root].to = p;
  return space(p) == end ? found : INVALID_JSON;
}

// Sets the spans of the tree of `count` nodes that begins at `root`: where the values are, 0 where there is none. Tells what
// the text is.
EXPORT(find) int32_t find(at p, uint8_t *end, uint32_t root, uint32_t count, int32_t depth) {
  __builtin_memset(&spans[root], 0, count * sizeof spans[0]);
  uint8_t after = *end;
  *end = 0;
  int32_t found = look(p, end, root, depth);
  *end = after;
  return found;
}

EXPORT(texts) int32_t count_texts(void) { return text_count; }
