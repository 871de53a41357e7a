/**
 * Sees all messages of an SDK's clients and servers, once each: those that come in as `Protocol` takes them, those that
 * go out as its transport does.
 *
 * @module
 */
import { within } from "../call.ts";
import { fault, guarded } from "../guard.ts";
import { type AnyFunction, holderOf, patch, patchOnce } from "../patch.ts";
import type { Sensor } from "../sensor.ts";
import { Connection, type McpOptions } from "./connection.ts";
import { notingHandlers } from "./handlers.ts";
import type { Message, ProtocolLike, TransportLike } from "./shapes.ts";

/** Patches prototypes of clients, servers and transports. */
export class Protocols {
  readonly #sensor: Sensor;
  readonly #options: McpOptions;
  readonly #connections = new WeakMap<object, Connection>();
  readonly #seen = new WeakSet<object>();
  /** The message that is being taken: a class and the one that it extends may both be asked. */
  #taking: unknown;
  /** Told of each client or server that connects, before it does. */
  onconnect: (protocol: ProtocolLike) => void = () => {};

  constructor(sensor: Sensor, options: McpOptions) {
    this.#sensor = sensor;
    this.#options = options;
  }

  /** Patches the classes of a client or server that is being made. */
  watch(instance: object): void {
    for (
      let at = Object.getPrototypeOf(instance);
      at !== null && at !== Object.prototype;
      at = Object.getPrototypeOf(at)
    ) {
      if (this.#seen.has(at)) continue;
      this.#seen.add(at);
      patch(at, "connect", (original) => this.#connect(original));
      patch(at, "_onclose", (original) => this.#close(original));
      patch(at, "_onrequest", (original) => this.#request(original));
      patch(at, "_onresponse", (original) => this.#message(original));
      patch(at, "_onnotification", (original) => this.#message(original));
      patch(at, "setRequestHandler", notingHandlers);
    }
  }

  #connect(original: AnyFunction): AnyFunction {
    const attach = (protocol: ProtocolLike, transport: unknown) => this.#attach(protocol, transport);
    return function (this: ProtocolLike, ...args: unknown[]) {
      guarded("sdk.connect", () => attach(this, args[0]));
      return Reflect.apply(original, this, args);
    };
  }

  #attach(protocol: ProtocolLike, transport: unknown): void {
    if (typeof transport !== "object" || transport === null || this.#connections.has(transport)) return;
    if (protocol._transport !== undefined) return; // the SDK is going to refuse it
    this.onconnect(protocol);
    const connection = new Connection(this.#sensor, this.#options, protocol, transport);
    this.#connections.set(transport, connection);
    connection.tellConnect();
    const holder = holderOf(transport, "send");
    if (holder !== undefined) {
      patchOnce(holder, "send", (original) => this.#send(original));
    }
  }

  #send(original: AnyFunction): AnyFunction {
    const connections = this.#connections;
    return function (this: TransportLike, ...args: unknown[]) {
      const result = Reflect.apply(original, this, args);
      try {
        const connection = connections.get(this), [message] = args;
        if (connection !== undefined && typeof message === "object" && message !== null) {
          for (const each of Array.isArray(message) ? message : [message]) {
            connection.sent(each as Message);
          }
        }
      } catch (error) {
        fault("sdk.send", error);
      }
      return result;
    };
  }

  #request(original: AnyFunction): AnyFunction {
    const begin = (protocol: ProtocolLike, message: Message) => {
      if (this.#taking === message) return undefined;
      this.#taking = message;
      return this.#connectionOf(protocol)?.begin(message);
    };
    return function (this: ProtocolLike, ...args: unknown[]) {
      const call = guarded("sdk.request", () => begin(this, args[0] as Message));
      return call === undefined
        ? Reflect.apply(original, this, args)
        : within(call, () => Reflect.apply(original, this, args));
    };
  }

  #message(original: AnyFunction): AnyFunction {
    const receive = (protocol: ProtocolLike, message: Message) => {
      if (this.#taking === message) return;
      this.#taking = message;
      this.#connectionOf(protocol)?.received(message);
    };
    return function (this: ProtocolLike, ...args: unknown[]) {
      guarded("sdk.message", () => receive(this, args[0] as Message));
      return Reflect.apply(original, this, args);
    };
  }

  #close(original: AnyFunction): AnyFunction {
    const close = (protocol: ProtocolLike) => {
      const transport = protocol._transport;
      if (transport === undefined) return;
      this.#connections.get(transport)?.closed();
    };
    return function (this: ProtocolLike, ...args: unknown[]) {
      guarded("sdk.close", () => close(this));
      return Reflect.apply(original, this, args);
    };
  }

  #connectionOf(protocol: ProtocolLike): Connection | undefined {
    return protocol._transport === undefined ? undefined : this.#connections.get(protocol._transport);
  }
}
