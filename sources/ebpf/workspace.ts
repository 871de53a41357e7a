/**
 * What the parts of {@linkcode Streams} have in common.
 *
 * @module
 */
import type { OpenEnd } from "../../bpf/records.ts";
import type { Event } from "../../pipeline/event.ts";
import type { Wanted } from "./filter.ts";
import type { Processes } from "./processes.ts";
import { StreamTable } from "./table.ts";
import type { Tracked } from "./tracked.ts";

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

/** The streams, who is asked about them, and where events go. */
export class Workspace {
  readonly counts: StreamsCounts = { confirmed: 0, rejected: 0, filtered: 0, evicted: 0 };
  readonly table = new StreamTable();
  /** Streams that have a deadline. */
  readonly waiting = new Set<Tracked>();
  readonly kernel: KernelSide;
  readonly processes: Processes;
  readonly options: StreamsOptions;
  /** Monotonic milliseconds. */
  now = 0;
  /** Where events go now. */
  out: Event[] = [];

  constructor(kernel: KernelSide, processes: Processes, options: StreamsOptions) {
    this.kernel = kernel;
    this.processes = processes;
    this.options = options;
  }
}
