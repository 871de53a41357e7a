/**
 * What was moved, as events.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import type { Batch, ChunkEvent, Event, Process, Stream } from "../../pipeline/event.ts";
import { processName } from "../../pipeline/process_name.ts";
import type { Moved, Way } from "./ring.ts";
import type { RunningServer } from "./server.ts";

/** How long to collect once there is something, in milliseconds. */
const SETTLE_MS = 5;
/** How often to say that time goes by, in milliseconds. */
const TICK_MS = 1000;
/** Records in a batch. */
const BATCH = 512;

/** What the events need to know. */
export interface Told {
  /** The source's name. */
  readonly source: string;
  /** What a person calls the server; else its process's name. */
  readonly server?: string | undefined;
}

/** The copies as chunks of two streams, until both have ended or the signal is aborted. */
export async function* events(server: RunningServer, told: Told, signal: AbortSignal): AsyncGenerator<Batch> {
  const { ring } = server;
  const chunks = new Chunks(server, told);
  const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  while (!signal.aborted) {
    const batch: Event[] = [];
    for (let moved: Moved | undefined; batch.length < BATCH && (moved = ring.next()) !== undefined;) {
      chunks.add(moved, batch);
    }
    if (batch.length > 0) {
      yield batch;
    } else if (ring.ended) {
      break;
    } else if (ring.sleep()) {
      if (await within([server.awake(), aborted], TICK_MS)) await within([aborted], SETTLE_MS);
      else yield [];
    }
  }
  const last: Event[] = [];
  chunks.end(last);
  yield last;
}

/** Makes chunks; knows both ends. */
class Chunks {
  readonly #streams: readonly [Stream, Stream];
  readonly #processes: readonly [Process, Process];
  readonly #source: string;
  readonly #server: RunningServer;
  readonly #ended = [false, false];

  constructor(server: RunningServer, { source, server: name }: Told) {
    const forth: Stream = { id: 1, medium: "pipe", reverse: undefined };
    const back: Stream = { id: 2, medium: "pipe", reverse: forth };
    forth.reverse = back;
    this.#streams = [forth, back];
    this.#processes = [processOf(process.ppid), processOf(server.pid, server.command, name)];
    this.#source = source;
    this.#server = server;
  }

  add({ way, bytes, lost, time, eof }: Moved, out: Event[]): void {
    if (eof) this.#ended[way] = true;
    this.#push(way, bytes, lost, time, eof, out);
  }

  /** What the ring had no room for at the end. */
  end(out: Event[]): void {
    for (const way of [0, 1] as const) {
      if (!this.#ended[way]) this.#push(way, EMPTY, this.#server.ring.lostAtEnd(way), Date.now(), true, out);
    }
  }

  #push(way: Way, buffer: Uint8Array, lost: number, time: number, eof: boolean, out: Event[]): void {
    const stream = this.#streams[way];
    const from = this.#processes[way], to = this.#processes[way === 0 ? 1 : 0];
    const base = { time, source: this.#source, process: from, peer: to, stream };
    if (lost > 0) {
      const message =
        `${lost} bytes went by unseen, as the pipeline did not keep up; the client and the server got them.`;
      out.push({ kind: "gap", ...base, reason: "queue_full", message, lost: { bytes: lost } });
    }
    const chunk: ChunkEvent = { kind: "chunk", ...base, buffer, start: 0, end: buffer.length, lost, eof };
    out.push(chunk);
  }
}

const EMPTY = new Uint8Array(0);

/** A process as /proc has it, or as it was started. */
function processOf(pid: number, command?: readonly string[], name?: string): Process {
  const read = (file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return undefined;
    }
  };
  const seen = read("cmdline")?.split("\0").slice(0, -1);
  const args = seen === undefined || seen.length === 0 ? command : seen;
  const program = args?.[0]?.replace(/^.*[\\/]/, "") ?? "?";
  const comm = read("comm")?.trimEnd() ?? program.slice(0, 15);
  const parent = command === undefined ? undefined : process.pid;
  return { pid, comm, name: name ?? processName(comm, args), ppid: parent, args };
}

/** Waits for the first, at most so long. False if the time was up. */
async function within(promises: readonly Promise<void>[], ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), ms));
  try {
    return await Promise.race([...promises.map((promise) => promise.then(() => true)), late]);
  } finally {
    clearTimeout(timer);
  }
}
