/**
 * What a disk buffer is told, and what it tells.
 *
 * @module
 */

/** What becomes of records when there is no room, in the buffer or on the disk. */
export type WhenFull = "block" | "drop_oldest" | "drop_newest";

/**
 * Why records were dropped. `buffer_full`: no room; `disk_error`: the disk did not take them; `too_large`: a record beyond the
 * limit; `too_old`: they waited too long; `damaged`: their bytes were not what was written; `removed`: their files were.
 */
export type DropReason = "buffer_full" | "disk_error" | "too_large" | "too_old" | "damaged" | "removed";

/** How a buffer is opened. */
export interface DiskBufferOptions {
  /** Its folder; made if it is not there. */
  readonly dir: string;
  /** What the records are, at most 12 ASCII characters: `otlp/1`. */
  readonly format: string;
  /** Bytes of files at most. */
  readonly maxBytes: number;
  /** Records that are older are dropped, in milliseconds. */
  readonly maxAgeMs: number;
  /** Bytes of a record at most. */
  readonly maxRecordBytes: number;
  /** What happens when it is full. */
  readonly whenFull: WhenFull;
  /** Whether files are closed, and new ones made, with waiting for the disk. */
  readonly sync: boolean;
  /** Bytes of a segment, about; by default an eighth of `maxBytes`, at most 32 MiB. */
  readonly segmentBytes?: number | undefined;
  /** Told of every record that is dropped. The number is exact but where files are damaged: then it is what is known. */
  readonly onDropped: (reason: DropReason, records: number) => void;
  /** Told, in a sentence, of what an operator should know. */
  readonly onProblem: (message: string) => void;
}

/** A record that was read. */
export interface StoredRecord {
  /** Unique for ever: `<buffer, 16 hex digits>-<number>`. */
  readonly id: string;
  /** When it was added, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** Its bytes. Not to be changed. */
  readonly bytes: Uint8Array;
}

/** Records that were read together and are acknowledged together. */
export interface Portion {
  /** In the order in which they were added. */
  readonly records: readonly StoredRecord[];
  /** Sum of their lengths. */
  readonly bytes: number;
}

/** A buffer at one moment. */
export interface DiskBufferStats {
  /** Records that are not acknowledged. */
  readonly records: number;
  /** Bytes of its files. */
  readonly bytes: number;
  /** Files with records. */
  readonly segments: number;
  /** When the oldest record that is not acknowledged was added, in milliseconds since the Unix epoch; undefined if there is none. */
  readonly oldest: number | undefined;
}
