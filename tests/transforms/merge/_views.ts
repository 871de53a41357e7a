/** One conversation as kernel, sensor and proxy see it. */
import type { Batch, ChunkEvent, Event, McpEvent, Process, SensorEvent, Stream } from "../../../pipeline/event.ts";
import { Decoder } from "../../../transforms/jsonrpc/decoder.ts";
import jsonrpc from "../../../transforms/jsonrpc/mod.ts";

export const client: Process = { pid: 1, comm: "claude", name: "claude" };
export const server: Process = { pid: 2, comm: "python", name: "server" };

const encoder = new TextEncoder();
let streams = 0;

/** Somebody who sees a conversation, and decodes what it sees. */
export class View {
  readonly source: string;
  readonly #sensor: string | undefined;
  readonly #down: Stream;
  readonly #up: Stream;
  readonly #ends: readonly [client: Process | undefined, server: Process | undefined];
  readonly #decoder = new Decoder(jsonrpc.options.parse({ max_held: 0 }));

  constructor(
    source: string,
    ends: readonly [client: Process | undefined, server: Process | undefined],
    sensor?: string,
  ) {
    this.source = source;
    this.#sensor = sensor;
    this.#ends = ends;
    const medium = sensor === undefined ? "pipe" : "sensor";
    const down: Stream = { id: ++streams, medium, reverse: undefined };
    const up: Stream = { id: ++streams, medium, reverse: down };
    down.reverse = up;
    [this.#down, this.#up] = [down, up];
  }

  /** The process of the sensor. */
  get #teller(): Process | undefined {
    const [client, server] = this.#ends;
    return server ?? client;
  }

  /** What it makes of a message. */
  sees(message: object, time = 1): Batch {
    const fromClient = "method" in message;
    const [client, server] = this.#ends;
    const [process, peer] = fromClient ? [client, server] : [server, client];
    const buffer = encoder.encode(`${JSON.stringify(message)}\n`);
    const chunk: ChunkEvent = {
      ...{ kind: "chunk", time, source: this.source, process, peer, stream: fromClient ? this.#down : this.#up },
      ...{ buffer, start: 0, end: buffer.length, lost: 0, eof: false },
      ...(this.#sensor === undefined ? {} : { sensor: this.#told(this.#sensor, fromClient) }),
    };
    return this.#decoder.decode([chunk]);
  }

  #told(sensor: string, received: boolean): SensorEvent {
    return {
      ...{ kind: "sensor", time: 1, source: this.source, sensor, name: "python_mcp_event" },
      process: this.#teller,
      data: { event: received ? "server_received_request" : "server_send_response", duration_ms: 12 },
    };
  }
}

export const request = (id: number, name = "search"): object => ({
  ...{ jsonrpc: "2.0", id, method: "tools/call" },
  params: { name, arguments: { q: "x" } },
});
export const response = (id: number): object => ({ jsonrpc: "2.0", id, result: { content: [] } });

export const messages = (events: readonly Event[]): McpEvent[] => events.filter((event) => event.kind === "mcp");
