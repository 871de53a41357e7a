/**
 * The numbers of the capture file format, version 1; `docs/capture-format.md` describes it.
 *
 * @module
 */
import type { Medium } from "../../pipeline/event.ts";

/** First bytes of a file. As with PNG, they show when the file went through something that changes line ends. */
export const MAGIC: Uint8Array = Uint8Array.of(0x89, 0x4d, 0x43, 0x50, 0x53, 0x0d, 0x0a, 0x1a);
/** The version that is written. */
export const VERSION = 1;
/** Bytes before the first record. */
export const HEADER_BYTES = 32;
/** Bytes before a record's body: size of the body (u32), type (u8), flags (u8), zero (u16). */
export const RECORD_BYTES = 8;
/** Bytes of a chunk record's body before the data. */
export const CHUNK_BYTES = 32;
/** A body is never larger. */
export const MAX_BODY: number = 32 * 1024 * 1024;
/** Data of a larger chunk is split over several records. */
export const MAX_DATA: number = 16 * 1024 * 1024;
/** Stands for "none" where an id is expected. */
export const NONE = 0xffffffff;

/** Types of records. A reader skips those that it does not know. */
export const RecordType = {
  source: 1,
  process: 2,
  stream: 3,
  link: 4,
  chunk: 5,
  event: 6,
  forget: 7,
  ends: 8,
} as const;
/** Bit of a chunk record's flags. */
export const EOF = 1;

/** Media by their code. */
export const MEDIA: readonly Medium[] = ["pipe", "unix", "tcp", "tls", "sensor"];

/** How many ids of a kind may be in use at once. */
export const MAX_IDS = { source: 4096, process: 65_536, stream: 65_536 } as const;
/** Code of a kind in a `forget` record. */
export const KIND = { source: 0, process: 1, stream: 2 } as const;
