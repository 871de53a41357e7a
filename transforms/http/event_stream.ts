/**
 * A response that is a stream of server-sent events, told as they arrive.
 *
 * @module
 */
import type { HttpHeaders } from "../../pipeline/event.ts";
import type { StreamDecoder } from "../../protocols/content_coding/mod.ts";
import { SseParser } from "../../protocols/sse/mod.ts";
import { openCoding, reasonOf } from "./coding.ts";
import type { Kept } from "./body.ts";
import type { Direction } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import { event, type Hub } from "./hub.ts";

/** An unfinished event counts as held from so many bytes on. */
const COUNTED = 4096;

/** The events of one response. */
export class EventStream implements Kept {
  readonly exchange: Exchange;
  readonly #hub: Hub;
  readonly #direction: Direction;
  readonly #decoder: StreamDecoder | undefined;
  #parser: SseParser;
  #wireBytes = 0;
  /** Bytes since the last event, and those that are on the budget. */
  #pending = 0;
  #counted = 0;
  /** What the next event is marked with: events before it were not seen. */
  #missing: string | undefined;
  #incomplete: string | undefined;

  /** `missing`: why the events before the first were not seen, if there were some. */
  constructor(hub: Hub, direction: Direction, exchange: Exchange, headers: HttpHeaders, missing: string | undefined) {
    this.#hub = hub;
    this.#direction = direction;
    this.exchange = exchange;
    this.#missing = missing;
    this.#parser = this.#start();
    this.#decoder = openCoding(hub.options, headers);
  }

  /** The next bytes of the body. */
  push(buffer: Uint8Array, start: number, end: number): void {
    this.#wireBytes += end - start;
    if (this.#incomplete !== undefined) return this.#hub.skip(this.#direction, this.#incomplete, end - start);
    if (this.#decoder === undefined) return this.#parse(buffer, start, end);
    const bytes = this.#decoder.write(buffer, start, end);
    this.#parse(bytes, 0, bytes.length);
    const { problem } = this.#decoder;
    if (problem !== undefined) this.#stop(reasonOf(problem), end - start);
  }

  /** Bytes were lost: events go on with the next whole one, unless they are coded. */
  lose(reason: string): void {
    if (this.#decoder !== undefined) this.#incomplete ??= reason;
    this.#forget(reason);
  }

  /** The unfinished event is given up for lack of room. */
  giveUp(reason: string): void {
    this.#hub.skip(this.#direction, reason, this.#pending, 1);
    this.#forget(reason);
  }

  /** The body is over. */
  end(incomplete: string | undefined): void {
    const direction = this.#direction, { exchange } = this;
    const problem = this.#decoder?.close();
    if (problem !== undefined) this.#incomplete ??= reasonOf(problem);
    this.#parser.close();
    this.#release();
    exchange.times.responseEnd = direction.time;
    exchange.responseDone = true;
    const why = incomplete ?? this.#incomplete;
    const told = event("end", direction, exchange, undefined, this.#wireBytes, why);
    this.#hub.outlet.response(exchange, told, direction.time);
  }

  #parse(buffer: Uint8Array, start: number, end: number): void {
    const { comments } = this.#parser;
    this.#pending += end - start;
    this.#parser.push(buffer, start, end);
    if (this.#parser.comments > comments) this.#release(); // nothing but pings, mostly
    const held = Math.min(this.#pending, this.#hub.options.max_event);
    if (held < COUNTED || held === this.#counted) return;
    const more = held - this.#counted;
    this.#counted = held;
    this.#hub.budget.add(this, more);
  }

  #forget(reason: string): void {
    this.#missing = reason;
    this.#parser.close();
    this.#release();
    this.#parser = this.#start();
  }

  #release(): void {
    if (this.#counted > 0) this.#hub.budget.remove(this, this.#counted);
    this.#pending = this.#counted = 0;
  }

  #stop(problem: string, bytes: number): void {
    this.#incomplete = problem;
    this.#hub.skip(this.#direction, problem, bytes, 1);
  }

  #start(): SseParser {
    const { max_event } = this.#hub.options;
    return new SseParser((sse) => {
      const direction = this.#direction;
      this.#release();
      if (sse.event === "endpoint") { // MCP 2024-11-05: a target, which requests will show the same way
        sse = { event: sse.event, id: sse.id, data: this.#hub.credentials.target(sse.data) };
      }
      const told = event("sse", direction, this.exchange, undefined, 0, this.#missing, sse);
      this.#missing = undefined;
      this.#hub.outlet.response(this.exchange, told, direction.time);
    }, {
      maxEvent: max_event,
      onSkipped: (size) => {
        this.#release();
        this.#hub.skip(this.#direction, "too_large", size, 1);
      },
    });
  }
}
