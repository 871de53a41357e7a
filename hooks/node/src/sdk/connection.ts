/**
 * One client or server on one transport, and what is told of it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { currentCall } from "../call.ts";
import { type Call, members } from "../events/event.ts";
import { MAX_MESSAGE } from "../events/limits.ts";
import type { Sensor } from "../sensor.ts";
import { clientAddress } from "./address.ts";
import { type Message, object, type ProtocolLike, text, type TransportLike } from "./shapes.ts";
import { kindOf, targetOf, type TransportKind } from "./transports.ts";
import { now } from "../time.ts";

/** Requests that are remembered until they are answered. */
const MOST = 10_000;
/** What is told of MCP. */
export interface McpOptions {
  readonly messages: boolean;
  readonly registrations: boolean;
  readonly spans: boolean;
}

interface Handling {
  readonly call: Call;
  readonly start: number;
  readonly method: string;
}

/** A connection. */
export class Connection {
  readonly role: "client" | "server";
  readonly kind: TransportKind;
  readonly #sensor: Sensor;
  readonly #options: McpOptions;
  readonly #transport: TransportLike;
  #sessionId: string;
  readonly #handlings = new Map<unknown, Handling>();
  #server: string | undefined;
  #address: string | undefined;
  #isTold = false;
  #plain = "";
  #plainOf: string | undefined;

  constructor(sensor: Sensor, options: McpOptions, protocol: ProtocolLike, transport: TransportLike) {
    this.#sensor = sensor;
    this.#options = options;
    this.#transport = transport;
    this.role = protocol._serverInfo === undefined && protocol._clientInfo !== undefined ? "client" : "server";
    this.kind = kindOf(transport);
    this.#server = text(object(protocol._serverInfo)["name"]);
    this.#sessionId = sensor.identity.nextSpan();
  }

  /** The server's name, as it has introduced itself. */
  set serverName(name: string) {
    this.#server = name;
    this.#plainOf = undefined;
  }

  /** A client is about to connect. */
  tellConnect(): void {
    if (this.role !== "client") return;
    this.#sensor.tell({
      name: "mcp_client_connect",
      plain: members({ transport: this.kind }),
      open: JSON.stringify(targetOf(this.#transport)),
    });
  }

  /** A request came in: gives how it is to be handled. */
  begin(message: Message): Call {
    this.#known();
    const method = text(message.method) ?? "";
    const params = object(message.params);
    const name = text(params["name"]) ?? text(params["uri"]);
    const call: Call = {
      span: this.#sensor.identity.nextSpan(),
      id: message.id,
      method,
      name,
      session: this.#session(),
    };
    if (this.#handlings.size >= MOST) {
      for (const first of this.#handlings.keys()) {
        this.#handlings.delete(first);
        break;
      }
    }
    this.#handlings.set(message.id, { call, start: now(), method });
    this.#tell("received_request", message, call);
    if (this.#options.spans) this.#tellSpan("span_start", method, call);
    return call;
  }

  /** A response or a notification came in. */
  received(message: Message): void {
    const isResponse = message.method === undefined;
    if (isResponse && this.role === "client") {
      const name = text(object(object(message.result)["serverInfo"])["name"]);
      if (name !== undefined) this.serverName = name;
    }
    this.#known();
    this.#tell(isResponse ? "received_response" : "received_notification", message, currentCall() ?? null);
  }

  /** A message was handed to the transport. */
  sent(message: Message): void {
    const { method, id } = message;
    // Over HTTP a client learns the session's id with the first answer.
    if (this.kind === "stdio" || this.kind === "memory") this.#known();
    if (method !== undefined) {
      this.#tell(id === undefined ? "send_notification" : "send_request", message, currentCall() ?? null);
      return;
    }
    const handling = this.#handlings.get(id);
    if (handling === undefined) {
      this.#tell("send_response", message, currentCall() ?? null);
      return;
    }
    this.#handlings.delete(id);
    const { call, start, method: asked } = handling;
    const time = Math.round((now() - start) * 1000) / 1000;
    const thrown = call.exception === undefined ? "" : `,"exception":${JSON.stringify(call.exception)}`;
    this.#tell("send_response", message, call, `,"duration_ms":${time}${thrown}`);
    if (this.#options.spans) this.#tellSpan("span_end", asked, call);
  }

  /** The connection ended. */
  closed(): void {
    if (this.#isTold) this.#tellSession("mcp_session_terminated");
    this.#isTold = false;
    this.#handlings.clear();
  }

  #tell(event: string, message: Message, call: Call | null, more = ""): void {
    if (!this.#options.messages) return;
    const { id, method } = message, common = this.#common();
    let open = JSON.stringify(message);
    let cut = "";
    if (open.length > MAX_MESSAGE) {
      cut = `,"truncated":true,"message_bytes":${Buffer.byteLength(open)}`;
      open = JSON.stringify({ jsonrpc: "2.0", id, method });
    }
    const plain = () =>
      `"event":"${this.role}_${event}"${id === undefined ? "" : `,"id":${JSON.stringify(id)}`}${common}${more}${cut}`;
    this.#sensor.tell({ name: "mcp_event", plain, open, under: "message", call });
  }

  #tellSpan(name: string, method: string, call: Call): void {
    const plain = () => `"name":${JSON.stringify(method)},"own_span_id":"${call.span}"`;
    this.#sensor.tell({ name, plain, call });
  }

  /** Tells of the session once its id is known. */
  #known(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#address = this.role === "server" ? clientAddress() : undefined;
    this.#plainOf = undefined;
    this.#tellSession("mcp_session_created");
  }

  #tellSession(name: string): void {
    this.#sensor.tell({ name, call: null, plain: this.#common().slice(1) });
  }

  /** `Mcp-Session-Id`; where there is none, a name of our own. */
  #session(): string {
    const { sessionId, _endpoint: endpoint } = this.#transport;
    const id = text(sessionId) ?? (endpoint instanceof URL ? endpoint.searchParams.get("sessionId") : undefined);
    if (id) this.#sessionId = id; // it may be forgotten by the transport before it closes
    return this.#sessionId;
  }

  /** Members that all messages of the connection have; they begin with a comma. */
  #common(): string {
    const session = this.#session();
    if (session !== this.#plainOf) {
      this.#plainOf = session;
      const { kind: transport, role } = this;
      const [server_name, client_address] = [this.#server, this.#address];
      this.#plain = `,${members({ session_id: session, transport, role, server_name, client_address })}`;
    }
    return this.#plain;
  }
}
