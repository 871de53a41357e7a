/**
 * The capture file: what a source saw, byte for byte, so that it can be replayed. docs/capture-format.md is its
 * description; all integers are little endian.
 *
 * @module
 */

/** The first bytes of every capture file: name, then version as a 32-bit integer, then four zero bytes. */
export const MAGIC: Uint8Array<ArrayBuffer> = new TextEncoder().encode("MCPSONDE");

/** The format's version. */
export const VERSION = 1;

/** Size of the file's head. */
export const FILE_HEAD = 16;

/** Size of a record's head: length of the body (u32), type (u8), flags (u8), two zero bytes. */
export const RECORD_HEAD = 8;

/** A body longer than this is damage. One chunk is at most 8 MiB; the rest is room for other sources. */
export const MAX_BODY = 32 << 20;

/** Record types. */
export const PROCESS = 1, STREAM = 2, CHUNK = 3, EVENT = 4;

/** Flag of a CHUNK record: the stream's last. */
export const FLAG_EOF = 1;

/** Body of a CHUNK record before its data: time (f64), stream, process, peer, bytes lost before (u32 each). */
export const CHUNK_HEAD = 24;

/** Media by their number in a STREAM record. */
export const MEDIA = ["pipe", "unix", "tcp", "tls"] as const;

/** The file's head. */
export function fileHead(): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(FILE_HEAD);
  head.set(MAGIC);
  new DataView(head.buffer).setUint32(8, VERSION, true);
  return head;
}

/** What is wrong with a file's head; undefined if nothing is. */
export function headProblem(head: Uint8Array): string | undefined {
  if (head.length < FILE_HEAD || MAGIC.some((byte, i) => head[i] !== byte)) return "not a mcpsonde capture";
  const version = new DataView(head.buffer, head.byteOffset).getUint32(8, true);
  return version === VERSION
    ? undefined
    : `a capture of format version ${version}, and this mcpsonde reads version ${VERSION}`;
}
