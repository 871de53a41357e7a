/**
 * What leads from a message to its session: a stream of stdio, or an HTTP exchange.
 *
 * @module
 */
import type { TraceContext } from "../../pipeline/context.ts";
import type { HttpExchange, Process, Stream } from "../../pipeline/event.ts";
import type { Side } from "../../protocols/mcp/mod.ts";
import type { Session } from "./session.ts";

/** One stream, or one exchange. */
export class Lane {
  session: Session;
  /** Of stdio. */
  readonly stream: Stream | undefined;
  /** Of HTTP. */
  readonly exchange: HttpExchange | undefined;
  /** Of stdio: which side sends on it, once clear. */
  sender: Side | undefined = undefined;
  /** The processes that were seen last, to notice that more is known of them. */
  process: Process | undefined = undefined;
  peer: Process | undefined = undefined;
  /** Of HTTP: the caller's trace by the request's headers; null if they name none. */
  trace: TraceContext | null | undefined = undefined;
  /** Of HTTP: whether the session was named by its `Mcp-Session-Id`, or needs no name. */
  isNamed = false;

  /** A way to a session. */
  constructor(session: Session, stream: Stream | undefined, exchange: HttpExchange | undefined) {
    this.session = session;
    this.stream = stream;
    this.exchange = exchange;
  }
}
