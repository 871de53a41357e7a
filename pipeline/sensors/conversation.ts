/**
 * A session as one process tells of it, as two streams that bytes could have gone over.
 *
 * @module
 */
import type { Stream, Transport } from "../event.ts";

/** Two streams, each the way back of the other. */
export class Conversation {
  readonly key: string;
  /** Of a teller that is one of both: which. */
  readonly side: string;
  /** The sensor's name of it; empty if it has none. */
  readonly session: string;
  /** Of a teller that is one of both: what it received, and what it sent. Else: to the server, and to the client. */
  readonly received: Stream;
  readonly sent: Stream;
  /** Of its last message. */
  time = 0;
  /** Which streams have had a message. */
  hasReceived = false;
  hasSent = false;

  /** `ids` are the streams'. */
  constructor(
    key: string,
    { side, session }: { readonly side: string; readonly session: string },
    transport: Transport | undefined,
    ids: readonly [number, number],
  ) {
    this.key = key;
    this.side = side;
    this.session = session;
    const received: Stream = { id: ids[0], medium: "sensor", transport, reverse: undefined };
    const sent: Stream = { id: ids[1], medium: "sensor", transport, reverse: received };
    received.reverse = sent;
    this.received = received;
    this.sent = sent;
  }
}
