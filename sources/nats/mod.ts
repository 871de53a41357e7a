/**
 * The `nats` source: what mcpsondes elsewhere sent.
 *
 * @module
 */
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { type Context, defineSource, type SourceComponent } from "../../pipeline/component.ts";
import type { Batch, GapEvent } from "../../pipeline/event.ts";
import { connectNats } from "../../pipeline/nats/connection.ts";
import { nameOf } from "../../pipeline/nats/options.ts";
import { several } from "../../pipeline/wording.ts";
import { type Options, options } from "./options.ts";
import { MessageReader, type Sent } from "./reader.ts";

/** Between two attempts to connect, in milliseconds. */
const RETRY_MS = 2000;

/** Listens. */
const component: SourceComponent<typeof options> = defineSource({
  type: "nats",
  summary: "What sinks of the type nats send, from NATS or from a stream of JetStream",
  options,
  create: (options, context) => batches(options, context),
});
export default component;

async function* batches(options: Options, context: Context): AsyncGenerator<Batch> {
  const connection = await connected(options, context);
  if (connection === undefined) return;
  const reader = new MessageReader(context.name);
  const notices: GapEvent[] = [];
  void watch(connection, options, context, notices);
  try {
    const all = await received(connection, options, context, notices);
    context.log.info(`reading ${options.stream ?? options.subject} from ${nameOf(options)}`);
    for await (const messages of all) {
      yield [...notices.splice(0), ...reader.read(messages.map(sent))];
    }
  } finally {
    await connection.close();
  }
}

async function received(
  connection: NatsConnection,
  options: Options,
  { name, signal, metrics }: Context,
  notices: GapEvent[],
): Promise<AsyncIterable<readonly Msg[]>> {
  const { subject, stream, consumer, batch_events: batch, max_waiting_bytes: maxBytes, timeout_ms: timeoutMs } =
    options;
  if (stream !== undefined) {
    const { consumed, prepare } = await import("./consumer.ts");
    const of = { stream, consumer, subject, batch, timeoutMs };
    await prepare(connection, of);
    return consumed(connection, of, signal);
  }
  const { subscribed } = await import("./subscription.ts");
  return subscribed(connection, {
    subject,
    batch,
    maxBytes,
    onLost(messages, bytes) {
      metrics.dropped("too_slow", messages);
      const message = `${several(messages, "message")} came faster than the pipeline takes them (max_waiting_bytes)`;
      notices.push(gap(name, "too_slow", message, { messages, bytes }));
    },
  }, signal);
}

/** Connects; tries again until it can, or the pipeline stops. */
async function connected(options: Options, { signal, log }: Context): Promise<NatsConnection | undefined> {
  for (let told = false; !signal.aborted;) {
    try {
      return await connectNats(options, true);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!told) log.warn(`${nameOf(options)}: ${message}; trying again every ${RETRY_MS / 1000} s`);
      told = true;
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, RETRY_MS);
      signal.addEventListener("abort", done);
    });
  }
  return undefined;
}

/** Tells when the connection is lost and when it is back: without a stream, what is sent meanwhile is lost. */
async function watch(
  connection: NatsConnection,
  options: Options,
  context: Context,
  notices: GapEvent[],
): Promise<void> {
  let since: number | undefined;
  for await (const { type } of connection.status()) {
    if (type === "disconnect" && since === undefined) {
      since = Date.now();
      context.metrics.error("disconnected");
      context.log.warn(`the connection to ${nameOf(options)} was lost`);
    } else if (type === "reconnect" && since !== undefined) {
      const seconds = several(Math.max(1, Math.round((Date.now() - since) / 1000)), "second");
      since = undefined;
      context.log.info(`connected to ${nameOf(options)} again, after ${seconds}`);
      if (options.stream !== undefined) continue;
      const message = `For ${seconds} there was no connection to ${nameOf(options)}: what was sent then was not seen`;
      notices.push(gap(context.name, "disconnected", message));
    }
  }
}

function gap(source: string, reason: string, message: string, lost?: GapEvent["lost"]): GapEvent {
  return { kind: "gap", time: Date.now(), source, reason, message, lost };
}

function sent({ data, headers }: Msg): Sent {
  return { data, id: headers?.get("Nats-Msg-Id") || undefined };
}
