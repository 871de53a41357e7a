/**
 * BoringSSL's functions in stripped programs: Bun's runtime, and what `bun build --compile` makes of it, such as Claude Code.
 * The builds for x64 and for x64-baseline have the same ones. `scripts/find_tls_patterns.ts` tells where the functions are in a
 * program that the table lacks, and proposes entries.
 *
 * The patterns reach far enough to tell each function from its neighbours: that of `SSL_write` to where it clears
 * `needs_handshake`, that of `SSL_read` to where it takes the bytes off `pending_app_data`, which `SSL_peek` does not do. That
 * of `SSL_free` is the destructor `~ssl_st`, up to where it has called `method->ssl_free`: its argument is the same, and it runs
 * once for each `SSL` whatever `SSL_free` was inlined into.
 *
 * Variants come from link-time optimisation (an argument of `ERR_put_error` left out), `memcpy` called directly or through the
 * GOT, other allocators, and a stack protector. On arm64, `adrp` and what follows it are wildcards: linkers rewrite them. Source: BoringSSL `ssl/ssl_lib.cc`.
 *
 * @module
 */
import type { Pattern } from "./patterns.ts";

/** All patterns known. */
export const BORINGSSL_PATTERNS: readonly Pattern[] = [
  {
    fn: "SSL_read",
    machine: "x86_64",
    from: "Bun 1.1.45 and 1.2.4",
    bytes: `
      55 48 89 e5 41 57 41 56 53 50 48 83 bf 98 00 00 00 00 74 2b ba ?? ?? ?? ?? bf 10 00 00 00 be 42
      00 00 00 b9 ?? ?? ?? ?? e8 ?? ?? ?? ?? bb ff ff ff ff 89 d8 48 83 c4 08 5b 41 5e 41 5f 5d c3 89
      d3 49 89 f6 49 89 ff e8 ?? ?? ?? ?? 85 c0 0f 8e ?? ?? ?? ?? 85 db 7e da 4c 89 f8 49 8b 4f 30 48
      8b 91 88 00 00 00 89 db 48 39 da 48 0f 42 da 48 85 d2 74 15 48 8b b1 80 00 00 00 4c 89 f7 48 89
      da e8 ?? ?? ?? ?? 4c 89 f8 85 db 74 ?? 48 8b 48 30 48 8b 91 88 00 00 00 48 29 da 72 ?? 48 01 99
      80 00 00 00`,
  },
  {
    fn: "SSL_read",
    machine: "x86_64",
    from: "Bun 1.2.8 to 1.3.14, Claude Code 2.1.122 and 2.1.156",
    bytes: `
      55 48 89 e5 41 57 41 56 53 50 48 83 bf 98 00 00 00 00 74 2b ba ?? ?? ?? ?? bf 10 00 00 00 be 42
      00 00 00 b9 ?? ?? ?? ?? e8 ?? ?? ?? ?? bb ff ff ff ff 89 d8 48 83 c4 08 5b 41 5e 41 5f 5d c3 89
      d3 49 89 f6 49 89 ff e8 ?? ?? ?? ?? 85 c0 0f 8e ?? ?? ?? ?? 85 db 7e da 49 8b 47 30 48 8b 88 88
      00 00 00 89 db 48 39 d9 48 0f 42 d9 48 85 c9 74 ?? 48 8b b0 80 00 00 00 4c 89 f7 48 89 da e8 ??
      ?? ?? ?? 49 8b 47 30 48 8b 88 88 00 00 00 48 29 d9 72 ?? 48 01 98 80 00 00 00`,
  },
  {
    fn: "SSL_read",
    machine: "x86_64",
    from: "Bun 1.3.14 for musl",
    bytes: `
      55 48 89 e5 41 57 41 56 53 50 48 83 bf 98 00 00 00 00 74 2b ba ?? ?? ?? ?? bf 10 00 00 00 be 42
      00 00 00 b9 ?? ?? ?? ?? e8 ?? ?? ?? ?? bb ff ff ff ff 89 d8 48 83 c4 08 5b 41 5e 41 5f 5d c3 89
      d3 49 89 f7 49 89 fe e8 ?? ?? ?? ?? 85 c0 0f 8e ?? ?? ?? ?? 85 db 7e da 49 8b 46 30 48 8b 88 88
      00 00 00 89 db 48 39 d9 48 0f 42 d9 48 85 c9 0f 84 ?? ?? ?? ?? 48 8b b0 80 00 00 00 49 39 f7 0f
      92 c0 49 8d 0c 1f 48 39 f1 0f 97 c1 84 c8 0f 85 ?? ?? ?? ?? 4c 89 ff 4c 39 fe 0f 92 c0 48 8d 0c
      1e 4c 39 f9 0f 97 c1 20 c1 80 f9 01 74 ?? 48 89 da e8 ?? ?? ?? ?? 49 8b 46 30 48 8b 88 88 00 00
      00 48 29 d9 72 ?? 48 01 98 80 00 00 00`,
  },
  {
    fn: "SSL_read",
    machine: "x86_64",
    from: "Claude Code 2.1.199",
    bytes: `
      55 48 89 e5 41 57 41 56 53 50 48 83 bf 98 00 00 00 00 74 2b ba ?? ?? ?? ?? bf 10 00 00 00 be 42
      00 00 00 b9 ?? ?? ?? ?? e8 ?? ?? ?? ?? bb ff ff ff ff 89 d8 48 83 c4 08 5b 41 5e 41 5f 5d c3 89
      d3 49 89 f6 49 89 ff e8 ?? ?? ?? ?? 85 c0 0f 8e ?? ?? ?? ?? 85 db 7e da 49 8b 47 30 48 8b 88 88
      00 00 00 89 db 48 39 d9 48 0f 42 d9 48 85 c9 74 ?? 48 8b b0 80 00 00 00 4c 89 f7 48 89 da ff 15
      ?? ?? ?? ?? 49 8b 47 30 48 8b 88 88 00 00 00 48 29 d9 72 ?? 48 01 98 80 00 00 00`,
  },
  {
    fn: "SSL_read",
    machine: "x86_64",
    from: "Bun 1.4.0 to 1.4.5, Claude Code 2.1.237 to 2.1.330",
    bytes: `
      55 48 89 e5 41 57 41 56 53 50 48 83 bf 98 00 00 00 00 74 2e b9 ?? ?? ?? ?? bf 10 00 00 00 31 f6
      ba 42 00 00 00 41 b8 ?? ?? ?? ?? e8 ?? ?? ?? ?? bb ff ff ff ff 89 d8 48 83 c4 08 5b 41 5e 41 5f
      5d c3 89 d3 49 89 f6 49 89 ff e8 ?? ?? ?? ?? 85 c0 0f 8e ?? ?? ?? ?? 85 db 7e da 49 8b 47 30 48
      8b 88 88 00 00 00 89 db 48 39 d9 48 0f 42 d9 48 85 c9 74 ?? 48 8b b0 80 00 00 00 4c 89 f7 48 89
      da ff 15 ?? ?? ?? ?? 49 8b 47 30 48 8b 88 88 00 00 00 48 29 d9 72 ?? 48 01 98 80 00 00 00`,
  },
  {
    fn: "SSL_write",
    machine: "x86_64",
    from: "Bun 1.1.45 to 1.3.14, Claude Code 2.1.122 to 2.1.199",
    bytes: `
      55 48 89 e5 41 57 41 56 41 55 41 54 53 48 83 ec 18 41 89 d7 49 89 f6 48 89 fb 48 8b 47 30 c7 80
      c4 00 00 00 00 00 00 00 e8 ?? ?? ?? ?? e8 ?? ?? ?? ?? c7 00 00 00 00 00 48 83 bb 98 00 00 00 00
      74 2d ba ?? ?? ?? ?? bf 10 00 00 00 be 42 00 00 00 b9 ?? ?? ?? ?? e8 ?? ?? ?? ?? b8 ff ff ff ff
      48 83 c4 18 5b 41 5c 41 5d 41 5e 41 5f 5d c3 48 83 7b 28 00 0f 84 ?? ?? ?? ?? 48 c7 45 c8 00 00
      00 00 c6 45 d7 00 45 85 ff`,
  },
  {
    fn: "SSL_write",
    machine: "x86_64",
    from: "Bun 1.3.14 for musl",
    bytes: `
      55 48 89 e5 41 57 41 56 41 55 41 54 53 48 83 ec 18 41 89 d7 49 89 f6 48 89 fb 64 48 8b 04 25 28
      00 00 00 48 89 45 d0 48 8b 47 30 c7 80 c4 00 00 00 00 00 00 00 e8 ?? ?? ?? ?? e8 ?? ?? ?? ?? c7
      00 00 00 00 00 48 83 bb 98 00 00 00 00 74 40 ba ?? ?? ?? ?? bf 10 00 00 00 be 42 00 00 00 b9 ??
      ?? ?? ?? e8 ?? ?? ?? ?? b8 ff ff ff ff 64 48 8b 0c 25 28 00 00 00 48 3b 4d d0 0f 85 ?? ?? ?? ??
      48 83 c4 18 5b 41 5c 41 5d 41 5e 41 5f 5d c3 48 83 7b 28 00 0f 84 ?? ?? ?? ?? 48 c7 45 c8 00 00
      00 00 c6 45 c7 00 45 85 ff`,
  },
  {
    fn: "SSL_write",
    machine: "x86_64",
    from: "Bun 1.4.0 to 1.4.5, Claude Code 2.1.237 and 2.1.282",
    bytes: `
      55 48 89 e5 41 57 41 56 41 55 41 54 53 48 83 ec 18 41 89 d7 49 89 f6 48 89 fb 48 8b 47 30 c7 80
      c4 00 00 00 00 00 00 00 e8 ?? ?? ?? ?? e8 ?? ?? ?? ?? c7 00 00 00 00 00 48 83 bb 98 00 00 00 00
      74 30 b9 ?? ?? ?? ?? bf 10 00 00 00 31 f6 ba 42 00 00 00 41 b8 ?? ?? ?? ?? e8 ?? ?? ?? ?? b8 ff
      ff ff ff 48 83 c4 18 5b 41 5c 41 5d 41 5e 41 5f 5d c3 48 83 7b 28 00 0f 84 ?? ?? ?? ?? 48 c7 45
      c8 00 00 00 00 c6 45 d7 00 45 85 ff`,
  },
  {
    fn: "SSL_write",
    machine: "x86_64",
    from: "Claude Code 2.1.330",
    bytes: `
      55 48 89 e5 41 57 41 56 41 55 41 54 53 48 83 ec 18 41 89 d7 49 89 f6 48 89 fb 64 48 8b 04 25 28
      00 00 00 48 89 45 d0 48 8b 47 30 c7 80 c4 00 00 00 00 00 00 00 e8 ?? ?? ?? ?? e8 ?? ?? ?? ?? c7
      00 00 00 00 00 48 83 bb 98 00 00 00 00 74 43 b9 ?? ?? ?? ?? bf 10 00 00 00 31 f6 ba 42 00 00 00
      41 b8 ?? ?? ?? ?? e8 ?? ?? ?? ?? b8 ff ff ff ff 64 48 8b 0c 25 28 00 00 00 48 3b 4d d0 0f 85 ??
      ?? ?? ?? 48 83 c4 18 5b 41 5c 41 5d 41 5e 41 5f 5d c3 48 83 7b 28 00 0f 84 ?? ?? ?? ?? 48 c7 45
      c8 00 00 00 00 c6 45 c7 00 45 85 ff`,
  },
  {
    fn: "SSL_read",
    machine: "aarch64",
    from: "Bun 1.2.23 to 1.3.14, Claude Code 2.1.122",
    bytes: `
      fd 7b bd a9 f5 0b 00 f9 f4 4f 02 a9 fd 03 00 91 08 4c 40 f9 a8 01 00 b4 ?? ?? ?? ?? ?? ?? ?? ??
      00 02 80 52 41 08 80 52 ?? ?? ?? 52 ?? ?? ?? ?? 13 00 80 12 e0 03 13 2a f4 4f 42 a9 f5 0b 40 f9
      fd 7b c3 a8 c0 03 5f d6 f3 03 02 2a f4 03 01 aa f5 03 00 aa ?? ?? ?? ?? 1f 04 00 71 ?? ?? ?? 54
      7f 06 00 71 8b fe ff 54 a8 1a 40 f9 ea 03 13 2a 09 45 40 f9 3f 01 0a eb 33 31 8a 9a ?? ?? ?? b4
      01 41 40 f9 e0 03 14 aa e2 03 13 aa ?? ?? ?? ?? a8 1a 40 f9 09 45 40 f9 29 01 13 eb ?? ?? ?? 54
      0a 41 40 f9 09 45 00 f9 4a 01 13 8b`,
  },
  {
    fn: "SSL_read",
    machine: "aarch64",
    from: "Bun 1.4.0 to 1.4.5, Claude Code 2.1.330",
    bytes: `
      fd 7b bd a9 f5 0b 00 f9 f4 4f 02 a9 fd 03 00 91 08 4c 40 f9 c8 01 00 b4 ?? ?? ?? ?? ?? ?? ?? ??
      00 02 80 52 e1 03 1f 2a 42 08 80 52 ?? ?? ?? 52 ?? ?? ?? ?? 13 00 80 12 e0 03 13 2a f4 4f 42 a9
      f5 0b 40 f9 fd 7b c3 a8 c0 03 5f d6 f3 03 02 2a f4 03 01 aa f5 03 00 aa ?? ?? ?? ?? 1f 04 00 71
      ?? ?? ?? 54 7f 06 00 71 8b fe ff 54 a8 1a 40 f9 ea 03 13 2a 09 45 40 f9 3f 01 0a eb 33 31 8a 9a
      ?? ?? ?? b4 01 41 40 f9 e0 03 14 aa e2 03 13 aa ?? ?? ?? ?? a8 1a 40 f9 09 45 40 f9 29 01 13 eb
      ?? ?? ?? 54 0a 41 40 f9 09 45 00 f9 4a 01 13 8b`,
  },
  {
    fn: "SSL_write",
    machine: "aarch64",
    from: "Bun 1.2.23 to 1.3.14, Claude Code 2.1.122",
    bytes: `
      ff 03 01 d1 fd 7b 01 a9 f6 57 02 a9 f4 4f 03 a9 fd 43 00 91 08 18 40 f9 f5 03 02 2a f4 03 01 aa
      f3 03 00 aa 1f c5 00 b9 ?? ?? ?? ?? ?? ?? ?? ?? 1f 00 00 b9 68 4e 40 f9 a8 01 00 b4 ?? ?? ?? ??
      ?? ?? ?? ?? 00 02 80 52 41 08 80 52 ?? ?? ?? 52 ?? ?? ?? ?? 00 00 80 12 f4 4f 43 a9 f6 57 42 a9
      fd 7b 41 a9 ff 03 01 91 c0 03 5f d6 68 16 40 f9 ?? ?? ?? b4 ff 07 00 f9 ff 13 00 39`,
  },
  {
    fn: "SSL_write",
    machine: "aarch64",
    from: "Bun 1.4.0 to 1.4.5",
    bytes: `
      ff 03 01 d1 fd 7b 01 a9 f6 57 02 a9 f4 4f 03 a9 fd 43 00 91 08 18 40 f9 f5 03 02 2a f4 03 01 aa
      f3 03 00 aa 1f c5 00 b9 ?? ?? ?? ?? ?? ?? ?? ?? 1f 00 00 b9 68 4e 40 f9 c8 01 00 b4 ?? ?? ?? ??
      ?? ?? ?? ?? 00 02 80 52 e1 03 1f 2a 42 08 80 52 ?? ?? ?? 52 ?? ?? ?? ?? 00 00 80 12 f4 4f 43 a9
      f6 57 42 a9 fd 7b 41 a9 ff 03 01 91 c0 03 5f d6 68 16 40 f9 ?? ?? ?? b4 ff 07 00 f9 ff 13 00 39`,
  },
  {
    fn: "SSL_write",
    machine: "aarch64",
    from: "Claude Code 2.1.330",
    bytes: `
      ff 43 01 d1 fd 7b 02 a9 f6 57 03 a9 f4 4f 04 a9 fd 83 00 91 ?? ?? ?? ?? ?? ?? ?? ?? f5 03 02 2a
      f4 03 01 aa f3 03 00 aa a8 83 1f f8 08 18 40 f9 1f c5 00 b9 ?? ?? ?? ?? ?? ?? ?? ?? 1f 00 00 b9
      68 4e 40 f9 68 02 00 b4 ?? ?? ?? ?? ?? ?? ?? ?? 00 02 80 52 e1 03 1f 2a 42 08 80 52 ?? ?? ?? 52
      ?? ?? ?? ?? 00 00 80 12 a8 83 5f f8 ?? ?? ?? ?? ?? ?? ?? ?? 3f 01 08 eb ?? ?? ?? 54 f4 4f 44 a9
      f6 57 43 a9 fd 7b 42 a9 ff 43 01 91 c0 03 5f d6 68 16 40 f9 ?? ?? ?? b4 ff 0b 00 f9 ff 33 00 39`,
  },
  {
    fn: "SSL_free",
    machine: "x86_64",
    from: "Bun 1.1.45 and 1.2.4",
    bytes: `
      55 48 89 e5 41 56 53 48 89 fb 48 8d 57 78 bf ?? ?? ?? ?? 48 89 de e8 ?? ?? ?? ?? 4c 8b 73 08 48
      c7 43 08 00 00 00 00 4d 85 f6 74 1a 4c 89 f7 e8 ?? ?? ?? ?? b8 ?? ?? ?? ?? 48 85 c0 74 ?? 4c 89
      f7 e8 ?? ?? ?? ?? 48 8b 03 48 85 c0 74 06 48 89 df ff 50 10 48 8b bb 90 00 00 00`,
  },
  {
    fn: "SSL_free",
    machine: "x86_64",
    from: "Bun 1.2.8 to 1.2.20",
    bytes: `
      55 48 89 e5 41 56 53 48 89 fb 48 8d 57 78 bf ?? ?? ?? ?? 48 89 de e8 ?? ?? ?? ?? 4c 8b 73 08 48
      c7 43 08 00 00 00 00 4d 85 f6 74 1e 4c 89 f7 e8 ?? ?? ?? ?? b8 ?? ?? ?? ?? 48 85 c0 0f 84 ?? ??
      ?? ?? 4c 89 f7 e8 ?? ?? ?? ?? 48 8b 03 48 85 c0 74 06 48 89 df ff 50 10 48 8b bb 90 00 00 00`,
  },
  {
    fn: "SSL_free",
    machine: "x86_64",
    from: "Bun 1.2.23 to 1.3.10",
    bytes: `
      55 48 89 e5 41 56 53 48 89 fb 48 8d 77 78 bf ?? ?? ?? ?? e8 ?? ?? ?? ?? 4c 8b 73 08 48 c7 43 08
      00 00 00 00 4d 85 f6 74 1e 4c 89 f7 e8 ?? ?? ?? ?? b8 ?? ?? ?? ?? 48 85 c0 0f 84 ?? ?? ?? ?? 4c
      89 f7 e8 ?? ?? ?? ?? 48 8b 03 48 85 c0 74 06 48 89 df ff 50 10 48 8b bb 90 00 00 00`,
  },
  {
    fn: "SSL_free",
    machine: "x86_64",
    from: "Bun 1.3.14",
    bytes: `
      55 48 89 e5 41 56 53 48 89 fb 48 8d 77 78 bf ?? ?? ?? ?? e8 ?? ?? ?? ?? 4c 8b 73 08 48 c7 43 08
      00 00 00 00 4d 85 f6 74 25 4c 89 f7 e8 ?? ?? ?? ?? 4c 89 f7 e8 ?? ?? ?? ?? 4c 89 f7 31 f6 48 89
      c2 e8 ?? ?? ?? ?? 4c 89 f7 e8 ?? ?? ?? ?? 48 8b 03 48 85 c0 74 06 48 89 df ff 50 10 4c 8b b3 90
      00 00 00`,
  },
  {
    fn: "SSL_free",
    machine: "x86_64",
    from: "Bun 1.3.12, Claude Code 2.1.122 and 2.1.156",
    bytes: `
      55 48 89 e5 41 56 53 48 89 fb 48 8d 77 78 bf ?? ?? ?? ?? e8 ?? ?? ?? ?? 4c 8b 73 08 48 c7 43 08
      00 00 00 00 4d 85 f6 74 3c 4c 89 f7 e8 ?? ?? ?? ?? b8 ?? ?? ?? ?? 48 85 c0 74 0a 4c 89 f7 e8 ??
      ?? ?? ?? eb 20 49 8b 56 f8 49 83 c6 f8 48 83 c2 08 74 0a 4c 89 f7 31 f6 e8 ?? ?? ?? ?? 4c 89 f7
      e8 ?? ?? ?? ?? 48 8b 03 48 85 c0 74 06 48 89 df ff 50 10 48 8b bb 90 00 00 00`,
  },
  {
    fn: "SSL_free",
    machine: "x86_64",
    from: "Bun 1.4.0 to 1.4.5, Claude Code 2.1.199 to 2.1.330",
    bytes: `
      55 48 89 e5 41 56 53 48 89 fb 48 8d 77 78 bf ?? ?? ?? ?? e8 ?? ?? ?? ?? 4c 8b 73 08 48 c7 43 08
      00 00 00 00 4d 85 f6 74 26 4c 89 f7 e8 ?? ?? ?? ?? 4c 89 f7 e8 ?? ?? ?? ?? 4c 89 f7 31 f6 48 89
      c2 ff 15 ?? ?? ?? ?? 4c 89 f7 e8 ?? ?? ?? ?? 48 8b 03 48 85 c0 74 06 48 89 df ff 50 10 4c 8b b3
      90 00 00 00`,
  },
  {
    fn: "SSL_free",
    machine: "aarch64",
    from: "Bun 1.2.23 to 1.3.5, Claude Code 2.1.122",
    bytes: `
      fd 7b bc a9 f7 0b 00 f9 f6 57 02 a9 f4 4f 03 a9 fd 03 00 91 f3 03 00 aa ?? ?? ?? ?? ?? ?? ?? ??
      61 e2 01 91 ?? ?? ?? ?? 74 06 40 f9 7f 06 00 f9 ?? ?? ?? ?? ?? ?? ?? ?? d4 00 00 b4 e0 03 14 aa
      ?? ?? ?? ?? ?? ?? ?? b4 e0 03 14 aa ?? ?? ?? ?? 68 02 40 f9 88 00 00 b4 08 09 40 f9 e0 03 13 aa
      00 01 3f d6 60 4a 40 f9`,
  },
  {
    fn: "SSL_free",
    machine: "aarch64",
    from: "Bun 1.3.14",
    bytes: `
      fd 7b bd a9 f6 57 01 a9 f4 4f 02 a9 fd 03 00 91 f3 03 00 aa ?? ?? ?? ?? ?? ?? ?? ?? 61 e2 01 91
      ?? ?? ?? ?? 74 06 40 f9 7f 06 00 f9 b4 00 00 b4 e0 03 14 aa ?? ?? ?? ?? e0 03 14 aa ?? ?? ?? ??
      68 02 40 f9 88 00 00 b4 08 09 40 f9 e0 03 13 aa 00 01 3f d6 60 4a 40 f9`,
  },
  {
    fn: "SSL_free",
    machine: "aarch64",
    from: "Bun 1.4.0 to 1.4.5, Claude Code 2.1.330",
    bytes: `
      fd 7b bd a9 f6 57 01 a9 f4 4f 02 a9 fd 03 00 91 f3 03 00 aa ?? ?? ?? ?? ?? ?? ?? ?? 61 e2 01 91
      ?? ?? ?? ?? 74 06 40 f9 7f 06 00 f9 74 01 00 b4 e0 03 14 aa ?? ?? ?? ?? e0 03 14 aa ?? ?? ?? ??
      e2 03 00 aa e0 03 14 aa e1 03 1f 2a ?? ?? ?? ?? e0 03 14 aa ?? ?? ?? ?? 68 02 40 f9 88 00 00 b4
      08 09 40 f9 e0 03 13 aa 00 01 3f d6 74 4a 40 f9`,
  },
];
