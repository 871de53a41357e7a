/**
 * What the search for TLS functions needs to know of an architecture, and the code that it searches.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { ElfImage, Segment } from "../../bpf/elf/image.ts";

/** What differs between the architectures. */
export interface Architecture {
  /** Offsets in the code of what loads the address. */
  references(code: Code, address: number): number[];
  /** The start of the function that the offset is in. */
  start(code: Code, at: number): number | undefined;
  /** Constants loaded around a reference, among them an error's reason and line. */
  constants(code: Code, at: number): number[];
  /** The call of `method->ssl_free` in the destructor. */
  readonly free: readonly RegExp[];
  /** What `SSL_read` does and `SSL_peek` does not: it moves `pending_app_data` on, which is 128 bytes into `s3`. */
  readonly consumes: RegExp;
  /** A function's first bytes, with `??` for what differs from build to build. */
  pattern(code: Code, at: number, length: number): string[];
}

/** An executable segment in memory. */
export class Code {
  readonly bytes: Buffer;
  /** One character a byte, for regular expressions. */
  readonly text: string;

  constructor(image: ElfImage, readonly segment: Segment, readonly loaded: readonly Segment[]) {
    const bytes = image.file.read(segment.offset, segment.size);
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.text = this.bytes.toString("latin1");
  }

  /** The address of the byte at an offset. */
  address(at: number): number {
    return this.segment.address + at;
  }

  /** True of an address that the program has something at. */
  maps(address: number): boolean {
    return this.loaded.some((segment) => address >= segment.address && address < segment.address + segment.size);
  }

  /** Two digits for each of the bytes. */
  digits(at: number, length: number): string[] {
    return Array.from(this.bytes.subarray(at, at + length), (byte) => byte.toString(16).padStart(2, "0"));
  }
}

/** Matches bytes in {@linkcode Code.text}: two hexadecimal digits, or `??` for any. */
export function bytesLike(pattern: string): RegExp {
  return new RegExp(pattern.split(" ").map((digits) => digits === "??" ? "[^]" : `\\x${digits}`).join(""), "g");
}

/** Numbers that are passed with an error in BoringSSL's `ssl_lib.cc` and are its line; reasons are smaller. */
export const isLine = (number: number): boolean => number >= 500 && number <= 3000;
