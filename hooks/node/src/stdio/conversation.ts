/**
 * A conversation over stdio of which only the bytes are known.
 *
 * @module
 */
import { Connection, type McpOptions } from "../sdk/connection.ts";
import { type Message, object, text } from "../sdk/shapes.ts";
import type { Sensor } from "../sensor.ts";
import { Framing } from "./framing.ts";

/** Tells of messages as the SDK's hooks do. */
export class Conversation {
  readonly #connection: Connection;
  readonly #in = new Framing();
  readonly #out = new Framing();

  /** `command` is what a client has started. */
  constructor(sensor: Sensor, options: McpOptions, command?: readonly string[]) {
    const [program, ...args] = command ?? [];
    const role = command === undefined ? { _serverInfo: {} } : { _clientInfo: {} };
    this.#connection = new Connection(sensor, options, role, {
      _stdin: true,
      _stdout: true,
      ...(program === undefined ? {} : { _serverParams: { command: program, args } }),
    });
    this.#connection.tellConnect();
  }

  /** Bytes came in. */
  in(chunk: Uint8Array): void {
    for (const message of this.#in.push(chunk)) {
      if (message.method !== undefined && message.id !== undefined) this.#connection.begin(message);
      else this.#connection.received(message);
    }
  }

  /** Bytes went out. */
  out(chunk: Uint8Array): void {
    for (const message of this.#out.push(chunk)) {
      this.#learn(message);
      this.#connection.sent(message);
    }
  }

  #learn(message: Message): void {
    const name = text(object(object(message.result)["serverInfo"])["name"]);
    if (name !== undefined) this.#connection.serverName = name;
  }
}
