/**
 * A server that runs behind us: its bytes are moved from the first moment on, whoever looks at them and when.
 *
 * @module
 */
import { closeCopies } from "./copies.ts";
import type { GateSpec } from "./gate_spec.ts";
import { type Libc, openLibc } from "./libc.ts";
import { plumb } from "./plumbing.ts";
import { Pump, type PumpPlan } from "./pump.ts";
import { newRing, RingReader } from "./ring.ts";
import type { Child, CommandLine, Ending } from "./spawn.ts";
import { startStreams } from "./streams.ts";

/** How a server is run. */
export interface StartOptions {
  /** Bytes that may wait to be looked at. */
  readonly ringBytes: number;
  /** What judges the client's messages before they go on. */
  readonly gate?: GateSpec | undefined;
  /** `streams` does without system calls of our own; `auto` does so where there is no libc that is known. */
  readonly engine?: "auto" | "streams" | undefined;
}

/** A server that runs. */
export interface RunningServer {
  readonly command: readonly string[];
  readonly pid: number;
  /** How it ended. */
  readonly status: Promise<Ending>;
  /** Resolves when all that it said has reached the client, or cannot. Rejects if bytes can no longer be moved. */
  readonly delivered: Promise<void>;
  /** Copies of what is moved. */
  readonly ring: RingReader;
  /** Resolves when there is something in the ring, or it has ended. */
  awake(): Promise<void>;
  kill(signal: Deno.Signal): void;
}

/**
 * Starts a server on our standard input and output, which are its own from then on.
 *
 * @throws {Deno.errors.NotFound} and {Deno.errors.PermissionDenied}.
 */
export function startServer(line: CommandLine, options: StartOptions): RunningServer {
  const waker = new Waker();
  const libc = options.engine === "streams" ? undefined : openLibc();
  if (libc === undefined) {
    const memory = newRing(options.ringBytes);
    const { child, delivered } = startStreams(line, memory, () => waker.wake(), options.gate);
    return running(line, child, memory, delivered, waker);
  }
  const { child, plan, exited } = plumb(libc, line, options.ringBytes);
  child.status.then(exited);
  const delivered = move(libc, plan, options.gate, waker);
  return running(line, child, plan.ring, delivered, waker);
}

/** Until when the server's first answer is waited for, and how long at a time, in milliseconds. */
const FIRST_MS = 3000, STEP_MS = 20;

/**
 * Moves all bytes. Up to the server's first answer this thread does it, as there is nothing else to do yet and a thread
 * takes some 50 ms to start; from then on one of its own.
 */
async function move(libc: Libc, plan: PumpPlan, gate: GateSpec | undefined, waker: Waker): Promise<void> {
  await Promise.resolve(); // who has called gets the server first
  closeCopies(libc, plan);
  if (gate !== undefined) return await new PumpThread(waker).run({ plan, gate }); // a gate remembers half a line
  const pump = new Pump(libc, plan, () => waker.wake());
  const reader = new RingReader(plan.ring);
  const end = performance.now() + FIRST_MS;
  let thread: PumpThread | undefined;
  while (!pump.done && !(pump.idle && (reader.answered || performance.now() > end))) {
    if (pump.step(STEP_MS)) continue;
    thread ??= new PumpThread(waker); // a server that takes its time leaves us some
    await new Promise((resolve) => setTimeout(resolve, 0)); // signals, and the server's end, are told between two steps
  }
  if (!pump.done) return await (thread ?? new PumpThread(waker)).run({ plan: pump.rest, gate });
  thread?.stop();
  pump.end();
}

function running(
  { command }: CommandLine,
  child: Child,
  memory: SharedArrayBuffer,
  delivered: Promise<void>,
  waker: Waker,
): RunningServer {
  return {
    command,
    pid: child.pid,
    status: child.status,
    delivered,
    ring: new RingReader(memory),
    awake: () => waker.awake(),
    kill(signal) {
      try {
        child.kill(signal);
      } catch {
        // it has ended since
      }
    },
  };
}

/** What the thread is told. */
export interface PumpMessage {
  readonly plan: PumpPlan;
  readonly gate: GateSpec | undefined;
}

/** The thread that moves bytes. */
class PumpThread {
  readonly #worker = new Worker(new URL("./pump_worker.ts", import.meta.url), {
    type: "module",
    name: "mcpsonde pump",
  });
  readonly #waker: Waker;

  constructor(waker: Waker) {
    this.#waker = waker;
  }

  /** Resolves when all bytes were moved. */
  run(message: PumpMessage): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#worker.onmessage = ({ data }: MessageEvent<"wake" | "end">) => {
      this.#waker.wake();
      if (data !== "end") return;
      this.stop();
      resolve();
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.stop();
      reject(new Error(`bytes can no longer be moved: ${event.message}`));
      this.#waker.wake();
    };
    this.#worker.postMessage(message);
    return promise;
  }

  stop(): void {
    this.#worker.terminate();
  }
}

/** One sleeper that is woken, or was before it slept. */
class Waker {
  #woken = false;
  #sleeper: (() => void) | undefined;

  wake(): void {
    this.#woken = true;
    this.#sleeper?.();
  }

  async awake(): Promise<void> {
    if (!this.#woken) await new Promise<void>((resolve) => this.#sleeper = resolve);
    this.#sleeper = undefined;
    this.#woken = false;
  }
}
