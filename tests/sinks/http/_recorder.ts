/** A real HTTP server before a product, which can be made to fail. */
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Answered, Asked, Product } from "./_products.ts";

/** An answer in the product's place; undefined lets the product answer. `drop` closes the connection. */
export type Fault = (asked: Asked) => Answered | "drop" | undefined;

/** A server on a free port of the loopback address. */
export class Recorder {
  /** All requests. */
  readonly asked: Asked[] = [];
  /** How many of them were compressed. */
  compressed = 0;
  /** Comes before the product. */
  fault: Fault = () => undefined;
  readonly #product: Product;
  readonly #server = createServer((request, response) => void this.#take(request, response));

  constructor(product: Product) {
    this.#product = product;
  }

  /** Its URL, without a path. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests that carried something. */
  get sent(): Asked[] {
    return this.asked.filter(({ body }) => body !== "");
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const isGzip = request.headers["content-encoding"] === "gzip";
    if (isGzip) this.compressed++;
    const asked: Asked = {
      method: request.method ?? "",
      target: request.url ?? "",
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body: (isGzip ? gunzipSync(bytes) : bytes).toString("utf8"),
    };
    this.asked.push(asked);
    const fault = this.fault(asked);
    if (fault === "drop") return void request.socket.destroy();
    const { status, headers, body } = fault ?? this.#product.answer(asked);
    response.writeHead(status, { ...headers }).end(body);
  }
}

/** Answers once for each, then lets the product answer. */
export function inTurn(...answers: readonly (Answered | "drop")[]): Fault {
  const left = [...answers];
  return ({ body }) => body === "" ? undefined : left.shift();
}
