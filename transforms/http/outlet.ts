/**
 * Where the events of a batch are gathered.
 *
 * @module
 */
import type { Batch, Event, HttpEvent } from "../../pipeline/event.ts";
import type { Exchange } from "./exchange.ts";

/** A response may be held over this many batches if traffic goes on without reaching `hold_ms`. */
export const HOLD_BATCHES = 16;
/** Exchanges whose response is held at most, and how many bytes of bodies. */
const MOST_HELD = 1024;
const MOST_BYTES = 64 * 1024 * 1024;

/** An exchange whose response waits. */
interface Held {
  readonly exchange: Exchange;
  readonly batch: number;
  readonly time: number;
}

/** The events made of one batch, in order; a batch that nothing is made of is passed on as it is. */
export class Outlet {
  /** Events of the `http` kind so far. */
  events = 0;
  #batch: Batch = [];
  /** The event of the batch that is being looked at. */
  #at = 0;
  #out: Event[] | undefined;
  #held: Held[] = [];
  /** Bytes of bodies that came to be held since nothing was. */
  #heldBytes = 0;
  #number = 0;
  readonly #hold: number;

  /** Holds responses for so many milliseconds of traffic. */
  constructor(holdMs: number) {
    this.#hold = holdMs;
  }

  /** Responses that wait. */
  get held(): number {
    return this.#held.length;
  }

  /** A new batch, of which the events before the one at `first` are passed on. */
  begin(batch: Batch, first: number): void {
    this.#batch = batch;
    this.#at = first;
    this.#out = undefined;
    this.#number++;
  }

  /** What has been gathered so far: what comes now stands before the event that is being looked at. */
  get list(): Event[] {
    return this.#out ??= this.#batch.slice(0, this.#at);
  }

  /** Passes on the event that is being looked at. */
  pass(): void {
    if (this.#out !== undefined) this.#out.push(this.#batch[this.#at]!);
    this.#at++;
  }

  /** Leaves out the event that is being looked at. */
  drop(): void {
    this.#out ??= this.#batch.slice(0, this.#at);
    this.#at++;
  }

  /** All events. */
  finish(): Batch {
    const batch = this.#out ?? this.#batch;
    this.#out = undefined;
    this.#batch = [];
    return batch;
  }

  /** A request is told, and after it what was held for it. */
  request(exchange: Exchange, event: HttpEvent): void {
    this.events++;
    this.list.push(event);
    this.release(exchange);
  }

  /** A part of a response is told, or held until its request is. */
  response(exchange: Exchange, event: HttpEvent, time: number): void {
    this.events++;
    if (exchange.asked) {
      this.list.push(event);
      return;
    }
    if (exchange.held === undefined) {
      exchange.held = [];
      this.#held.push({ exchange, batch: this.#number, time });
    }
    exchange.held.push(event);
    this.#heldBytes += event.body?.length ?? event.sse?.data.length ?? 0;
    if (this.#heldBytes > MOST_BYTES) this.flushAll();
    else if (this.#held.length > MOST_HELD) this.release(this.#held.shift()!.exchange);
  }

  /** Nothing waits for the request of this exchange any more. */
  release(exchange: Exchange): void {
    exchange.asked = true;
    if (exchange.held === undefined) return;
    for (const event of exchange.held) this.list.push(event);
    exchange.held = undefined;
  }

  /** Lets go of what was held for long enough; `quiet`: nothing is on its way. */
  flush(time: number, quiet: boolean): void {
    if (this.#held.length === 0) return;
    this.#held = this.#held.filter(({ exchange, batch, time: since }) => {
      if (exchange.held === undefined) return false;
      const age = this.#number - batch;
      if (age < 1 || !(quiet || age >= HOLD_BATCHES || time - since >= this.#hold)) return true;
      this.release(exchange);
      return false;
    });
    if (this.#held.length === 0) this.#heldBytes = 0;
  }

  /** Lets go of everything that is held. */
  flushAll(): void {
    for (const { exchange } of this.#held) this.release(exchange);
    this.#held = [];
    this.#heldBytes = 0;
  }
}
