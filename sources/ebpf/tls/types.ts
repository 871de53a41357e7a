/**
 * What is known of a file that holds TLS code, and who attaches the programs to it.
 *
 * @module
 */

/** Programs in bpf/capture.bpf.c by role. What GnuTLS has with the arguments of OpenSSL takes OpenSSL's programs. */
export type ProbeProgram =
  | "ssl_write_enter"
  | "ssl_write_exit"
  | "ssl_read_enter"
  | "ssl_read_exit"
  | "ssl_write_ex_enter"
  | "ssl_write_ex_exit"
  | "ssl_read_ex_enter"
  | "ssl_read_ex_exit"
  | "ssl_free"
  | "ssl_set_fd"
  | "ssl_handshake"
  | "go_write"
  | "go_read_enter"
  | "go_read_exit"
  | "go_close"
  | "rustls_write_enter"
  | "rustls_write_exit"
  | "rustls_read_enter"
  | "rustls_read_exit";

/** One probe. */
export interface Probe {
  readonly program: ProbeProgram;
  /** True: when the function returns (uretprobe). False: before the instruction at `offset`. */
  readonly onReturn: boolean;
  /** Offset in the file. */
  readonly offset: number;
}

/** Whose code it is. */
export type TlsLibrary = "openssl" | "boringssl" | "gnutls" | "go" | "rustls";

const LIBRARIES: readonly TlsLibrary[] = ["openssl", "boringssl", "gnutls", "go", "rustls"];

/** The number by which a probe tells whose code it is on; from 1. */
export function cookieOf(library: TlsLibrary): number {
  return LIBRARIES.indexOf(library) + 1;
}

/** The library that a probe told of by its number. */
export function libraryOf(cookie: number): TlsLibrary | undefined {
  return LIBRARIES[cookie - 1];
}

/** TLS code in one file. */
export interface TlsImage {
  readonly library: TlsLibrary;
  /** As far as the file tells: `3.0.19`, `3.0.3 or later`, `go1.26.8`. */
  readonly version: string | undefined;
  readonly probes: readonly Probe[];
}

/** Takes a probe off; may go on for a while after it returned. */
export type Detach = () => void | Promise<void>;

/** Puts programs on probes. */
export interface Attacher {
  /**
   * Attaches a program at offsets of the file at `path` for all processes, before the instructions there or, if
   * `onReturn`, at the returns of the functions that start there. All or none. Returns what detaches it. Throws.
   */
  attach(
    program: ProbeProgram,
    onReturn: boolean,
    offsets: readonly number[],
    path: string,
    library: TlsLibrary,
  ): Detach;
}
