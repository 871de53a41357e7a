/**
 * What all connections share.
 *
 * @module
 */
import type { HttpEvent, HttpExchange, Stream } from "../../pipeline/event.ts";
import { Body, Budget } from "./body.ts";
import type { Direction } from "./connection.ts";
import { Credentials } from "./credentials/mod.ts";
import { Exchange } from "./exchange.ts";
import { Tallies } from "./gaps.ts";
import type { Options } from "./options.ts";
import { Outlet } from "./outlet.ts";

/** Options, outlets and counters. */
export class Hub {
  readonly outlet: Outlet;
  readonly credentials: Credentials;
  readonly budget: Budget;
  /** Exchanges so far. */
  exchanges = 0;
  /** Bytes passed over so far. */
  skipped = 0;
  #told: Direction[] = [];

  constructor(readonly options: Options) {
    this.outlet = new Outlet(options.hold_ms);
    this.credentials = new Credentials(options.credentials === "keep");
    this.budget = new Budget(options.max_pending_bytes);
  }

  /** A new exchange; `stream` is the direction of its request. */
  exchange(version: HttpExchange["version"], stream: Stream, streamId?: number): Exchange {
    return new Exchange(++this.exchanges, version, stream, streamId);
  }

  /** A body to be collected. */
  body(): Body {
    return new Body(this.budget, this.options.max_body);
  }

  /** Bytes or messages were passed over: a gap will tell. */
  skip(direction: Direction, reason: string, bytes: number, messages = 0): void {
    this.skipped += bytes;
    if (direction.tallies === undefined) direction.tallies = new Tallies();
    direction.tallies.add(reason, bytes, messages);
    if (this.#told.at(-1) !== direction) this.#told.push(direction);
  }

  /** A direction has come to its end: all that was passed over is told. */
  remind(direction: Direction): void {
    if (direction.tallies !== undefined) this.#told.push(direction);
  }

  /** Adds the gaps of this batch to its events. */
  tellGaps(): void {
    if (this.#told.length === 0) return;
    for (const direction of this.#told) direction.tallies?.tell(direction, direction.ended, this.outlet);
    this.#told = [];
  }
}

/** An event of an exchange, with the time and the ends of the direction's last chunk. */
export function event(
  type: HttpEvent["type"],
  { time, source, process, peer, stream }: Direction,
  exchange: Exchange,
  body: Uint8Array | undefined,
  wireBytes: number,
  incomplete: string | undefined,
  sse: HttpEvent["sse"] = undefined,
): HttpEvent {
  return { kind: "http", time, source, process, peer, type, stream, exchange, body, wireBytes, sse, incomplete };
}
