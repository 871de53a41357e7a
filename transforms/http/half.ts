/**
 * One message on a stream of HTTP/2.
 *
 * @module
 */
import type { HttpHeaders } from "../../pipeline/event.ts";
import type { Body } from "./body.ts";
import type { EventStream } from "./event_stream.ts";
import type { Exchange } from "./exchange.ts";

/** A request or response that has begun. */
export class Half {
  body: Body | undefined = undefined;
  /** Of a response that streams. */
  events: EventStream | undefined = undefined;
  trailers: HttpHeaders | undefined = undefined;
  /** Its body shows what it is: no content type is known. */
  sniff = false;

  /** `exchange` is undefined if the head was not seen. */
  constructor(public exchange: Exchange | undefined, public incomplete: string | undefined) {}

  /** True if its head was seen. */
  get begun(): boolean {
    return this.exchange?.request !== undefined || this.exchange?.response !== undefined;
  }

  /** Something of it could not be read. */
  damage(reason: string): void {
    if (this.events !== undefined) this.events.lose(reason);
    else this.incomplete ??= reason;
  }
}
