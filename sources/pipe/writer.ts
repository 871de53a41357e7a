/**
 * One that writes lines to us: a connection, or a named pipe.
 *
 * @module
 */
import type { FindingEvent, GapEvent, Process } from "../../pipeline/event.ts";
import { several } from "../../pipeline/wording.ts";
import { LineSplitter } from "../../protocols/jsonrpc/mod.ts";
import { forgetLines, type SensorLines, type SensorRecord } from "../../protocols/sensor/mod.ts";
import { type Peer, pidsOf } from "./peer.ts";

type Notice = Omit<GapEvent, "kind" | "time" | "source">;

/** Read at once, in bytes; lines share buffers. */
const BLOCK = 64 * 1024, LEAST = 16 * 1024;

/** A line, and who wrote it. */
export interface Received {
  readonly record: SensorRecord;
  readonly writer: Writer;
  /** What it says of when it happened, or when it came: milliseconds since the epoch. */
  readonly time: number;
  /** When it came. */
  readonly receivedAt: number;
  /** Counts what came. */
  readonly order: number;
}

let received = 0;

/** Splits what one writer writes. */
export class Writer {
  /** Its process, if the kernel says so. */
  readonly process: Process | undefined;
  readonly peer: Peer | undefined;
  /** Set once it has claimed to be another process. */
  claimed: number | undefined;
  readonly #lines: SensorLines;
  readonly #splitter: LineSplitter;
  #buffer = new Uint8Array(0);
  #at = 0;
  #unreadable = 0;
  #bytes = 0;
  #pids: readonly number[] | undefined;

  /** `peer` is undefined where nothing tells who it is. */
  constructor(lines: SensorLines, maxLine: number, peer: Peer | undefined, process: Process | undefined) {
    this.#lines = lines;
    this.#splitter = new LineSplitter(maxLine);
    this.peer = peer;
    this.process = process;
  }

  /** Bytes of a line without an end. */
  get unfinished(): number {
    return this.#splitter.partial;
  }

  /** Room to read into. */
  room(): Uint8Array {
    if (this.#buffer.length - this.#at < LEAST) {
      this.#buffer = new Uint8Array(BLOCK);
      this.#at = 0;
    }
    return this.#buffer.subarray(this.#at);
  }

  /** So many bytes were read into the room at that time: gives the records among them. */
  read(count: number, now: number, give: (received: Received) => void): void {
    forgetLines(); // the buffer holds more than it did
    const splitter = this.#splitter, from = this.#at;
    this.#at += count;
    splitter.push(this.#buffer, from, from + count);
    while (splitter.next()) {
      const { buffer, start, end } = splitter;
      const record = this.#lines.read(buffer, start, end);
      if (typeof record !== "string") {
        give({ record: this.#own(record), writer: this, time: record.time ?? now, receivedAt: now, order: received++ });
      } else if (record !== "blank") {
        this.#unreadable++;
        this.#bytes += end - start;
      }
    }
  }

  /** What was passed over since the last time. */
  notices(): Notice[] {
    const notices: Notice[] = [], splitter = this.#splitter;
    if (this.#unreadable > 0) {
      notices.push({
        reason: "unreadable_line",
        message:
          `${several(this.#unreadable, "line")} of ${this.name} ${this.#unreadable === 1 ? "is" : "are"} none of a ` +
          `sensor (${several(this.#bytes, "byte")})`,
        lost: { records: this.#unreadable, bytes: this.#bytes },
      });
      this.#unreadable = this.#bytes = 0;
    }
    if (splitter.skipped > 0 && !splitter.skipping) {
      notices.push({
        reason: "too_large",
        message: `A line of ${this.name} is over the limit (max_line): ${several(splitter.skipped, "byte")}`,
        lost: { records: 1, bytes: splitter.skipped },
      });
      splitter.skipped = 0;
    }
    return notices;
  }

  /** The end of it. */
  end(): Notice[] {
    const splitter = this.#splitter, left = splitter.partial + splitter.skipped;
    const notices = this.notices();
    if (left > 0 && (splitter.partial > 0 || splitter.skipped > 0)) {
      notices.push({
        reason: "torn",
        message: `${this.name} ended in the middle of a line: ${several(left, "byte")}`,
        lost: { records: 1, bytes: left },
      });
    }
    return notices;
  }

  /** What a person would call it. */
  get name(): string {
    const { process, peer } = this;
    if (process !== undefined) return `${process.name}[${process.pid}]`;
    return peer === undefined ? "A writer" : `The process ${peer.pid}`;
  }

  /** A process speaks for itself only: what it says of itself is known by the kernel. */
  #own(record: SensorRecord): SensorRecord {
    const { peer } = this;
    if (peer === undefined || record.pid === undefined || record.pid === peer.pid) return record;
    this.#pids ??= pidsOf(peer.pid); // in a container it has another pid
    if (!this.#pids.includes(record.pid)) this.claimed ??= record.pid;
    return { ...record, pid: peer.pid };
  }
}

/** A process said that it is another one. */
export function claim(source: string, time: number, { process, name, claimed }: Writer): FindingEvent {
  return {
    kind: "finding",
    time,
    source,
    process,
    rule: "sensor.pid_mismatch",
    severity: "medium",
    message: `${name} sends events as if it were process ${claimed}: they are shown as its own`,
    category: "spoofing",
  };
}
