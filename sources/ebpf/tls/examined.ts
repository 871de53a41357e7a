/**
 * What a look at a file gives.
 *
 * @module
 */
import type { TlsImage } from "./types.ts";

/** What was found in a file. */
export interface Examined {
  readonly tls: TlsImage | undefined;
  /** Why TLS code that is there cannot be probed, in words that follow the file's name and a colon. */
  readonly note?: string | undefined;
}
