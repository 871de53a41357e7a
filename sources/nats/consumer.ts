/**
 * A durable pull consumer of JetStream, by its own requests
 * (https://docs.nats.io/reference/reference-protocols/nats_api_reference). Asking for the next messages acknowledges the
 * last.
 *
 * @module
 */
import { createInbox, type Msg, type NatsConnection } from "@nats-io/transport-node";
import { isObject } from "../../pipeline/json.ts";

/** How long the server waits for messages when there are none, in milliseconds. */
const EXPIRES_MS = 1000;
/** How much longer than that until it is asked again. */
const LATE_MS = 5000;
/** After so long without an acknowledgement it sends a message again: a pipeline may be held up. In milliseconds. */
const ACK_WAIT_MS = 300_000;
const PAUSE_MS = 500;
/** JetStream's code of a stream that there is not (server/errors.json of nats-server). */
const NO_STREAM = 10059;
const NANOS = 1e6;
const encoder = new TextEncoder();
const ACK = encoder.encode("+ACK");

/** What to read. */
export interface ConsumerOptions {
  readonly stream: string;
  readonly consumer: string;
  readonly subject: string;
  readonly batch: number;
  readonly timeoutMs: number;
}

/** Makes the consumer if there is none. Rejects with a sentence. */
export async function prepare(connection: NatsConnection, options: ConsumerOptions): Promise<void> {
  const { stream, consumer, subject, timeoutMs: timeout } = options;
  const config = {
    durable_name: consumer,
    ack_policy: "explicit",
    ack_wait: ACK_WAIT_MS * NANOS,
    deliver_policy: "all",
    replay_policy: "instant",
    filter_subject: subject,
    max_ack_pending: Math.max(1000, 2 * options.batch),
  };
  const body = encoder.encode(JSON.stringify({ stream_name: stream, config }));
  const answer = await connection.request(`$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`, body, { timeout })
    .catch((error: unknown) => {
      throw new Error(`JetStream does not answer: ${error instanceof Error ? error.message : error}`);
    });
  const said: unknown = JSON.parse(answer.string());
  const error = isObject(said) ? said["error"] : undefined;
  if (!isObject(error)) return;
  const hint = error["err_code"] === NO_STREAM ? `; "nats stream add ${stream} --subjects '${subject}'" makes it` : "";
  throw new Error(`the stream ${stream} cannot be read: ${String(error["description"])}${hint}`);
}

/** Messages in the stream's order, until the signal is aborted; an empty array where there are none for a while. */
export async function* consumed(
  connection: NatsConnection,
  options: ConsumerOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Msg[]> {
  while (!signal.aborted && !connection.isClosed()) {
    const first = await pull(connection, options, { batch: 1, expires: EXPIRES_MS * NANOS }, signal);
    const more = first.length === 0 || options.batch === 1
      ? []
      : await pull(connection, options, { batch: options.batch - 1, no_wait: true }, signal);
    const messages = [...first, ...more];
    yield messages;
    for (const message of messages) message.respond(ACK);
    if (messages.length > 0) await connection.flush().catch(() => {});
  }
}

/** What is asked for: so many messages, those that are there or those that come within so many nanoseconds. */
type Wanted =
  | { readonly batch: number; readonly expires: number }
  | { readonly batch: number; readonly no_wait: true };

/** Asks once. */
function pull(
  connection: NatsConnection,
  { stream, consumer }: ConsumerOptions,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<readonly Msg[]> {
  return new Promise((resolve) => {
    const messages: Msg[] = [];
    const inbox = createInbox();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      if (!connection.isClosed()) subscription.unsubscribe();
      resolve(messages);
    };
    const timer = setTimeout(done, EXPIRES_MS + LATE_MS);
    const subscription = connection.subscribe(inbox, {
      callback(error, message) {
        if (error !== null) return done();
        const code = message.headers?.code ?? 0;
        if (message.data.length === 0 && code >= 400) {
          // 404 and 408: no more for now; others (409: the consumer is gone) are not to be asked at once
          if (code === 404 || code === 408 || messages.length > 0) return done();
          setTimeout(done, PAUSE_MS);
          return;
        }
        if (messages.push(message) >= wanted.batch) done();
      },
    });
    signal.addEventListener("abort", done);
    connection.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
      encoder.encode(JSON.stringify(wanted)),
      { reply: inbox },
    );
  });
}
