/**
 * Takes messages to NATS: to a stream of JetStream, which acknowledges each, or to whoever listens.
 *
 * @module
 */
import type { Msg, MsgHdrs, NatsConnection } from "@nats-io/transport-node";
import type { Carrier, Exchange, HealthRequest } from "../../pipeline/delivery/mod.ts";
import { isObject } from "../../pipeline/json.ts";
import { connectNats } from "../../pipeline/nats/connection.ts";
import type { NatsOptions } from "../../pipeline/nats/options.ts";
import { type Message, messagesOf, type Result } from "./request.ts";

const encoder = new TextEncoder();
/** Error codes of JetStream below this are about the message (https://docs.nats.io/reference/reference-protocols/nats_api_reference). */
const SERVER_ERRORS = 500;

/** One connection at a time; the next request makes a new one when it was lost. */
export class NatsCarrier implements Carrier {
  readonly #options: NatsOptions;
  readonly #isStream: boolean;
  #connecting: Promise<NatsConnection> | undefined;
  #headers: (() => MsgHdrs) | undefined;
  #closed = false;

  /** `isStream`: wait for a stream's acknowledgement of each message. */
  constructor(options: NatsOptions, isStream: boolean) {
    this.#options = options;
    this.#isStream = isStream;
  }

  async send(request: HealthRequest, signal: AbortSignal): Promise<Exchange> {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    aborted.catch(() => {});
    return await Promise.race([this.#send(messagesOf(request)), aborted]);
  }

  close(): void {
    this.#closed = true;
    void this.#connecting?.then((connection) => connection.close()).catch(() => {});
  }

  async #send(messages: readonly Message[]): Promise<Exchange> {
    const connection = await this.#connection();
    const most = connection.info?.max_payload ?? Infinity;
    const { length } = messages;
    const results: Result[] = Array.from({ length }, () => null);
    const publish = this.#isStream ? this.#toStream : this.#toAnybody;
    let sentBytes = 0;
    await Promise.all(messages.map(async (message, k) => {
      if (message.data.length > most) {
        results[k] = { message: `longer than the server's max_payload of ${most} bytes`, what: "never" };
        return;
      }
      sentBytes += message.data.length;
      results[k] = await publish.call(this, connection, message);
    }));
    if (!this.#isStream || length === 0) await connection.flush();
    const body = encoder.encode(JSON.stringify(results));
    return { answer: { status: 200, headers: {}, body, cut: false }, sentBytes };
  }

  async #toStream(connection: NatsConnection, { subject, id, data }: Message): Promise<Result> {
    const headers = this.#headers!();
    headers.set("Nats-Msg-Id", id);
    let answer: Msg;
    try {
      answer = await connection.request(subject, data, { headers, timeout: this.#options.timeout_ms });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!message.startsWith("no responders")) return { message, what: "again" };
      return { message: `no stream takes ${subject}: add it to one, or set \`jetstream\` to false`, what: "mend" };
    }
    return resultOf(answer);
  }

  #toAnybody(connection: NatsConnection, { subject, id, data }: Message): Promise<Result> {
    const headers = this.#headers!();
    headers.set("Nats-Msg-Id", id);
    connection.publish(subject, data, { headers });
    return Promise.resolve(null);
  }

  #connection(): Promise<NatsConnection> {
    return this.#connecting ??= this.#connect().catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
  }

  async #connect(): Promise<NatsConnection> {
    const { headers } = await import("@nats-io/transport-node");
    this.#headers = headers;
    const connection = await connectNats(this.#options, false);
    void connection.closed().then(() => this.#connecting = undefined);
    if (this.#closed) await connection.close();
    return connection;
  }
}

/** `{"stream":"MCP","seq":1}`, with `duplicate` if it was there; or `{"error":{"code":503,"description":"…"}}`. */
function resultOf(answer: Msg): Result {
  let ack: unknown;
  try {
    ack = JSON.parse(answer.string());
  } catch {
    // not JetStream
  }
  if (!isObject(ack)) return { message: `${answer.subject}: somebody answers who is no stream`, what: "mend" };
  const { error } = ack;
  if (!isObject(error)) return typeof ack["seq"] === "number" ? null : { message: "no acknowledgement", what: "mend" };
  const message = `JetStream: ${String(error["description"])}`;
  const code = Number(error["code"]);
  return { message, what: code >= 400 && code < SERVER_ERRORS ? "never" : "again" };
}
