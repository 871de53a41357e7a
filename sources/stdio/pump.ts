/**
 * Moves bytes both ways between a client and a server, in one thread that sleeps in `poll`.
 *
 * @module
 */
import { Lane } from "./lane.ts";
import type { Gate } from "./lane.ts";
import { type Libc, POLL } from "./libc.ts";
import { Port, type PortPlan } from "./port.ts";
import { RingWriter } from "./ring.ts";

/** How long output may come after the server has exited and the client has closed its input: from a child of its own. */
const QUIET_MS = 500;

/** What a pump needs; can be sent to another thread, but for the gate. */
export interface PumpPlan {
  /** Where the client's bytes come from, and where they go. */
  readonly fromClient: PortPlan;
  readonly toServer: PortPlan;
  /** The way back. */
  readonly fromServer: PortPlan;
  readonly toClient: PortPlan;
  /** A byte here says that the server has exited. */
  readonly control: PortPlan;
  /** Where copies go. */
  readonly ring: SharedArrayBuffer;
}

/** Makes a gate for the client's bytes; `answer` inserts a line of ours between those of the server. */
export type MakeGate = (answer: (line: Uint8Array<ArrayBuffer>) => void) => Gate;

/** Moves bytes until both ways have ended. Blocks the thread. */
export function pump(libc: Libc, plan: PumpPlan, wake: () => void, makeGate?: MakeGate): void {
  const ring = new RingWriter(plan.ring, wake);
  const back = new Lane({ way: 1, from: new Port(libc, plan.fromServer), to: new Port(libc, plan.toClient), ring });
  const gate = makeGate?.((line) => back.insert(line));
  const to = { from: new Port(libc, plan.fromClient), to: new Port(libc, plan.toServer) };
  const forth = new Lane({ way: 0, ...to, ring, gate });
  const control = new Port(libc, plan.control);
  // struct pollfd: an int, and two shorts in a second word: events, and above them revents
  const entries = new Int32Array(10);
  const bytes = new Uint8Array(entries.buffer);
  const time = () => performance.timeOrigin + performance.now();
  let exited = false;
  while (!back.done || !forth.done) {
    if (exited && back.done) break; // nobody is left to read what the client says
    forth.ask(entries, 0, back.congested);
    back.ask(entries, 4, false);
    entries[8] = control.fd;
    entries[9] = POLL.IN;
    const ready = libc.poll(bytes, 5, exited && forth.done ? QUIET_MS : -1);
    if (ready < 0) continue; // a signal
    if (ready === 0) break;
    if ((entries[9] ?? 0) >>> 16 !== 0) {
      exited = true;
      control.close();
    }
    forth.act(entries, 0, time);
    back.act(entries, 4, time);
  }
  forth.close(time());
  back.close(time());
  control.close();
  ring.end();
}
