/**
 * TLS plaintext: which processes use which TLS code, and the probes on it.
 *
 * @module
 */
export { type TlsHooks, TlsProbes } from "./probes.ts";
export type { Attacher, Detach, Probe, ProbeProgram, TlsImage, TlsLibrary } from "./types.ts";
export { cookieOf, libraryOf } from "./types.ts";
