/**
 * A queue on the disk: bounded, in order, and there again after a crash.
 *
 * @module
 */
export { DiskBuffer } from "./buffer.ts";
export type { DiskBufferOptions, DiskBufferStats, DropReason, Portion, StoredRecord, WhenFull } from "./types.ts";
