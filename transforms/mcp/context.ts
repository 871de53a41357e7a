/**
 * The contexts of messages. Those in which nothing differs are one object.
 *
 * @module
 */
import type { LogicalCall, McpContext, TraceContext } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import type { Side } from "../../protocols/mcp/mod.ts";
import type { Session } from "./session.ts";

/** What is known of one message. */
export class Context implements McpContext {
  declare readonly era: string | undefined;
  declare readonly session: Session;
  declare readonly sender: Side | undefined;
  declare readonly call: LogicalCall | undefined;
  declare readonly endsCall: boolean;
  declare readonly trace: TraceContext | undefined;

  /** In the revision that the session is in now. */
  constructor(
    session: Session,
    sender: Side | undefined,
    call: LogicalCall | undefined,
    endsCall: boolean,
    trace: TraceContext | undefined,
  ) {
    this.era = session.era;
    this.session = session;
    this.sender = sender;
    this.call = call;
    this.endsCall = endsCall;
    this.trace = trace;
  }
}

/** Sets a message's context: the one change that another stage's event sees. */
export function setContext(event: McpEvent, context: McpContext): void {
  (event as { context?: McpContext }).context = context;
}

/** The context with the list that the message ends. */
export function withList(context: McpContext, list: McpContext["list"]): McpContext {
  return list === undefined ? context : { ...context, list };
}

/** The contexts of a session's messages that are part of no call and name no trace, by sender. */
export class PlainContexts {
  #client: Context | undefined;
  #server: Context | undefined;
  #unclear: Context | undefined;

  /** The context of such a message. */
  of(session: Session, sender: Side | undefined): Context {
    const known = sender === "client" ? this.#client : sender === "server" ? this.#server : this.#unclear;
    if (known !== undefined && known.era === session.era) return known;
    const made = new Context(session, sender, undefined, false, undefined);
    if (sender === "client") this.#client = made;
    else if (sender === "server") this.#server = made;
    else this.#unclear = made;
    return made;
  }
}
