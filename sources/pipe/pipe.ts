/**
 * Reads what sensors send.
 *
 * @module
 */
import { lstatSync } from "node:fs";
import { Heap } from "../../pipeline/heap.ts";
import type { Context } from "../../pipeline/component.ts";
import type { Batch, Event, GapEvent } from "../../pipeline/event.ts";
import { lookUpProcess } from "../../pipeline/local_process.ts";
import { ImportCheck, Sensors } from "../../pipeline/sensors/mod.ts";
import { SensorLines } from "../../protocols/sensor/mod.ts";
import type { Options } from "./options.ts";
import { makeFifo, Peers } from "./peer.ts";
import { listen, type Socket } from "./socket.ts";
import { claim, type Received, Writer } from "./writer.ts";

type Notice = Omit<GapEvent, "kind" | "time" | "source">;

/** Without events an empty batch goes out this often: other stages may wait for one. In milliseconds. */
const TICK_MS = 100;
/** Within this time lines are gathered, in milliseconds. */
const GATHER_MS = 5;
/** A process whose connection has ended may be asked for by others whose lines come later. In milliseconds. */
const GONE_MS = 2000;
/** Batches that may wait; then nothing is read until they are taken, and writers have to wait. */
const WAITING = 4;
/** The same in bytes of lines. */
const MOST_BYTES = 32 * 1024 * 1024;

/** What is read: records that wait to be handed on. */
export class Pipe {
  readonly #options: Options;
  readonly #context: Context;
  readonly #sensors: Sensors;
  readonly #lines: SensorLines;
  readonly #writers = new Map<Writer, () => void>();
  /** By their times. */
  readonly #waiting = new Heap<Received>();
  /** Of their lines. */
  #bytes = 0;
  #notices: Event[] = [];
  #wake = () => {};
  /** Readers that wait until there is room. */
  #blocked: (() => void)[] = [];
  #refused = 0;
  /** Processes whose last connection has ended, and when. */
  #ended: { readonly pid: number; readonly at: number }[] = [];

