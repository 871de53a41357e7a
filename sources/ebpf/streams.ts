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
  FLAG_TLS,
  FLAG_UNIX,
  FLAG_WRITER,
  KERNEL_SLOTS,
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
  SLOTS,
  STATE_CANDIDATE,
  STATE_CONFIRMED,
  STATE_REJECTED,
  STATE_TLS,
  STATE_UNKNOWN,
} from "../../bpf/records.ts";
import { isDiscarded, RECORD_HEADER, recordStride } from "../../bpf/ring.ts";
import type { Event, Process } from "../../pipeline/event.ts";
import type { Wanted } from "./filter.ts";
import type { Processes } from "./processes.ts";
import { Connections, flows, holderOf, mayHaveLocalWriter } from "./connections.ts";
import { beginsLikeEvents } from "./http_check.ts";
import { chunk, gap, lastChunk, nameOf } from "./events.ts";
import { holder, isLauncher, isOpen, isShellText } from "./ends.ts";
import { libraryOf } from "./tls/types.ts";
import { MAX_TRACKED, StreamTable } from "./table.ts";
import { type Piece, streamKey, type Tracked } from "./tracked.ts";

/** What the table asks of the kernel; a test gives its own. */
export interface KernelSide {
  /** Stream states by slot, shared with the kernel. */
  readonly states: Uint8Array;
  follow(src: number, dst: number, slot: number): boolean;
  openEnds(): OpenEnd[];
}

/** What finds TLS libraries in processes; see `tls/mod.ts`. */
export interface TlsSide {
  executed(pid: number): void;
  mapped(pid: number, device: number, inode: number): void;
  exited(pid: number): void;
}

/** How long the first bytes wait for their reader to show itself, ms. */
const READER_WAIT = 100;
/** How long those of a TCP connection on this machine do, ms: a busy server accepts and reads late. */
const ACCEPT_WAIT = 1000;
/** How long a server may take to come behind a program that only starts it, ms. */
const LAUNCHER_WAIT = 5000;
/** How long bytes taken at the reader wait for the writer's own, ms: a write's exit can fire after the read. */
const WRITER_WAIT = 25;
/** How long after an end's process exited its streams are looked at, ms. */
const EXIT_WAIT = 300;
/** How long a TLS session waits for its peer's close after the connection's, ms: the last bytes may not be decrypted yet. */
const LATE_CLOSE = 1000;
/** Bytes held for all undecided streams. */
const MAX_HELD = 64 << 20;
/** Settings of a {@linkcode Streams}. */
export interface StreamsOptions {
  readonly source: string;
  readonly wanted?: Wanted | undefined;
  /** Take every HTTP connection, not only those with a sign of MCP or a model's API. */
  readonly allHttp?: boolean | undefined;
  readonly tls?: TlsSide | undefined;
  /** Added to CLOCK_BOOTTIME milliseconds to get milliseconds since the epoch. */
  bootToEpoch: number;
}

/** Counts of what was not passed on. */
export interface StreamsCounts {
  confirmed: number;
  rejected: number;
  filtered: number;
  evicted: number;
}

/** All streams. Feed it blocks of ring records and ticks; it gives events. */
export class Streams {
  readonly counts: StreamsCounts = { confirmed: 0, rejected: 0, filtered: 0, evicted: 0 };
  readonly #kernel: KernelSide;
  readonly #processes: Processes;
  readonly #options: StreamsOptions;
  readonly #table = new StreamTable();
  readonly #waiting = new Set<Tracked>();
  /** Pids seen at an end and not exited. */
  readonly #ends = new Set<number>();
  readonly #exits: { pid: number; at: number }[] = [];
  readonly #connections: Connections;
  readonly #closing: { t: Tracked; at: number }[] = [];
  #nextSlot = KERNEL_SLOTS;
  #held = 0;
  #now = 0;
  #out: Event[] = [];

