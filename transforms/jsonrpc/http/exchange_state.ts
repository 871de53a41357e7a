/**
 * What is remembered of one HTTP exchange.
 *
 * @module
 */
import type { Session } from "./session.ts";
import type { Waiter } from "./waiting.ts";

/** The state of one exchange. */
export class ExchangeState {
  /** What it belongs to, once looked up. */
  session: Session | undefined = undefined;
  /** Requests of the client that were in its body. Those that are done stay until the next is added. */
  requests: Waiter[] = [];
  /** It has carried JSON-RPC. */
  isKnown = false;
  /** Its request follows revision 2026-07-28 or later. */
  isModern = false;
  /** It is the event stream of the 2024-11-05 transport, which answers what is posted elsewhere. */
  isEndpointStream = false;
  /** Its server-sent events have ids, so the client may have the rest on another stream. */
  isResumable = false;

  /** The requests that wait. */
  get open(): Waiter[] {
    return this.requests.filter(({ done }) => !done);
  }
}
