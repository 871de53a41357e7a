/**
 * Which programs go on which functions of the C libraries.
 *
 * @module
 */
import type { ElfImage } from "../../../bpf/elf/image.ts";
import type { ElfSymbol } from "../../../bpf/elf/symbols.ts";
import type { Probe, ProbeProgram } from "./types.ts";

/** A function with the program for its entry, and that for its return. */
interface Rule {
  readonly name: string;
  readonly enter: ProbeProgram;
  readonly exit?: ProbeProgram;
}

/** A library's functions: it is there when all of `needed` are, and each of `extra` is taken where it is. */
export interface Functions {
  readonly needed: readonly Rule[];
  readonly extra: readonly Rule[];
}

/** OpenSSL 1.0 to 3 and BoringSSL. */
export const OPENSSL: Functions = {
  needed: [
    { name: "SSL_write", enter: "ssl_write_enter", exit: "ssl_write_exit" },
    { name: "SSL_read", enter: "ssl_read_enter", exit: "ssl_read_exit" },
  ],
  extra: [
    { name: "SSL_write_ex", enter: "ssl_write_ex_enter", exit: "ssl_write_ex_exit" }, // since 1.1.1
    { name: "SSL_read_ex", enter: "ssl_read_ex_enter", exit: "ssl_read_ex_exit" },
    { name: "SSL_free", enter: "ssl_free" },
    { name: "SSL_set_fd", enter: "ssl_set_fd" },
    { name: "SSL_do_handshake", enter: "ssl_handshake" },
    { name: "SSL_set_rfd", enter: "ssl_set_fd" },
  ],
};

/** GnuTLS 3: `(session, data, size)` and a signed length back, as with OpenSSL. */
export const GNUTLS: Functions = {
  needed: [
    { name: "gnutls_record_send", enter: "ssl_write_enter", exit: "ssl_write_exit" },
    { name: "gnutls_record_recv", enter: "ssl_read_enter", exit: "ssl_read_exit" },
  ],
  extra: [
    { name: "gnutls_deinit", enter: "ssl_free" },
    { name: "gnutls_transport_set_int2", enter: "ssl_set_fd" }, // (session, fd to read, fd to write)
  ],
};

/** All names that a library's functions have. */
export function namesOf(functions: Functions): string[] {
  return [...functions.needed, ...functions.extra].map((rule) => rule.name);
}

/** The probes of a library, or undefined if not all that it needs is found. */
export function probesOf(
  image: ElfImage,
  functions: Functions,
  find: (name: string) => ElfSymbol | undefined,
): Probe[] | undefined {
  const probes: Probe[] = [];
  for (const rule of functions.needed) {
    const made = probesAt(image, rule, find);
    if (made === undefined) return undefined;
    probes.push(...made);
  }
  for (const rule of functions.extra) probes.push(...probesAt(image, rule, find) ?? []);
  return probes;
}

function probesAt(
  image: ElfImage,
  rule: Rule,
  find: (name: string) => ElfSymbol | undefined,
): Probe[] | undefined {
  const symbol = find(rule.name);
  const offset = symbol && image.codeOffsetOf(symbol.address);
  if (offset === undefined) return undefined;
  const probes: Probe[] = [{ program: rule.enter, onReturn: false, offset }];
  if (rule.exit !== undefined) probes.push({ program: rule.exit, onReturn: true, offset });
  return probes;
}
