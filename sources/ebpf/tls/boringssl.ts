/**
 * BoringSSL in programs without symbols, found by the bytes of its functions.
 *
 * @module
 */
import { BORINGSSL_PATTERNS } from "../../../bpf/elf/boringssl_patterns.ts";
import { type ElfImage, PF_W, PF_X, PT_LOAD, type Segment } from "../../../bpf/elf/image.ts";
import type { Pace } from "../../../bpf/elf/pace.ts";
import { findPatterns, type PatternImage, worthScanning } from "../../../bpf/elf/patterns.ts";
import type { Examined } from "./examined.ts";
import type { Probe } from "./types.ts";

/** Examines a file; undefined if there is no sign of BoringSSL. */
export async function examineStripped(image: ElfImage, pace: Pace): Promise<Examined | undefined> {
  const part = (wanted: (segment: Segment) => boolean): PatternImage => ({
    segments: image.segments.filter((segment) => segment.type === PT_LOAD && wanted(segment)),
    read: (offset, length) => image.file.read(offset, length),
  });
  const code = part(({ flags }) => (flags & PF_X) !== 0);
  const constants = part(({ flags }) => (flags & (PF_X | PF_W)) === 0);
  const rest = (): Promise<void> | undefined => pace.rest();
  if (!await worthScanning(code.segments, constants, rest)) return undefined;
  const table = BORINGSSL_PATTERNS.filter(({ machine }) => machine === image.machine);
  const matches = await findPatterns(code, table, rest);
  if (matches === undefined) {
    return {
      tls: undefined,
      note: "it has BoringSSL inside in a build that is not known, so what it sends is not seen",
    };
  }
  const probes: Probe[] = [];
  for (const { fn, offset } of matches) {
    if (fn === "SSL_free") {
      probes.push({ program: "ssl_free", onReturn: false, offset });
    } else {
      const call = fn === "SSL_read" ? "ssl_read" : "ssl_write";
      probes.push({ program: `${call}_enter`, onReturn: false, offset });
      probes.push({ program: `${call}_exit`, onReturn: true, offset });
    }
  }
  const from = matches.find(({ fn }) => fn === "SSL_read")?.from;
  return { tls: { library: "boringssl", version: from && `as in ${from}`, probes } };
}