  constructor(kernel: KernelSide, processes: Processes, options: StreamsOptions) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#options = options;
    this.#connections = new Connections(this.#table, {
      reject: (t) => this.#reject(t),
      leaveOut: (t) => this.#leaveOut(t),
      emit: (t, piece) => this.#emit(t, piece),
      wait: (t) => {
        t.deadline ??= this.#now + (t.stream.medium === "tcp" ? ACCEPT_WAIT : READER_WAIT);
        this.#waiting.add(t);
      },
      waitsNoMore: (t) => this.#waiting.delete(t),
      wanted: options.wanted,
    });
  }

  /** Streams followed now. */
  get size(): number {
    return this.#table.size;
  }

  /** True if nothing waits for a tick. */
  get idle(): boolean {
    return this.#waiting.size === 0 && this.#exits.length === 0 && this.#closing.length === 0;
  }

  /**
   * Takes a block of whole records; `now` is monotonic milliseconds. The events' bytes are in the block. True if there
   * were bytes of streams among them, and not only starts and ends of processes.
   */
  push(block: Uint8Array<ArrayBuffer>, now: number, out: Event[]): boolean {
    let traffic = false;
    this.#out = out;
    this.#now = now;
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
          this.#processes.executed(exec);
          this.#options.tls?.executed(exec.tgid);
          break;
        }
        case RECORD_MAP: {
          const { tgid, device, inode } = decodeMap(view, record);
          this.#options.tls?.mapped(tgid, device, inode);
          break;
        }
        case RECORD_FORK:
          this.#processes.forked(view.getUint32(record + 4, true), view.getUint32(record + 16, true));
          break;
        case RECORD_EXIT:
          this.#exited(view.getUint32(record + 4, true));
          this.#options.tls?.exited(view.getUint32(record + 4, true));
          break;
      }
    }
    return traffic;
  }

  /** Does what is due: gives up waiting, looks after streams whose process exited. `last`: nothing more will come. */
  tick(now: number, out: Event[], last = false): void {
    this.#out = out;
    this.#now = now;
    let ends: OpenEnd[] | undefined;
    for (const t of this.#waiting) {
      if (!last && (t.deadline === undefined || t.deadline > now)) continue;
      if (t.state === "confirmed" && t.isNet) {
        t.readerSought = true;
        if (t.reverse !== undefined) t.reverse.readerSought = true;
        this.#release(t);
      } else if (t.state === "confirmed") {
        ends ??= this.#kernel.openEnds();
        this.#seek(t, ends);
        if (!last && t.reader !== undefined && isLauncher(t.reader.name) && now - t.heldSince < LAUNCHER_WAIT) {
          t.reader = undefined; // the server that it starts will be the reader
          t.deadline = now + READER_WAIT;
          continue;
        }
        t.readerSought = true;
        this.#release(t);
      } else if (t.side === "reader" && t.deadline !== undefined) {
        t.deadline = undefined; // no writer showed itself: the reader's bytes it is
        this.#waiting.delete(t);
        this.#examine(t);
      } else if (last) {
        this.#waiting.delete(t);
      }
    }
    if (this.#exits.length > 0 && this.#exits[0]!.at <= now) this.#afterExits(now, ends);
    while (this.#closing.length > 0 && (last || this.#closing[0]!.at <= now)) {
      const { t } = this.#closing.shift()!;
      if (!t.closed) this.#close(t);
    }
  }

  /** Looks after the streams of processes that exited a while ago. */
  #afterExits(now: number, ends: readonly OpenEnd[] | undefined): void {
    const pids = new Set<number>();
    while (this.#exits.length > 0 && this.#exits[0]!.at <= now) pids.add(this.#exits.shift()!.pid);
    const has = (process: Process | undefined) => process !== undefined && pids.has(process.pid);
    for (const t of [...this.#table.values()]) {
      if (t.stream.medium === "tls" && has(holderOf(t))) this.#close(t);
      if (t.isNet || t.state !== "confirmed" || !(has(t.writer) || has(t.reader))) continue;
      ends ??= this.#kernel.openEnds();
      if (!isOpen(t, ends)) this.#close(t);
    }
  }

  #data(block: Uint8Array, words: Uint32Array, at: number): void {
    const w = at >> 2;
    const flags = block[at + DATA.flags]!;
    const src = words[w + 4]! + words[w + 5]! * 4294967296, dst = words[w + 6]! + words[w + 7]! * 4294967296;
    const t = this.#track(words[w + 1]!, src, dst, flags);
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
        t.deadline = this.#now + WRITER_WAIT;
        this.#waiting.add(t);
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
      if (process === undefined || process.pid !== tgid) process = t.writer = this.#processes.get(tgid);
    }
    const time = (words[w + 2]! + words[w + 3]! * 4294967296) / 1e6 + this.#options.bootToEpoch;
    let start = at + DATA.data;
    const end = start + len;
    if (t.stream.medium === "tls" && !this.#connections.begins(t, block, start, end, this.#now)) return;
    if (t.side === "reader") t.tookRead(block, start, end, time);
    else if (t.readStart !== undefined) t.meetWriter(block, start, end, time);
    if (t.skip > 0) {
      const skipped = Math.min(t.skip, len);
      t.skip -= skipped;
      start += skipped;
      if (start === end) return;
    }
    const piece: Piece = { time, process, buffer: block, start, end, lost };
    if (t.state === "confirmed") {
      // taken at the reader, but the writer may be about to show itself
      const early = t.isNet && t.side === "reader" && t.deadline !== undefined;
      if (early) t.hold(keep(piece));
      else if (t.isNet ? flows(t) : t.reader !== undefined || t.readerSought) this.#emit(t, piece);
      else this.#wait(t, t.isNet ? keep(piece) : piece);
      return;
    }
    if (!(flags & FLAG_PREVIEW) && t.state === "preview") {
      t.state = "candidate";
      this.#watchReverse(t);
    }
    // A block is large and a candidate's bytes few: keep those, not the block.
    this.#holdBack(t, keep(piece));
    if (t.state === "preview" && t.isNet && beginsLikeEvents(block, start, end)) {
      this.#kernel.states[t.slot] = STATE_CANDIDATE;
      this.#examine(t);
    }
  }

  #end(end: EndRecord): void {
    const t = this.#track(end.slot, end.src, end.dst, end.flags, libraryOf(end.library));
    const process = this.#processes.atEnd(end);
    if (this.#ends.size < MAX_TRACKED) this.#ends.add(end.tgid);
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
      this.#pair(t, streamKey(end.dst, end.src));
      this.#connections.met(t);
      return;
    }
    const { stdin, stdout } = end;
    const unix = (end.flags & FLAG_UNIX) !== 0;
    if (end.writer && end.fd === 1 && stdin.end !== 0) {
      this.#pair(t, streamKey(unix ? stdin.peer : stdin.end, stdin.end));
    }
    if (!end.writer && end.fd === 0 && stdout.end !== 0) {
      this.#pair(t, streamKey(stdout.end, unix ? stdout.peer : stdout.end));
    }
    if (unix && end.dst !== 0 && end.src !== 0) this.#pair(t, streamKey(end.dst, end.src));
    if (t.reverse === undefined) {
      const other = this.#table.between(t);
      if (other !== undefined) this.#join(t, other);
    }
    if (t.state === "confirmed" && !end.writer) this.#release(t);
  }

  #eof(words: Uint32Array, at: number): void {
    const w = at >> 2;
    const t = this.#table.inSlot(words[w + 1]!);
    if (t === undefined || t.src !== words[w + 4]! + words[w + 5]! * 4294967296) return;
    for (const over of this.#connections.carriedBy(t)) this.#closing.push({ t: over, at: this.#now + LATE_CLOSE });
    this.#close(t);
  }

  #exited(pid: number): void {
    if (this.#ends.delete(pid)) this.#exits.push({ pid, at: this.#now + EXIT_WAIT });
  }

  #track(slot: number, src: number, dst: number, flags: number, library?: string): Tracked {
    const known = this.#table.at(slot, src, dst);
    if (known !== undefined) return known;
    const half = flags & FLAG_UNIX ? this.#table.half(src, dst) : undefined;
    if (half !== undefined) return this.#complete(half, slot, src, dst);
    const stale = this.#table.inSlot(slot);
    if (stale !== undefined) this.#forget(stale);
    const elsewhere = this.#table.find(streamKey(src, dst));
    if (elsewhere !== undefined) { // the kernel forgot it and began again: same stream, other slot
      this.#table.move(elsewhere, slot);
      if (elsewhere.state === "confirmed") this.#kernel.states[elsewhere.slot] = STATE_CONFIRMED;
      return elsewhere;
    }
    if (this.#table.size >= MAX_TRACKED) this.#evict();
    const t = this.#table.add(slot, src, dst, flags, library);
    const state = this.#kernel.states[t.slot];
    if (state === STATE_TLS) t.state = "tls";
    else if (state !== STATE_UNKNOWN && (state === STATE_CANDIDATE || t.isNet)) t.state = "candidate";
    if (flags & FLAG_TLS) {
      this.#connections.appears(t);
    }
    const before = this.#table.awaiting(t);
    if (before !== undefined) this.#join(before, t);
    return t;
  }

  /** A UNIX stream of which one end was not known, or is not any more: to the kernel it is another one. */
  #complete(t: Tracked, slot: number, src: number, dst: number): Tracked {
    const { states } = this.#kernel;
    if (src !== 0 && dst !== 0 && (t.src !== src || t.dst !== dst)) {
      const stale = this.#table.inSlot(slot);
      if (stale !== undefined && stale !== t) this.#forget(stale);
      this.#table.complete(t, src, dst);
      this.#table.move(t, slot);
      const before = this.#table.awaiting(t);
      if (before !== undefined && t.reverse === undefined) this.#join(before, t);
      this.#pair(t, streamKey(dst, src));
    }
    if (t.state === "confirmed") states[slot & (SLOTS - 1)] = STATE_CONFIRMED;
    else if (t.state === "rejected") states[slot & (SLOTS - 1)] = STATE_REJECTED;
    return t;
  }

  #writerAppears(t: Tracked): void {
    if (t.side === "reader" && t.deadline !== undefined && (t.isNet || t.state !== "confirmed")) {
      this.#drop(t); // seen twice: the writer's own are on their way
      t.readStart = undefined;
    }
    t.side = "writer";
    t.expected = undefined;
  }

  /** What looks like HTTP one way is looked at the other way too, whatever that began with when capture did. */
  #watchReverse({ isNet, state, reverse }: Tracked): void {
    if (!isNet || state !== "candidate" || reverse?.state !== "preview") return;
    reverse.state = "candidate";
    this.#kernel.states[reverse.slot] = STATE_CANDIDATE;
    this.#examine(reverse);
  }

  #holdBack(t: Tracked, piece: Piece): void {
    t.hold(piece);
    this.#held += piece.end - piece.start;
    if (this.#held > MAX_HELD) {
      const message = `Too many streams are undecided at once; gave up on one of ${nameOf(t.from)}.`;
      this.#out.push(gap(this.#options.source, t, "evicted", message, t.heldBytes));
      this.counts.evicted++;
      this.#reject(t);
    } else if (t.state === "candidate" && t.deadline === undefined) {
      this.#examineNew(t, piece);
    }
  }

  /** Examines all held pieces of a candidate. */
  #examine(t: Tracked): void {
    if (t.state === "preview") t.state = "candidate";
    for (const piece of t.held) {
      if (t.state !== "candidate") return;
      this.#examineNew(t, piece);
    }
  }

  #examineNew(t: Tracked, piece: Piece): void {
    const verdict = t.isNet && this.#options.allHttp ? "confirmed" : t.examine(piece);
    if (verdict === "confirmed") this.#confirm(t);
    else if (verdict === "rejected") {
      this.#reject(t);
      if (t.isNet && t.reverse !== undefined && t.reverse.state !== "rejected") this.#reject(t.reverse);
    }
  }

  #confirm(t: Tracked): void {
    if (t.state === "confirmed" || t.state === "tls" || t.closed) return;
    t.state = "confirmed";
    this.counts.confirmed++;
    this.#kernel.states[t.slot] = STATE_CONFIRMED;
    this.#held -= t.heldBytes;
    if (t.isNet) {
      if (t.reverse !== undefined) this.#confirm(t.reverse);
      else if (t.answers !== undefined) this.#expect(t.answers);
      this.#release(t);
      return;
    }
    if (t.reader === undefined && !t.readerSought) {
      t.deadline = this.#now + READER_WAIT;
      t.heldSince = this.#now;
      this.#waiting.add(t);
    } else {
      this.#release(t);
    }
    if (t.reverse !== undefined) this.#confirm(t.reverse);
    else if (t.answers !== undefined) this.#expect(t.answers);
  }

  #reject(t: Tracked): void {
    this.counts.rejected++;
    this.#drop(t);
    t.state = "rejected";
    this.#kernel.states[t.slot] = STATE_REJECTED;
  }

  #drop(t: Tracked): void {
    if (t.state !== "confirmed") this.#held -= t.heldBytes;
    t.takeHeld();
    this.#waiting.delete(t);
  }

  #wait(t: Tracked, piece: Piece): void {
    t.hold(piece);
    if (t.deadline === undefined) {
      t.deadline = this.#now + READER_WAIT;
      t.heldSince = this.#now;
    }
    this.#waiting.add(t);
    if (t.heldBytes > MAX_CALL) {
      t.readerSought = true;
      this.#release(t);
    }
  }

  /** Passes on what waited, unless the user does not want this stream. */
  #release(t: Tracked): void {
    if (t.isNet) return this.#connections.release(t);
    this.#waiting.delete(t);
    if (t.side === "reader" && t.writer === undefined && t.reverse?.reader === undefined) {
      this.#seek(t, this.#kernel.openEnds()); // nobody was seen writing
    }
    if (isShellText(t) || (this.#options.wanted && !this.#options.wanted(t.from, t.to))) {
      return this.#leaveOut(t);
    }
    for (const piece of t.takeHeld()) this.#emit(t, piece);
  }

  /** The user does not want this stream. */
  #leaveOut(t: Tracked): void {
    this.counts.filtered++;
    this.#waiting.delete(t);
    t.takeHeld();
    t.state = "rejected";
    this.#kernel.states[t.slot] = STATE_REJECTED;
  }

  #emit(t: Tracked, piece: Piece): void {
    const { source } = this.#options;
    if (piece.lost > 0) {
      const message = `Lost ${piece.lost} bytes from ${nameOf(t.from)} to ${nameOf(t.to)}.`;
      this.#out.push(gap(source, t, t.lossReason ?? "ring_full", message, piece.lost));
      t.lossReason = undefined;
    }
    t.told = true;
    this.#out.push(chunk(source, t, piece));
  }

  /** The two directions of one conversation, by the descriptors of the process that serves it. */
  #pair(t: Tracked, key: string): void {
    if (t.reverse !== undefined || key === t.key) return;
    const other = this.#table.find(key);
    if (other !== undefined) {
      if (other.reverse === undefined) this.#join(t, other);
      return;
    }
    this.#table.await(key, t);
    if (t.state === "confirmed") this.#expect(key);
  }

  #join(a: Tracked, b: Tracked): void {
    this.#table.link(a, b);
    if (a.isNet) {
      this.#watchReverse(a);
      this.#watchReverse(b);
    } else {
      if (b.state === "rejected" && a.state === "confirmed") b.state = "candidate";
      if (a.state === "rejected" && b.state === "confirmed") a.state = "candidate";
    }
    if (a.state === "confirmed") this.#confirm(b);
    else if (b.state === "confirmed") this.#confirm(a);
  }

  /** Has the kernel capture the answering stream from its first byte, whatever that is. */
  #expect(key: string): void {
    const [src, dst] = key.split(">").map(Number) as [number, number];
    const slot = this.#nextSlot;
    this.#nextSlot = slot + 1 < SLOTS ? slot + 1 : KERNEL_SLOTS;
    this.#kernel.states[slot] = STATE_CONFIRMED;
    this.#kernel.follow(src, dst, slot);
  }

  /** Fills in ends that never showed themselves: who is at the other end of the answers, or else who holds them. */
  #seek(t: Tracked, ends: readonly OpenEnd[]): void {
    const reader = t.to === undefined ? holder(ends, t, true) : undefined;
    const writer = t.from === undefined ? holder(ends, t, false) : undefined;
    if (reader !== undefined) t.reader = this.#processes.get(reader.tgid, reader.comm);
    if (writer !== undefined) t.writer = this.#processes.get(writer.tgid, writer.comm);
  }

  #close(t: Tracked): void {
    if (t.side === "reader" && t.state !== "confirmed" && t.state !== "rejected") {
      t.deadline = undefined; // no writer will show itself now
      this.#examine(t);
    }
    if (t.state === "confirmed" && !t.closed) {
      if (t.held.length > 0) {
        t.readerSought = true;
        this.#release(t);
      }
      this.#out.push(lastChunk(this.#options.source, t));
    }
    this.#forget(t);
  }

  #forget(t: Tracked): void {
    if (t.stream.medium === "tls") {
      // the library may make its next session at the same address
      if (this.#table.inSlot(t.slot) === t) this.#kernel.states[t.slot] = STATE_UNKNOWN;
      this.#connections.goes(t);
    }
    this.#drop(t);
    this.#table.remove(t);
    t.closed = true; // the link to its reverse stays: late answers still find their request
  }

  #evict(): void {
    const victim = this.#table.victim();
    if (victim === undefined) return;
    this.counts.evicted++;
    this.#close(victim);
  }
}

/** A block is large and what waits is little: keeps that, not the block. */
function keep(piece: Piece): Piece {
  const { buffer, start, end } = piece;
  return { ...piece, buffer: buffer.slice(start, end), start: 0, end: end - start };
}
