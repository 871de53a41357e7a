/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What a call's first bytes look like. */
#pragma once
#include "maps.h"

enum looks { LOOKS_NOTHING = 0, LOOKS_JSON, LOOKS_HTTP, LOOKS_TLS };
enum medium { PIPE = 0, UNIX = FLAG_UNIX, TCP = FLAG_TCP, TLS = FLAG_TLS };

static __always_inline bool json_start(char c) { return c == '{' || c == '['; }
static __always_inline bool blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/* Does the text start like JSON, after white space? */
static __always_inline bool sniff_json(__u64 at, __u32 size) {
  char text[32] = {};
  if (bpf_probe_read_user(text, 1, (void *)at)) return false;
  if (json_start(text[0])) return true;
  if (!blank(text[0]) || size < sizeof text) return false;
  if (bpf_probe_read_user(text, sizeof text, (void *)at)) return false;
#pragma unroll
  for (int i = 1; i < (int)sizeof text; i++) {
    if (json_start(text[i])) return true;
    if (!blank(text[i])) return false;
  }
  return false;
}

#define WORD(a, b, c, d) ((__u32)(a) | (__u32)(b) << 8 | (__u32)(c) << 16 | (__u32)(d) << 24)

/* The first four bytes of a request line, a status line or HTTP/2's preface. */
static __always_inline bool http_word(__u32 word) {
  switch (word) {
    case WORD('G', 'E', 'T', ' '): case WORD('P', 'O', 'S', 'T'): case WORD('H', 'T', 'T', 'P'):
    case WORD('P', 'U', 'T', ' '): case WORD('H', 'E', 'A', 'D'): case WORD('D', 'E', 'L', 'E'):
    case WORD('O', 'P', 'T', 'I'): case WORD('P', 'A', 'T', 'C'): case WORD('P', 'R', 'I', ' '):
    case WORD('C', 'O', 'N', 'N'): return true;
  }
  return false;
}

/* A whole HTTP/2 frame (RFC 9113, 4.1), or the head of one: length 24 bits, type, flags, stream 31 bits. */
static __always_inline bool http2_frame(const __u8 *b, __u32 size) {
  __u32 length = b[0] << 16 | b[1] << 8 | b[2], type = b[3];
  __u32 stream = b[5] << 24 | b[6] << 16 | b[7] << 8 | b[8];
  if (length > 16384 || (length + 9 > size && size != 9) || type > 9 || stream >> 24) return false;
  if (type == 4) return !stream && length % 6 == 0;       /* SETTINGS */
  if (type == 6 || type == 7) return !stream && length >= 8; /* PING, GOAWAY */
  return type == 8 ? length == 4 : stream != 0;            /* WINDOW_UPDATE, those of a stream */
}

/* A TLS record (RFC 8446, 5.1): type 20 to 23, version 3.x. */
static __always_inline bool tls_record(const __u8 *b) { return b[0] >= 20 && b[0] <= 23 && b[1] == 3 && b[2] <= 4; }

static __always_inline bool hex_digit(__u8 c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

static __always_inline bool event_word(const __u8 *b) {
  switch (WORD(b[0], b[1], b[2], b[3])) {
    case WORD('e', 'v', 'e', 'n'): case WORD('d', 'a', 't', 'a'): case WORD('i', 'd', ':', ' '):
    case WORD('r', 'e', 't', 'r'): return true;
  }
  return b[0] == ':' && b[1] == ' ';
}

/* A field of an event stream, by itself or as the beginning of a chunk: the stream may be older than the capture. */
static __always_inline bool event_stream(const __u8 *b, __u32 size) {
  if (event_word(b)) return true;
  __u32 i = 0;
  while (i < 8 && hex_digit(b[i])) i++;
  if (!i || b[i] != '\r' || b[i + 1] != '\n') return false;
  return size == i + 2 || event_word(b + i + 2);
}

/* A global function: the verifier checks it once, not along with each path of each caller. */
__attribute__((noinline)) int sniff(__u64 at, __u32 size, __u32 medium) {
  if (medium == PIPE) return sniff_json(at, size) ? LOOKS_JSON : LOOKS_NOTHING;
  __u8 b[32] = {};
  __u64 n = size < 16 ? size : 16;
  asm volatile("" : "+r"(n)); /* older verifiers do not follow the comparison */
  if (bpf_probe_read_user(b, n & 31, (void *)at)) return LOOKS_NOTHING;
  if (http_word(*(__u32 *)b)) return LOOKS_HTTP;
  if (medium == UNIX) return sniff_json(at, size) ? LOOKS_JSON : LOOKS_NOTHING;
  if (size >= 9 && http2_frame(b, size)) return LOOKS_HTTP;
  if (size >= 3 && event_stream(b, size)) return LOOKS_HTTP;
  return medium == TCP && size >= 3 && tls_record(b) ? LOOKS_TLS : LOOKS_NOTHING;
}
