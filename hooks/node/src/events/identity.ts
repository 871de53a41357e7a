/**
 * Which process this is, and what all its threads share.
 *
 * @module
 */
import process from "node:process";
import { builtin } from "../builtin.ts";
import { nameOf } from "./program.ts";

/** The key under which threads find what they share. */
const KEY = "mcpsonde-sensor";
/** Places of the shared counters. */
const SEQUENCE = 0, GENERATION = 1, SPAN = 2;

interface Shared {
  readonly counters: Int32Array;
  readonly start: number;
  readonly component: string;
  readonly name: string;
}

/** The process. */
export class Identity {
  readonly pid = process.pid;
  readonly ppid = process.ppid;
  /** When it began, in milliseconds since 1970. */
  readonly start: number;
  /** What a person would call the program. */
  readonly name: string;
  /** `default/` and a UUID. */
  readonly component: string;
  readonly isMainThread: boolean;
  readonly #counters: Int32Array;
  readonly #random: string;

  constructor() {
    const { shared, isMainThread } = share();
    this.isMainThread = isMainThread;
    this.start = shared.start;
    this.component = shared.component;
    this.#counters = shared.counters;
    this.name = shared.name;
    this.#random = shared.component.replaceAll("-", "").slice(-24);
  }

  /** The number of the next event of the process, from 0. */
  nextSequence(): number {
    return Atomics.add(this.#counters, SEQUENCE, 1) >>> 0;
  }

  /** 32 hexadecimal digits, another each time. */
  nextSpan(): string {
    return this.#random +
      (Atomics.add(this.#counters, SPAN, 1) >>> 0).toString(16).padStart(8, "0");
  }

  /** Which file of the spool is written, by all threads. */
  get generation(): number {
    return Atomics.load(this.#counters, GENERATION);
  }

  /** Goes on to the next file after `full`, unless another thread has done so. */
  nextGeneration(full: number): void {
    Atomics.compareExchange(this.#counters, GENERATION, full, full + 1);
  }
}

/** Worker threads inherit the environment data of the thread that starts them. */
function share(): { shared: Shared; isMainThread: boolean } {
  try {
    const threads = builtin<typeof import("node:worker_threads")>("node:worker_threads");
    const known = threads.getEnvironmentData(KEY) as unknown as
      | Shared
      | undefined;
    if (!threads.isMainThread && known?.counters instanceof Int32Array) {
      return { shared: known, isMainThread: false };
    }
    const shared = fresh(new SharedArrayBuffer(12));
    threads.setEnvironmentData(KEY, shared as unknown as import("node:worker_threads").Serializable);
    return { shared, isMainThread: threads.isMainThread };
  } catch {
    return { shared: fresh(new ArrayBuffer(12)), isMainThread: true };
  }
}

function fresh(buffer: ArrayBufferLike): Shared {
  return {
    counters: new Int32Array(buffer),
    start: Math.round(performance.timeOrigin),
    component: uuid(),
    name: nameOf(process.argv),
  };
}

/** A version 4 UUID (RFC 9562, section 5.4). `crypto` takes milliseconds to load, and nothing here is secret. */
function uuid(): string {
  const hex = (digits: number) => Math.floor(Math.random() * 2 ** (4 * digits)).toString(16).padStart(digits, "0");
  const variant = (8 + Math.floor(Math.random() * 4)).toString(16);
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}
