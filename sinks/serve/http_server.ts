/**
 * A web-standard handler on `node:http`: bounded in connections, heads, bodies and time.
 *
 * @module
 */
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import type { Listen } from "./listen.ts";

/** Who asks. */
export interface Peer {
  /** Its address. */
  readonly address: string;
}

/** Answers a request. What it throws becomes a 500 without a word of why. */
export type Handler = (request: Request, peer: Peer) => Response | Promise<Response>;

/** How to serve. */
export interface HttpOptions extends Listen {
  /** PEM texts; undefined: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly maxConnections: number;
  /** Told of what `handler` throws. */
  readonly onError: (error: unknown) => void;
}

/** Bytes of a request's head, and of its body. */
const HEAD = 16 * 1024, BODY = 64 * 1024;
/** Milliseconds for a request's head, for all of it, and until the next on the same connection. */
const HEAD_MS = 10_000, REQUEST_MS = 30_000, IDLE_MS = 15_000;
/** How long a reader may take nothing before it is left, in milliseconds. */
const STALLED_MS = 60_000;
/** How long answers may take to be finished once the server ends, in milliseconds. */
const END_MS = 1000;
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** A server that runs. */
export class HttpServer {
  readonly #server: http.Server;
  readonly #options: HttpOptions;
  readonly #handler: Handler;
  readonly #ending = new AbortController();

  constructor(handler: Handler, options: HttpOptions) {
    this.#handler = handler;
    this.#options = options;
    const limits = {
      maxHeaderSize: HEAD,
      headersTimeout: HEAD_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: IDLE_MS,
    };
    const listener = (request: http.IncomingMessage, response: http.ServerResponse) =>
      void this.#answer(request, response);
    const { tls } = options;
    this.#server = tls === undefined
      ? http.createServer(limits, listener)
      : https.createServer({ ...limits, ...tls, minVersion: "TLSv1.2" }, listener);
    this.#server.maxConnections = options.maxConnections;
    this.#server.on("clientError", (_error, socket) => {
      if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      else socket.destroy();
    });
    this.#server.on("tlsClientError", () => {});
  }

  /** Begins to listen; gives the port. Rejects with the system's error. */
  async listen(): Promise<number> {
    const { host, port } = this.#options, server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, ...(host === "" ? {} : { host }) }, () => {
        server.off("error", reject);
        resolve();
      });
    });
    server.on("error", this.#options.onError);
    return (server.address() as AddressInfo).port;
  }

  /** Ends all streams, lets answers be finished, and closes. */
  async close(): Promise<void> {
    const server = this.#server;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#ending.abort();
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), END_MS);
    await closed;
    clearTimeout(timer);
  }

  async #answer(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    const left = new AbortController();
    outgoing.once("close", () => left.abort()).on("error", () => left.abort());
    try {
      const request = await read(incoming, AbortSignal.any([left.signal, this.#ending.signal]));
      const response = request instanceof Response
        ? request
        : await this.#handler(request, { address: incoming.socket.remoteAddress ?? "" });
      await write(response, outgoing, incoming.method === "HEAD");
    } catch (error) {
      if (!left.signal.aborted) this.#options.onError(error);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500, { connection: "close" }).end();
    }
  }
}

/** The request with its whole body, or what is answered to one that is not taken. */
async function read(incoming: http.IncomingMessage, signal: AbortSignal): Promise<Request | Response> {
  const { method = "", url = "" } = incoming;
  if (!METHODS.has(method)) return refusal(405);
  if (!url.startsWith("/")) return refusal(400);
  const hosts = incoming.rawHeaders.filter((name, k) => k % 2 === 0 && name.toLowerCase() === "host");
  if (hosts.length > 1) return refusal(400);
  const headers = new Headers();
  for (let k = 0; k + 1 < incoming.rawHeaders.length; k += 2) {
    headers.append(incoming.rawHeaders[k] ?? "", incoming.rawHeaders[k + 1] ?? "");
  }
  const body = await bodyOf(incoming);
  if (body === undefined) return refusal(413);
  // the name does not matter: the Host header is looked at as it is
  const target = URL.canParse(`http://localhost${url}`) ? `http://localhost${url}` : undefined;
  if (target === undefined) return refusal(400);
  return new Request(target, { method, headers, signal, ...(method === "POST" ? { body } : {}) });
}

/** Undefined if it is too large. */
async function bodyOf(incoming: http.IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(incoming.headers["content-length"] ?? 0) > BODY) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > BODY) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

const SENTENCES: Readonly<Record<number, readonly [error: string, message: string]>> = {
  400: ["bad_request", "the request cannot be read"],
  405: ["bad_request", "expected GET, HEAD, POST or OPTIONS"],
  413: ["too_large", `a body has at most ${BODY} bytes`],
};

function refusal(status: number): Response {
  const [error, message] = SENTENCES[status] ?? ["bad_request", "the request cannot be read"];
  return Response.json({ error, message }, { status, headers: { connection: "close", "cache-control": "no-store" } });
}

/** Writes at the pace of who reads. */
async function write(response: Response, outgoing: http.ServerResponse, isHead: boolean): Promise<void> {
  const { body, status } = response;
  const cookies = response.headers.getSetCookie();
  const headers = [...response.headers].filter(([name]) => name !== "set-cookie").flat();
  outgoing.writeHead(status, [...headers, ...cookies.flatMap((cookie) => ["set-cookie", cookie])]);
  if (body === null || isHead) {
    await body?.cancel();
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  outgoing.once("close", cancel);
  for (;;) {
    const { done, value } = await reader.read();
    if (done || outgoing.destroyed) break;
    if (!outgoing.write(value) && !await drained(outgoing)) break;
  }
  outgoing.off("close", cancel);
  outgoing.end();
}

/** False if nobody reads any more; the connection is given up then. */
function drained(outgoing: http.ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const tell = (read: boolean) => {
      clearTimeout(timer);
      outgoing.off("drain", onDrain).off("close", onClose);
      if (!read) outgoing.destroy();
      resolve(read);
    };
    const onDrain = () => tell(true), onClose = () => tell(false);
    const timer = setTimeout(onClose, STALLED_MS);
    outgoing.on("drain", onDrain).on("close", onClose);
  });
}
