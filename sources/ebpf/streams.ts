/**
 * From ring records to chunks: who writes and who reads each stream, which streams are MCP, which two belong together.
 *
 * @module
 */
import {
  DATA,
  decodeEnd,
  decodeExec,
  decodeMap,
  decodeSocket,
  type EndRecord,
  FLAG_FAULT,
  FLAG_FIRST,
  FLAG_PREVIEW,
  FLAG_UNIX,
  FLAG_WRITER,
  MAX_CALL,
  type OpenEnd,
  RECORD_DATA,
  RECORD_END,
  RECORD_EOF,
  RECORD_EXEC,
  RECORD_EXIT,
  RECORD_FORK,
  RECORD_MAP,
  RECORD_SOCKET,
} from "../../bpf/records.ts";
import { isDiscarded, RECORD_HEADER, recordStride } from "../../bpf/ring.ts";
import type { Event } from "../../pipeline/event.ts";
import { Connections, flows, mayHaveLocalWriter } from "./connections.ts";
import { Delivery, READER_WAIT } from "./delivery.ts";
import { isLauncher } from "./ends.ts";
import { beginsLikeEvents } from "./http_check.ts";
import { Lifetimes } from "./lifetimes.ts";
import type { Processes } from "./processes.ts";
import { libraryOf } from "./tls/types.ts";
import { type Piece, streamKey, type Tracked } from "./tracked.ts";
import { Verdicts } from "./verdicts.ts";
import { type KernelSide, type StreamsCounts, type StreamsOptions, Workspace } from "./workspace.ts";

export type { KernelSide, StreamsCounts, StreamsOptions, TlsSide } from "./workspace.ts";

/** How long the first bytes of a TCP connection on this machine wait for their reader, ms: a busy server reads late. */
const ACCEPT_WAIT = 1000;
/** How long a server may take to come behind a program that only starts it, ms. */
const LAUNCHER_WAIT = 5000;
/** How long bytes taken at the reader wait for the writer's own, ms: a write's exit can fire after the read. */
const WRITER_WAIT = 25;

/** All streams. Feed it blocks of ring records and ticks; it gives events. */
export class Streams {
  readonly #work: Workspace;
  readonly #connections: Connections;
  readonly #delivery: Delivery;
  readonly #verdicts: Verdicts;
  readonly #lifetimes: Lifetimes;

