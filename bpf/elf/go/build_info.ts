/**
 * The Go version that a program was built with. Format: Go's `debug/buildinfo`.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type ElfImage, PF_W, PF_X, PT_LOAD, u64, view } from "../image.ts";
import type { Range } from "../scan.ts";

const MAGIC = Buffer.from("\xff Go buildinf:", "latin1");
/** The block stands at a multiple of it. */
const ALIGN = 16;
/** Bytes at the start of the data that are searched where no section names the block. */
const MAX_SEARCH = 64 << 10;
/** Longest version looked at: `go1.26.8`, `devel go1.27-0a1b2c Tue …`. */
const MAX_VERSION = 128;

/** The version as Go writes it, `go1.26.8`; empty if it cannot be read; undefined if this is no Go program. */
export function goVersion(image: ElfImage): string | undefined {
  for (const range of places(image)) {
    const bytes = image.file.read(range.offset, Math.min(range.size, MAX_SEARCH));
    const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = block.indexOf(MAGIC); at >= 0; at = block.indexOf(MAGIC, at + 1)) {
      if (at % ALIGN === 0 && at + 32 <= block.length) return versionIn(image, block.subarray(at));
    }
  }
  return undefined;
}

function places(image: ElfImage): Range[] {
  const section = image.section(".go.buildinfo");
  if (section !== undefined) return [section];
  return image.segments.filter((s) => s.type === PT_LOAD && (s.flags & (PF_W | PF_X)) === PF_W);
}

function versionIn(image: ElfImage, block: Buffer): string {
  const inline = (block[15]! & 2) !== 0; // since Go 1.18
  if (inline) {
    const length = block[32] ?? 0;
    return length <= 127 ? block.toString("utf8", 33, 33 + length) : ""; // a longer one has a longer length field
  }
  if (block[14] !== 8) return "";
  const text = view(image.readAt(u64(view(block), 16), 16).slice()); // a Go string: address, length
  if (text.byteLength < 16) return "";
  return Buffer.from(image.readAt(u64(text, 0), Math.min(u64(text, 8), MAX_VERSION) || 0)).toString("utf8");
}

/** The 26 of `go1.26.8`; undefined if the text has no such number. */
export function goMinor(version: string): number | undefined {
  const minor = /\bgo1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
