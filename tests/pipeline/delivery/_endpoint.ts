/** A real HTTP server that notes what it gets and answers as it is told. */
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecure, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

/** A request as it came. */
export interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** Decompressed. */
  readonly body: string;
  /** `performance.now()`. */
  readonly at: number;
  /** The client's port: the same for requests of one connection. */
  readonly port: number;
  /** The name in the client's certificate. */
  readonly client: string | undefined;
}

/** Says how to answer; undefined stands for 200. Nothing is answered if it does so itself and gives `null`. */
export type Reply = (
  got: Got,
  response: ServerResponse,
) => { status: number; headers?: Record<string, string>; body?: string } | undefined | null;

/** The server. */
export class Recorder {
  /** All that came, health checks aside. */
  readonly requests: Got[] = [];
  /** How it answers. */
  reply: Reply = () => undefined;
  readonly #server: Server;
  readonly #secure: boolean;
  #port = 0;

  private constructor(options?: ServerOptions) {
    this.#secure = options !== undefined;
    this.#server = options === undefined ? createServer(this.#take) : createSecure(options, this.#take);
  }

  /** Starts one; it is gone after the test. */
  static async start(options?: ServerOptions): Promise<Recorder> {
    const recorder = new Recorder(options);
    await recorder.listen();
    onTestFinished(() => recorder.stop());
    return recorder;
  }

  get url(): string {
    return `${this.#secure ? "https" : "http"}://localhost:${this.#port}/in`;
  }

  /** Lines of all bodies that were answered with 200. */
  readonly lines: string[] = [];

  /** Listens, on the same port as before. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(this.#port, "127.0.0.1", () => resolve());
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops, and breaks its connections off. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  readonly #take = (request: IncomingMessage, response: ServerResponse): void => {
    const pieces: Uint8Array[] = [];
    request.on("data", (piece: Uint8Array) => pieces.push(piece));
    request.on("error", () => {});
    request.on("end", () => {
      const bytes = Buffer.concat(pieces);
      const { socket } = request;
      const certificate = "getPeerCertificate" in socket
        ? (socket.getPeerCertificate as () => { subject?: { CN?: string } })()
        : undefined;
      const got: Got = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString(),
        at: performance.now(),
        port: socket.remotePort ?? 0,
        client: certificate?.subject?.CN,
      };
      if (got.method !== "HEAD") this.requests.push(got);
      const answer = this.reply(got, response);
      if (answer === null) return;
      const { status, headers = {}, body = "" } = answer ?? { status: 200 };
      if (status === 200 && got.method !== "HEAD") {
        this.lines.push(...got.body.split("\n").filter((line) => line !== ""));
      }
      response.writeHead(status, headers).end(body);
    });
  };
}