  constructor(kernel: KernelSide, processes: Processes, options: StreamsOptions) {
    const work = this.#work = new Workspace(kernel, processes, options);
    this.#connections = new Connections(work.table, {
      reject: (t) => this.#verdicts.reject(t),
      leaveOut: (t) => this.#delivery.leaveOut(t),
      emit: (t, piece) => this.#delivery.emit(t, piece),
      wait: (t) => {
        t.deadline ??= work.now + (t.stream.medium === "tcp" ? ACCEPT_WAIT : READER_WAIT);
        work.waiting.add(t);
      },
      waitsNoMore: (t) => work.waiting.delete(t),
      wanted: options.wanted,
    });
    this.#delivery = new Delivery(work, this.#connections);
    this.#verdicts = new Verdicts(work, this.#delivery);
    this.#lifetimes = new Lifetimes(work, this.#connections, this.#delivery, this.#verdicts);
  }

  /** What was not passed on, and what was. */
  get counts(): StreamsCounts {
    return this.#work.counts;
  }

  /** Streams followed now. */
  get size(): number {
    return this.#work.table.size;
  }

  /** True if nothing waits for a tick. */
  get idle(): boolean {
    return this.#work.waiting.size === 0 && this.#lifetimes.idle;
  }

  /**
   * Takes a block of whole records; `now` is monotonic milliseconds. The events' bytes are in the block. True if there
   * were bytes of streams among them, and not only starts and ends of processes.
   */
  push(block: Uint8Array<ArrayBuffer>, now: number, out: Event[]): boolean {
    const { processes, options: { tls } } = this.#work;
    let traffic = false;
    this.#work.out = out;
    this.#work.now = now;
    const words = new Uint32Array(block.buffer, block.byteOffset, block.byteLength >> 2);
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    for (let at = 0; at + RECORD_HEADER <= block.length;) {
      const header = words[at >> 2]!;
      const record = at + RECORD_HEADER;
      at += recordStride(header);
      if (isDiscarded(header) || at > block.length) continue;
      switch (block[record]) {
        case RECORD_DATA:
          traffic = true;
          this.#data(block, words, record);
          break;
        case RECORD_END:
          this.#end(decodeEnd(view, block, record));
          break;
        case RECORD_EOF:
          this.#eof(words, record);
          break;
        case RECORD_SOCKET:
          this.#connections.tie(decodeSocket(view, record));
          break;
        case RECORD_EXEC: {
          const exec = decodeExec(view, block, record);
          processes.executed(exec);
          tls?.executed(exec.tgid);
          break;
        }
        case RECORD_MAP: {
          const { tgid, device, inode } = decodeMap(view, record);
          tls?.mapped(tgid, device, inode);
          break;
        }
        case RECORD_FORK:
          processes.forked(view.getUint32(record + 4, true), view.getUint32(record + 16, true));
          break;
        case RECORD_EXIT:
          this.#lifetimes.exited(view.getUint32(record + 4, true));
          tls?.exited(view.getUint32(record + 4, true));
          break;
      }
    }
    return traffic;
  }

  /** Does what is due: gives up waiting, looks after streams whose process exited. `last`: nothing more will come. */
  tick(now: number, out: Event[], last = false): void {
    const { waiting, kernel } = this.#work;
    this.#work.out = out;
    this.#work.now = now;
    let ends: OpenEnd[] | undefined;
    for (const t of waiting) {
      if (!last && (t.deadline === undefined || t.deadline > now)) continue;
      if (t.state === "confirmed" && t.isNet) {
        t.readerSought = true;
        if (t.reverse !== undefined) t.reverse.readerSought = true;
        this.#delivery.release(t);
      } else if (t.state === "confirmed") {
        ends ??= kernel.openEnds();
        this.#delivery.seek(t, ends);
        if (!last && t.reader !== undefined && isLauncher(t.reader.name) && now - t.heldSince < LAUNCHER_WAIT) {
          t.reader = undefined; // the server that it starts will be the reader
          t.deadline = now + READER_WAIT;
          continue;
        }
        t.readerSought = true;
        this.#delivery.release(t);
      } else if (t.side === "reader" && t.deadline !== undefined) {
        t.deadline = undefined; // no writer showed itself: the reader's bytes it is
        waiting.delete(t);
        this.#verdicts.examine(t);
      } else if (last) {
        waiting.delete(t);
      }
    }
    this.#lifetimes.tick(ends, last);
  }

  #data(block: Uint8Array, words: Uint32Array, at: number): void {
    const { now, processes, options } = this.#work;
    const w = at >> 2;
    const flags = block[at + DATA.flags]!;
    const src = words[w + 4]! + words[w + 5]! * 4294967296, dst = words[w + 6]! + words[w + 7]! * 4294967296;
    const t = this.#lifetimes.track(words[w + 1]!, src, dst, flags);
    if (t.state === "rejected" || t.state === "tls") return;
    const len = words[w + 13]!;
    const position = words[w + 8]! + words[w + 9]! * 4294967296;
    if (flags & FLAG_WRITER) {
      if (t.side !== "writer") this.#writerAppears(t);
    } else if (t.side === "writer") {
      return; // the writer's bytes are already here
    } else if (t.side === undefined) {
      t.side = "reader";
      if (mayHaveLocalWriter(t)) {
        t.deadline = now + WRITER_WAIT;
        this.#work.waiting.add(t);
      }
    }
    if (flags & FLAG_FIRST) t.expected = undefined; // the kernel began again
    let lost = position - (t.expected ?? position);
    if (flags & FLAG_FAULT) t.lossReason = "fault";
    else if (flags & FLAG_PREVIEW) t.lossReason = "before_known"; // what exceeds the preview
    else if (words[w + 12]! > MAX_CALL) t.lossReason = "too_large";
    if (lost < 0) lost = 0; // two writers at once: their order is not known
    if (len === 0) return;
    t.expected = position + len;
    const tgid = words[w + 10]!;
    let process = t.writer;
    if (flags & FLAG_WRITER) {
      if (process === undefined || process.pid !== tgid) process = t.writer = processes.get(tgid);
    }
    const time = (words[w + 2]! + words[w + 3]! * 4294967296) / 1e6 + options.bootToEpoch;
    let start = at + DATA.data;
    const end = start + len;
    if (t.stream.medium === "tls" && !this.#connections.begins(t, block, start, end, now)) return;
    if (t.side === "reader") t.tookRead(block, start, end, time);
    else if (t.readStart !== undefined) t.meetWriter(block, start, end, time);
    if (t.skip > 0) {
      const skipped = Math.min(t.skip, len);
      t.skip -= skipped;
      start += skipped;
      if (start === end) return;
    }
    this.#piece(t, { time, process, buffer: block, start, end, lost }, (flags & FLAG_PREVIEW) !== 0);
  }

  /** The next bytes of a stream. */
  #piece(t: Tracked, piece: Piece, preview: boolean): void {
    if (t.state === "confirmed") {
      // taken at the reader, but the writer may be about to show itself
      const early = t.isNet && t.side === "reader" && t.deadline !== undefined;
      if (early) t.hold(keep(piece));
      else if (t.isNet ? flows(t) : t.reader !== undefined || t.readerSought) this.#delivery.emit(t, piece);
      else this.#delivery.holdForReader(t, t.isNet ? keep(piece) : piece);
      return;
    }
    if (!preview && t.state === "preview") this.#verdicts.becomesCandidate(t);
    // A block is large and a candidate's bytes few: keep those, not the block.
    this.#verdicts.consider(t, keep(piece));
    if (t.state === "preview" && t.isNet && beginsLikeEvents(piece.buffer, piece.start, piece.end)) {
      this.#verdicts.examineNow(t);
    }
  }

  #end(end: EndRecord): void {
    const t = this.#lifetimes.track(end.slot, end.src, end.dst, end.flags, libraryOf(end.library));
    const process = this.#work.processes.atEnd(end);
    this.#lifetimes.isEnd(end.tgid);
    if (end.writer) {
      if (t.side !== "writer") this.#writerAppears(t);
      t.writer = process;
      t.writerFd = end.fd;
    } else {
      t.reader = process;
      t.readerFd = end.fd;
    }
    if (end.local !== undefined) {
      t.stream.from = end.writer ? end.local : end.remote;
      t.stream.to = end.writer ? end.remote : end.local;
    }
    if (t.state === "rejected") return;
    if (t.isNet) {
      this.#verdicts.pair(t, streamKey(end.dst, end.src));
      this.#connections.met(t);
      return;
    }
    this.#pairByDescriptors(t, end);
    if (t.state === "confirmed" && !end.writer) this.#delivery.release(t);
  }

  /** The stream that carries the answers, by what the standard input and output of the process at this end are. */
  #pairByDescriptors(t: Tracked, { writer, fd, flags, src, dst, stdin, stdout }: EndRecord): void {
    const unix = (flags & FLAG_UNIX) !== 0;
    if (writer && fd === 1 && stdin.end !== 0) {
      this.#verdicts.pair(t, streamKey(unix ? stdin.peer : stdin.end, stdin.end));
    }
    if (!writer && fd === 0 && stdout.end !== 0) {
      this.#verdicts.pair(t, streamKey(stdout.end, unix ? stdout.peer : stdout.end));
    }
    if (unix && dst !== 0 && src !== 0) this.#verdicts.pair(t, streamKey(dst, src));
    if (t.reverse !== undefined) return;
    const other = this.#work.table.between(t);
    if (other !== undefined) this.#verdicts.join(t, other);
  }

  #eof(words: Uint32Array, at: number): void {
    const w = at >> 2;
    const t = this.#work.table.inSlot(words[w + 1]!);
    if (t === undefined || t.src !== words[w + 4]! + words[w + 5]! * 4294967296) return;
    this.#lifetimes.ended(t);
  }

  #writerAppears(t: Tracked): void {
    if (t.side === "reader" && t.deadline !== undefined && (t.isNet || t.state !== "confirmed")) {
      this.#delivery.drop(t); // seen twice: the writer's own are on their way
      t.readStart = undefined;
    }
    t.side = "writer";
    t.expected = undefined;
  }
}

/** A block is large and what waits is little: keeps that, not the block. */
function keep(piece: Piece): Piece {
  const { buffer, start, end } = piece;
  return { ...piece, buffer: buffer.slice(start, end), start: 0, end: end - start };
}
