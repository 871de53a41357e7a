/**
 * Reads capture records. Any bytes may come: nothing here throws, and tables are bounded.
 *
 * @module
 */
import type { Event, Process, Stream } from "../../pipeline/event.ts";
import { CHUNK, CHUNK_HEAD, EVENT, FLAG_EOF, MAX_BODY, MEDIA, PROCESS, RECORD_HEAD, STREAM } from "./format.ts";

/** Processes and streams kept at once; the oldest are forgotten. */
const MAX_ENTRIES = 1 << 18;

const decoder = new TextDecoder();

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Fields = Record<string, unknown>;

/** Turns records into events whose bytes lie in the given blocks. */
export class CaptureDecoder {
  /** Why reading stopped, once it did: a record that cannot be. */
  damage: string | undefined;
  /** Records of an unknown type or with a body that makes no sense; they were passed over. */
  skipped = 0;
  readonly #source: string;
  readonly #processes = new Map<number, Process>();
  readonly #streams = new Map<number, Mutable<Stream>>();
  #nextStream = 1;

  constructor(source: string) {
    this.#source = source;
  }

  /**
   * Decodes whole records of `block` from `at` until `out` has `limit` events. Returns where it stopped: the rest,
   * less than a record or more events, is to be given again.
   */
  decode(block: Uint8Array, at: number, out: Event[], limit: number): number {
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    while (out.length < limit && at + RECORD_HEAD <= block.length && this.damage === undefined) {
      const size = view.getUint32(at, true);
      if (size > MAX_BODY) {
        this.damage = `a record of ${size} bytes`;
        break;
      }
      const body = at + RECORD_HEAD, end = body + size;
      if (end > block.length) break;
      this.#record(block, view, block[at + 4]!, block[at + 5]!, body, end, out);
      at = end;
    }
    return at;
  }

  /** Bytes that the record at `at` needs in all, or RECORD_HEAD if not even its head is there. */
  static needed(block: Uint8Array, at: number): number {
    if (at + RECORD_HEAD > block.length) return RECORD_HEAD;
    return RECORD_HEAD + new DataView(block.buffer, block.byteOffset).getUint32(at, true);
  }

  #record(block: Uint8Array, view: DataView, type: number, flags: number, at: number, end: number, out: Event[]): void {
    if (type === CHUNK && end - at >= CHUNK_HEAD) {
      const stream = this.#stream(view.getUint32(at + 8, true));
      out.push({
        kind: "chunk",
        time: finite(view.getFloat64(at, true)),
        source: this.#source,
        process: this.#processes.get(view.getUint32(at + 12, true)),
        peer: this.#processes.get(view.getUint32(at + 16, true)),
        stream,
        buffer: block,
        start: at + CHUNK_HEAD,
        end,
        lost: view.getUint32(at + 20, true),
        eof: (flags & FLAG_EOF) !== 0,
      });
    } else if (type === STREAM && end - at >= 12) {
      this.#define(view.getUint32(at, true), view.getUint32(at + 4, true), view.getUint32(at + 8, true));
    } else if (type === PROCESS || type === EVENT) {
      const fields = parse(block.subarray(at, end));
      if (fields === undefined) this.skipped++;
      else if (type === PROCESS) this.#process(fields);
      else this.#event(fields, out);
    } else {
      this.skipped++; // of a later version, or damaged
    }
  }

  #stream(ref: number): Mutable<Stream> {
    let stream = this.#streams.get(ref);
    if (stream === undefined) {
      stream = { id: this.#nextStream++, medium: "pipe", reverse: undefined };
      keep(this.#streams, ref, stream);
    }
    return stream;
  }

  #define(ref: number, reverse: number, medium: number): void {
    const stream = this.#stream(ref); // may be there already: named as another's reverse
    stream.medium = MEDIA[medium] ?? "pipe";
    if (reverse !== 0 && reverse !== ref) stream.reverse = this.#stream(reverse);
  }

  #process(fields: Fields): void {
    const { ref, pid, comm } = fields;
    if (typeof ref !== "number" || typeof pid !== "number" || typeof comm !== "string") {
      this.skipped++;
      return;
    }
    const { args } = fields;
    keep(this.#processes, ref, {
      pid,
      comm,
      name: text(fields.name) ?? comm,
      ppid: typeof fields.ppid === "number" ? fields.ppid : undefined,
      exe: text(fields.exe),
      args: Array.isArray(args) && args.every((arg) => typeof arg === "string") ? args : undefined,
      cgroup: text(fields.cgroup),
      container: text(fields.container),
    });
  }

  #event(fields: Fields, out: Event[]): void {
    const base = {
      time: typeof fields.time === "number" ? fields.time : 0,
      source: this.#source,
      process: this.#processes.get(Number(fields.process)),
      peer: this.#processes.get(Number(fields.peer)),
      stream: fields.stream === undefined ? undefined : this.#streams.get(Number(fields.stream)),
      message: text(fields.message) ?? "",
    };
    if (fields.kind === "gap") {
      const lost: { records?: number; bytes?: number; messages?: number } = {};
      for (const unit of ["records", "bytes", "messages"] as const) {
        const n = (fields.lost as Fields | undefined)?.[unit];
        if (typeof n === "number") lost[unit] = n;
      }
      const cpu = typeof fields.cpu === "number" ? fields.cpu : undefined;
      out.push({ kind: "gap", ...base, reason: text(fields.reason) ?? "unknown", lost, cpu });
    } else if (fields.kind === "finding") {
      const severity = fields.severity === "error" || fields.severity === "info" ? fields.severity : "warning";
      out.push({
        kind: "finding",
        ...base,
        rule: text(fields.rule) ?? "unknown",
        severity,
        evidence: text(fields.evidence),
      });
    } else {
      this.skipped++;
    }
  }
}

function parse(bytes: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A time that a Date can hold. */
function finite(time: number): number {
  return Math.abs(time) <= 8.64e15 ? time : 0;
}

function keep<V>(map: Map<number, V>, ref: number, value: V): void {
  if (map.size >= MAX_ENTRIES) {
    const oldest = map.keys().next();
    if (!oldest.done) map.delete(oldest.value);
  }
  map.set(ref, value);
}
