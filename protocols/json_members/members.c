// SPDX-License-Identifier: Apache-2.0
//
// Finds members of an object, and members of those, by their names. The text is known to be valid JSON. Built into
// members_wasm.ts by scripts/build_wasm.ts; members.ts is its other half.
//
// The byte after the text is set to NUL meanwhile. Loads may reach 80 bytes past it.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
typedef const uint8_t *at;

enum { NODES = 1024, POOL = 32768 };

// A member that is looked for. Those of one object stand together; the first node of a tree stands for the whole text.
struct node {
  uint32_t name, length; // the name, as JSON has it without escapes, in the pool
  uint32_t first, count; // its own members
};

static struct node nodes[NODES];
static struct { at from, to; } spans[NODES];
static uint8_t pool[POOL];
extern uint8_t __heap_base;

EXPORT(nodes) void *nodes_at(void) { return &nodes; }
EXPORT(pool) void *pool_at(void) { return &pool; }
EXPORT(spans) void *spans_at(void) { return &spans; }
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

// Past the object or array that `p` is in.
static at rest(at p) {
  int escaped;
  for (uint32_t depth = 1; *p != 0;) {
    v128_t bytes = wasm_v128_load(p), folded = wasm_v128_or(bytes, wasm_u8x16_splat(0x20)); // '[' becomes '{', ']' '}'
    v128_t either = wasm_v128_or(wasm_i8x16_eq(folded, wasm_u8x16_splat('{')), wasm_i8x16_eq(folded, wasm_u8x16_splat('}')));
    either = wasm_v128_or(either, wasm_i8x16_eq(bytes, wasm_u8x16_splat('"')));
    uint32_t bits = wasm_i8x16_bitmask(wasm_v128_or(either, wasm_i8x16_eq(bytes, wasm_u8x16_splat(0))));
    if (bits == 0) {
      p += 16;
      continue;
    }
    p += __builtin_ctz(bits);
    uint8_t c = *p;
    if (c == '"') {
      p = string(p + 1, &escaped);
      continue;
    }
    if (c == 0) return p;
    p++;
    if ((c | 0x20) == '{') depth++;
    else if (--depth == 0) return p;
  }
  return p;
}

static inline at value(at p) {
  int escaped;
  if (*p == '"') return string(p + 1, &escaped);
  if (*p == '{' || *p == '[') return rest(p + 1);
  while (*p > ' ' && *p != ',' && *p != '}' && *p != ']') p++;
  return p;
}

static void clear(uint32_t n) {
  spans[n].from = spans[n].to = 0;
  for (uint32_t k = 0; k < nodes[n].count; k++) clear(nodes[n].first + k);
}

// The node among the members of `n` that has this name; 0 if none has.
static inline uint32_t which(uint32_t n, at name, uint32_t length) {
  for (uint32_t k = nodes[n].first, end = k + nodes[n].count; k < end; k++) {
    if (nodes[k].length != length) continue;
    const uint8_t *wanted = pool + nodes[k].name;
    uint32_t i = 0;
    while (i < length && name[i] == wanted[i]) i++;
    if (i == length) return k;
  }
  return 0;
}

// Past the object whose brace is at `p`. A tree is as deep as the longest path.
static at members(at p, uint32_t n) {
  p = space(p + 1);
  while (*p == '"') {
    int escaped = 0;
    at name = p + 1;
    p = string(name, &escaped);
    uint32_t node = escaped ? 0 : which(n, name, p - 1 - name);
    p = space(p);
    if (*p != ':') return p;
    at start = space(p + 1);
    if (node == 0) p = value(start);
    else {
      if (spans[node].from != 0) clear(node); // the last member of a name counts, as with JSON.parse
      p = *start == '{' && nodes[node].count != 0 ? members(start, node) : value(start);
      spans[node].from = start;
      spans[node].to = p;
    }
    p = space(p);
    if (*p != ',') break;
    p = space(p + 1);
  }
  return *p == '}' ? p + 1 : p;
}

// Sets the spans of the tree that begins at `root`: where the values are, 0 where there is none.
EXPORT(find) void find(at p, uint8_t *end, uint32_t root) {
  clear(root);
  p = space(p);
  if (*p != '{') return;
  uint8_t after = *end;
  *end = 0;
  spans[root].from = p;
  spans[root].to = members(p, root);
  *end = after;
}
