/**
 * The `ebpf` source: MCP over stdio, HTTP and HTTPS as the kernel sees it.
 *
 * @module
 */
import { z } from "zod";
import { clock, CLOCK_BOOTTIME, CLOCK_REALTIME, libc } from "../../bpf/libc.ts";
import { CONTROL, COUNT_FAULTS, COUNT_LOST, COUNT_LOST_BYTES } from "../../bpf/records.ts";
import { type Context, defineSource, path } from "../../pipeline/component.ts";
import type { Batch, Event } from "../../pipeline/event.ts";
import { readMachine, tlsObstacle } from "./explain.ts";
import { wanted } from "./filter.ts";
import { Kernel } from "./kernel.ts";
import { Processes } from "./processes.ts";
import { Streams } from "./streams.ts";
import { type Attacher, TlsProbes } from "./tls/mod.ts";

const selection = z.strictObject({
  pid: z.array(z.int().positive()).default([]).describe("Process ids."),
  comm: z.array(z.string().min(1)).default([]).describe(
    "Task names, shown names or names of program files; `*` stands for any text.",
  ),
  container: z.array(z.string().min(12)).default([]).describe("Container ids, at least their first 12 digits."),
});

const options = z.strictObject({
  only: selection.optional().describe("Capture only streams with one of these at either end."),
  except: selection.optional().describe("Leave out streams with one of these at either end."),
  follow_children: z.boolean().default(true).describe("A pid in `only` or `except` stands for its descendants too."),
  own_children: z.boolean().default(false).describe("Capture what children of mcpsonde itself do."),
  http: z.enum(["mcp", "all", "off"]).default("mcp").describe(
    "HTTP connections to capture: those with a sign of MCP or of a model's API, all, or none.",
  ),
  tls: z.boolean().default(true).describe("Capture what programs hand to their TLS library, before it is encrypted."),
  ring_bytes: z.int().min(1 << 16).max(1 << 30).refine((n) => (n & (n - 1)) === 0, "must be a power of two")
    .default(64 << 20).describe(
      "Size of the ring buffer in bytes: a power of two. What does not fit is lost and counted.",
    ),
  poll_ms: z.int().min(1).max(1000).default(20).describe(
    "How often the ring is read while there is traffic, in milliseconds.",
  ),
  nice: z.int().min(-20).max(19).default(-10)
    .describe("Scheduling priority of the reading thread, as in nice(1): on a busy machine a lower one loses less."),
  backend: z.enum(["auto", "tp_btf", "raw_tp"]).default("auto").describe(
    "How the program is attached; `auto` tries `tp_btf` first.",
  ),
  libbpf: path().optional().describe("libbpf's shared library; without it `libbpf.so.1`, then `libbpf.so.0`."),
  object: path().optional().describe("Another build of the eBPF object."),
});

/** Options of the `ebpf` source. */
export type EbpfOptions = z.output<typeof options>;

/** setpriority(2): 0 with this means the calling thread. */
const PRIO_PROCESS = 0;
/** Bytes taken from the ring at once. Larger arrays come from fresh pages, which cost more than what is in them. */
const BLOCK = 1 << 16;
/** Blocks whose events make one batch at most. */
const BLOCKS = 16;
/** After this long without a record the reader asks to be woken, ms. */
const IDLE_AFTER = 200;
/** Longest sleep, ms. The kernel ends it when there is traffic. */
const SLEEP = 1000;
/** How often clocks are compared and counters read, ms. */
const CLOCKS_EVERY = 10_000, COUNTERS_EVERY = 200;

