/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Starts and ends of TCP connections. */
#pragma once
#include "deliver.h"

/* include/net/tcp_states.h */
enum { ESTABLISHED = 1, SYN_SENT = 2, FIN_WAIT1 = 4, CLOSE = 7, LAST_ACK = 9 };

/* Nothing more comes in this direction. `over`: neither in the other, and what is not MCP may be forgotten. */
static __always_inline void end_direction(struct stream_key *key, bool over) {
  struct stream *s = bpf_map_lookup_elem(&streams, key);
  if (!s) return;
  __u8 *state = get_state(s->slot);
  if (!state) return;
  if (*state != STATE_REJECTED && (s->writer || s->reader)) send_eof(key, s, 0xffff, 0);
  if (over && *state != STATE_CONFIRMED) bpf_map_delete_elem(&streams, key);
}

SEC("raw_tp/inet_sock_set_state")
int tcp_state(struct bpf_raw_tracepoint_args *ctx) {
  struct sock *sk = (void *)ctx->args[0];
  int before = ctx->args[1], now = ctx->args[2];
  bool connected = now == ESTABLISHED && before == SYN_SENT;
  if (!connected && now != FIN_WAIT1 && now != LAST_ACK && now != CLOSE) return 0;
  struct peers p = {};
  read_sock(&p, sk);
  if (!p.sk || p.family == AF_UNIX) return 0;
  /* The port may have been given back by now, and is kept only here. */
  p.local_port = __builtin_bswap16(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
  if (!p.remote_port || !p.local_port) return 0;
  struct stream_key sent, received;
  sent.src = received.dst = address_end(&p, p.local, p.local_port);
  sent.dst = received.src = address_end(&p, p.remote, p.remote_port);
  if (connected) { /* nobody has written anything yet: what is known is of a connection before */
    bpf_map_delete_elem(&streams, &sent);
    bpf_map_delete_elem(&streams, &received);
    return 0;
  }
  end_direction(&sent, now == CLOSE);
  if (now == CLOSE) end_direction(&received, true);
  return 0;
}