  /** Reads nothing yet. */
  constructor(options: Options, context: Context) {
    this.#options = options;
    this.#context = context;
    this.#lines = new SensorLines(options.format, options.mapping ?? {});
    this.#sensors = new Sensors({
      source: context.name,
      maxProcesses: options.max_processes,
      maxSessions: options.max_sessions,
      lookUp: lookUpProcess,
      imports: options.check_imports ? new ImportCheck() : undefined,
    });
  }

  /** Events, batch by batch, until the pipeline stops. */
  async *batches(socket: Socket | undefined, fifo: Deno.FsFile | undefined): AsyncGenerator<Batch> {
    const { signal } = this.#context;
    const stop = () => {
      this.#wake();
      for (const go of this.#blocked.splice(0)) go();
    };
    signal.addEventListener("abort", stop);
    if (socket !== undefined) this.#accept(socket);
    if (fifo !== undefined) this.#readFifo(fifo);
    let last = 0;
    try {
      while (!signal.aborted) {
        const now = Date.now();
        const batch = this.#take(now, false);
        if (batch.length > 0 || now - last >= TICK_MS) {
          last = now;
          yield batch;
        }
        await this.#wait(this.#waiting.size === 0 ? TICK_MS : this.#due(Date.now()));
        if (!signal.aborted && this.#waiting.size < this.#options.batch_events) await sleep(GATHER_MS);
      }
      let batch: Event[];
      while ((batch = this.#take(Date.now(), true)).length > 0 && this.#waiting.size > 0) yield batch;
      this.#sensors.end(batch);
      yield batch;
    } finally {
      signal.removeEventListener("abort", stop);
      socket?.close();
      for (const close of this.#writers.values()) close();
      fifo?.writeSync(NEWLINE); // wakes the reader, which then closes it
    }
  }

  /** What of that which was received is old enough, in the order of time; all of it, if that is wanted. */
  #take(now: number, all: boolean): Event[] {
    const out = this.#notices, waiting = this.#waiting;
    this.#notices = [];
    while (out.length < this.#options.batch_events) {
      if (waiting.top === undefined || !all && this.#due(now) > 0) break;
      const { record, writer, time } = waiting.pop()!;
      this.#bytes -= record.to - record.from;
      this.#sensors.record(record, { time, writer: writer.process }, now, out);
    }
    for (let ended; (ended = this.#ended[0]) !== undefined && now - ended.at >= GONE_MS && waiting.size === 0;) {
      this.#ended.shift();
      if (!this.#isConnected(ended.pid)) this.#sensors.gone(ended.pid, out);
    }
    this.#sensors.tick(now, out);
    if (this.#hasRoom) { for (const go of this.#blocked.splice(0)) go(); }
    return out;
  }

  /** In how many milliseconds the earliest may go: others may have something earlier. */
  #due(now: number): number {
    const top = this.#waiting.top;
    return top === undefined
      ? 0
      : Math.max(0, Math.ceil(Math.min(top.time, top.receivedAt) + this.#options.window_ms - now));
  }

  get #hasRoom(): boolean {
    return this.#waiting.size < WAITING * this.#options.batch_events && this.#bytes < MOST_BYTES;
  }

  #isConnected(pid: number): boolean {
    for (const { peer } of this.#writers.keys()) if (peer?.pid === pid) return true;
    return false;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  // connections

  async #accept({ listener, path }: Socket): Promise<void> {
    const peers = new Peers(path);
    for (;;) {
      let connection: Deno.UnixConn;
      try {
        connection = await listener.accept();
      } catch (error) {
        if (this.#context.signal.aborted || error instanceof Deno.errors.BadResource) return;
        this.#context.metrics.error("accept"); // too many open files
        await sleep(TICK_MS);
        continue;
      }
      const peer = peers.accepted();
      if (this.#writers.size >= this.#options.max_connections) {
        connection.close();
        this.#refuse();
        continue;
      }
      const process = peer === undefined ? undefined : lookUpProcess(peer.pid, Date.now());
      this.#follow(new Writer(this.#lines, this.#options.max_line, peer, process), connection);
    }
  }

  #refuse(): void {
    this.#context.metrics.error("connection_refused");
    if (this.#refused++ > 0) return;
    this.#tell({
      reason: "too_many_connections",
      message: `More than ${this.#options.max_connections} writers are connected (max_connections): others are refused`,
    });
  }

  async #follow(writer: Writer, connection: Deno.UnixConn): Promise<void> {
    this.#writers.set(writer, () => close(connection));
    this.#context.metrics.set("connections", this.#writers.size);
    await this.#read(writer, connection);
    this.#writers.delete(writer);
    close(connection);
    this.#context.metrics.set("connections", this.#writers.size);
    if (this.#writers.size < this.#options.max_connections) this.#refused = 0;
    const pid = writer.peer?.pid;
    if (pid !== undefined && !this.#isConnected(pid)) this.#ended.push({ pid, at: Date.now() });
  }

  /** Reads until the end, or as long as the writer keeps to its bounds. */
  async #read(writer: Writer, from: { read(into: Uint8Array): Promise<number | null> }): Promise<void> {
    const { signal } = this.#context;
    while (!signal.aborted) {
      let count: number | null;
      try {
        count = await from.read(writer.room());
      } catch { // reset, or closed by us
        break;
      }
      if (count === null || signal.aborted) break;
      const now = Date.now(), before = writer.claimed;
      writer.read(count, now, (received) => {
        this.#bytes += received.record.to - received.record.from;
        this.#waiting.push(received);
      });
      for (const notice of writer.notices()) this.#tell(notice);
      if (before === undefined && writer.claimed !== undefined) {
        this.#notices.push(claim(this.#context.name, now, writer));
      }
      if (writer.unfinished > 0) this.#bound();
      this.#wake();
      if (!this.#hasRoom) await new Promise<void>((resolve) => this.#blocked.push(resolve));
    }
    for (const notice of writer.end()) this.#tell(notice);
    this.#wake();
  }

  /** Lines without end may not take more than so many bytes together. */
  #bound(): void {
    let all = 0;
    let worst: Writer | undefined;
    for (const writer of this.#writers.keys()) {
      all += writer.unfinished;
      if (worst === undefined || writer.unfinished > worst.unfinished) worst = writer;
    }
    if (all <= this.#options.max_unfinished || worst === undefined) return;
    this.#context.metrics.error("connection_closed");
    this.#tell({
      reason: "unfinished_line",
      message: `${worst.name} was cut off: its line of ${worst.unfinished} bytes has no end (max_unfinished)`,
      lost: { records: 1, bytes: worst.unfinished },
    });
    this.#writers.get(worst)?.();
  }

  async #readFifo(fifo: Deno.FsFile): Promise<void> {
    await this.#read(new Writer(this.#lines, this.#options.max_line, undefined, undefined), fifo);
    fifo.close();
  }

  #tell(notice: Notice): void {
    this.#context.metrics.error(notice.reason, notice.lost?.records ?? 1);
    this.#notices.push({ kind: "gap", time: Date.now(), source: this.#context.name, ...notice });
  }
}

const NEWLINE = new Uint8Array([0x0a]);

/** Opens a named pipe, which is made if need be. Throws a sentence. */
export function openFifo(path: string): Deno.FsFile {
  makeFifo(path); // fails where there is one
  let is: boolean;
  try {
    is = lstatSync(path).isFIFO();
  } catch (error) {
    throw new Error(`Cannot make the named pipe ${path}: ${error instanceof Error ? error.message : error}`);
  }
  if (!is) throw new Error(`${path} exists and is no named pipe. Take another path, or remove it.`);
  // to read and to write: so it has no end when the last writer goes, and opening waits for none
  return Deno.openSync(path, { read: true, write: true });
}

/** Opens what the options name. */
export async function open(
  { path, fifo }: Options,
  fallback: () => string,
): Promise<[Socket | undefined, Deno.FsFile | undefined]> {
  const pipe = fifo === undefined ? undefined : openFifo(fifo);
  const at = path ?? (fifo === undefined ? fallback() : undefined);
  return [at === undefined ? undefined : await listen(at), pipe];
}

function close(connection: Deno.UnixConn): void {
  try {
    connection.close();
  } catch { // it is closed
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