async function* capture(options: EbpfOptions, context: Context): AsyncGenerator<Batch> {
  const { signal, log, metrics, name } = context;
  const kernel = Kernel.open({
    ringBytes: options.ring_bytes,
    libbpf: options.libbpf,
    object: options.object,
    backend: options.backend === "auto" ? undefined : options.backend,
    ownChildren: options.own_children,
    http: options.http !== "off",
    tls: options.tls && options.http !== "off",
  });
  let tls: TlsProbes | undefined;
  const wake = () => kernel.ring.ring();
  signal.addEventListener("abort", wake);
  try {
    if (libc().setpriority(PRIO_PROCESS, 0, options.nice) !== 0) {
      log.warn(`may not set its priority to ${options.nice}`);
    }
    const processes = new Processes();
    const lineage = options.follow_children ? (pid: number) => processes.lineage(pid) : undefined;
    const isWanted = wanted(options.only, options.except, lineage);
    if (kernel.probes) {
      tls = probes(kernel, context, (pid) => isWanted?.(processes.get(pid), undefined) ?? true);
      const unseen = tlsObstacle(readMachine());
      if (unseen !== undefined) log.warn(unseen);
    } else if (options.tls && options.http !== "off") log.warn("user probes do not load here: HTTPS is not seen");
    const settings = {
      source: name,
      allHttp: options.http === "all",
      tls,
      wanted: isWanted,
      bootToEpoch: bootToEpoch(),
    };
    const streams = new Streams(kernel, processes, settings);
    const losses = new Losses(kernel, name);
    const soon = tls === undefined ? "" : "; looking for TLS libraries";
    log.info(
      `capturing through ${kernel.backend} and ${kernel.libbpf}, ring ${options.ring_bytes / (1 << 20)} MiB${soon}`,
    );
    let lastRecord = 0, nextClocks = 0, nextCounters = 0;
    while (!signal.aborted) {
      const events: Event[] = [];
      const now = performance.now();
      let block: Uint8Array<ArrayBuffer> | undefined;
      for (let i = 0; i < BLOCKS && (block = kernel.ring.take(BLOCK)); i++) {
        if (streams.push(block, now, events)) lastRecord = now;
      }
      streams.tick(now, events);
      if (now >= nextCounters) {
        nextCounters = now + COUNTERS_EVERY;
        losses.report(events);
        metrics.set("ring_bytes_waiting", kernel.ring.waiting);
        for (const [key, value] of Object.entries(streams.counts)) metrics.set(`streams_${key}`, value);
        for (const [key, value] of Object.entries(tls?.counts ?? {})) metrics.set(`tls_${key}`, value);
      }
      if (now >= nextClocks) {
        nextClocks = now + CLOCKS_EVERY;
        settings.bootToEpoch = bootToEpoch();
      }
      yield events; // also when empty: a tick for those who hold something back
      if (block === undefined || kernel.ring.waiting < BLOCK) {
        await rest(kernel, streams.idle && now - lastRecord > IDLE_AFTER, options.poll_ms);
      }
    }
    await tls?.close();
    tls = undefined;
    kernel.detach();
    for (let block; (block = kernel.ring.take(BLOCK));) {
      const events: Event[] = [];
      streams.push(block, performance.now(), events);
      yield events;
    }
    const events: Event[] = [];
    streams.tick(performance.now(), events, true);
    losses.report(events);
    yield events;
  } finally {
    signal.removeEventListener("abort", wake);
    await tls?.close();
    kernel.close();
  }
}

/**
 * Finds TLS libraries, now and as they are mapped, and puts probes on them: on those of all processes, as either end of a
 * connection may be wanted. What is found later is told of if it is a wanted process's.
 */
function probes(kernel: Kernel, { log }: Context, isWanted: (pid: number) => boolean): TlsProbes {
  const attacher: Attacher = {
    attach: (...probes) => kernel.attachProbes(...probes),
  };
  const found: string[] = [];
  let scanned = false;
  const probes = new TlsProbes(attacher, {
    warn: (message) => log.warn(message),
    found: (image, pid) => {
      if (!scanned) found.push(image);
      else if (isWanted(pid)) log.info(`sees the TLS of ${image} too`);
    },
    ignored: (pid) => pid === Deno.pid,
  });
  const tell = () => {
    scanned = true;
    log.info(`sees the TLS of ${found.length > 0 ? found.join(", ") : "programs as they begin to use it"}`);
  };
  probes.scan().then(tell, (error) => log.warn(`cannot look for TLS libraries: ${error}`));
  return probes;
}

/** Waits for more: briefly while there is traffic, else until the kernel wakes us. */
async function rest(kernel: Kernel, idle: boolean, poll: number): Promise<void> {
  if (!idle) return await kernel.ring.wait(poll);
  kernel.control[CONTROL.sleeping] = 1;
  if (kernel.ring.waiting === 0) await kernel.ring.wait(SLEEP);
  kernel.control[CONTROL.sleeping] = 0;
}

function bootToEpoch(): number {
  return clock(CLOCK_REALTIME) - clock(CLOCK_BOOTTIME);
}

/** Turns the kernel's per-CPU loss counters into gaps. */
class Losses {
  readonly #kernel: Kernel;
  readonly #source: string;
  #seen: number[] = [];
  #bytes: number[] = [];
  #faults = 0;

  constructor(kernel: Kernel, source: string) {
    this.#kernel = kernel;
    this.#source = source;
  }

  report(out: Event[]): void {
    const time = Date.now();
    const records = this.#kernel.counter(COUNT_LOST);
    if (records.total > sum(this.#seen)) {
      const bytes = this.#kernel.counter(COUNT_LOST_BYTES).byCpu;
      records.byCpu.forEach((n, cpu) => {
        const lost = { records: n - (this.#seen[cpu] ?? 0), bytes: bytes[cpu]! - (this.#bytes[cpu] ?? 0) };
        if (lost.records === 0) return;
        const message = `The ring was full: ${lost.records} records with ${lost.bytes} bytes were lost on CPU ${cpu}.`;
        out.push({ kind: "gap", time, source: this.#source, reason: "ring_full", message, lost, cpu });
      });
      this.#seen = [...records.byCpu];
      this.#bytes = [...bytes];
    }
    const faults = this.#kernel.counter(COUNT_FAULTS).total;
    if (faults > this.#faults) {
      const lost = { records: faults - this.#faults };
      const message = `The memory of ${lost.records} calls could not be read.`;
      out.push({ kind: "gap", time, source: this.#source, reason: "fault", message, lost });
      this.#faults = faults;
    }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

export default defineSource({
  type: "ebpf",
  summary: "MCP over stdio, HTTP and HTTPS of every process, captured in the Linux kernel.",
  options,
  create: (options, context) => capture(options, context),
});
