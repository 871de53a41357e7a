/**
 * Moves bytes both ways between a client and a server, in one thread that sleeps in `poll`.
 *
 * @module
 */
import { type Gate, Lane } from "./lane.ts";
import { type Libc, POLL } from "./libc.ts";
import { Port, type PortPlan } from "./port.ts";
import { RingWriter } from "./ring.ts";

/** How long output may come after the server has exited and the client has closed its input: from a child of its own. */
const QUIET_MS = 500;

/** What a pump needs; can be sent to another thread. */
export interface PumpPlan {
  /** Where the client's bytes come from, and where they go. */
  readonly fromClient: PortPlan;
  readonly toServer: PortPlan;
  /** The way back. */
  readonly fromServer: PortPlan;
  readonly toClient: PortPlan;
  /** Its end says that the server has exited. */
  readonly control: PortPlan;
  /** Where copies go. */
  readonly ring: SharedArrayBuffer;
}

/** Makes a gate for the client's bytes; `answer` inserts a line of ours between those of the server. */
export type MakeGate = (answer: (line: Uint8Array<ArrayBuffer>) => void) => Gate;

/** Both ways. */
export class Pump {
  readonly #libc: Libc;
  readonly #plan: PumpPlan;
  readonly #ring: RingWriter;
  readonly #forth: Lane;
  readonly #back: Lane;
  readonly #control: Port;
  /** struct pollfd: an int, and two shorts in a second word: events, and above them revents. */
  readonly #entries = new Int32Array(10);
  readonly #bytes = new Uint8Array(this.#entries.buffer);
  #over = false;

  constructor(libc: Libc, plan: PumpPlan, wake: () => void, makeGate?: MakeGate) {
    const port = (plan: PortPlan) => new Port(libc, plan);
    this.#libc = libc;
    this.#plan = plan;
    const ring = this.#ring = new RingWriter(plan.ring, wake);
    const back = new Lane({ way: 1, from: port(plan.fromServer), to: port(plan.toClient), ring });
    const gate = makeGate?.((line) => back.insert(line));
    this.#forth = new Lane({ way: 0, from: port(plan.fromClient), to: port(plan.toServer), ring, gate });
    this.#back = back;
    this.#control = port(plan.control);
  }

  /** True once nothing more will be moved, in either way. */
  get done(): boolean {
    // once the server has exited, nobody is left to read what the client says
    return this.#over || this.#back.done && (this.#forth.done || this.#exited);
  }

  /** True if everything that was read is written. */
  get idle(): boolean {
    return this.#forth.idle && this.#back.idle;
  }

  /** What another pump needs to go on where this one, which is idle, has stopped. */
  get rest(): PumpPlan {
    const { fromClient, toServer, fromServer, toClient, control } = this.#plan;
    const left = (plan: PortPlan, closed: boolean): PortPlan => closed ? { ...plan, fd: -1 } : plan;
    return {
      ...this.#plan,
      fromClient: left(fromClient, this.#forth.done),
      toServer: left(toServer, this.#forth.done),
      fromServer: left(fromServer, this.#back.done),
      toClient: left(toClient, this.#back.done),
      control: left(control, this.#exited),
    };
  }

  /** Waits until something can be moved, and moves it. False if the time was up, or a signal came. */
  step(ms: number): boolean {
    const entries = this.#entries;
    this.#forth.ask(entries, 0, this.#back.congested);
    this.#back.ask(entries, 4, false);
    entries[8] = this.#control.fd;
    entries[9] = POLL.IN;
    const isLast = this.#exited && this.#forth.done;
    const ready = this.#libc.poll(this.#bytes, 5, isLast ? QUIET_MS : ms);
    if (ready <= 0) {
      if (ready === 0 && isLast) this.#over = true;
      return false;
    }
    if ((entries[9] ?? 0) >>> 16 !== 0) this.#control.close();
    this.#forth.act(entries, 0, now);
    this.#back.act(entries, 4, now);
    return true;
  }

  /** Closes what is open. */
  end(): void {
    this.#forth.close(now());
    this.#back.close(now());
    this.#control.close();
    this.#ring.end();
  }

  get #exited(): boolean {
    return this.#control.fd < 0;
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
