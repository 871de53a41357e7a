/**
 * Sends requests and takes answers: HTTP/1.1 by `node:http`, which is the same on Deno and Node.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import process from "node:process";
import { constants, gzip } from "node:zlib";
import { answerBody } from "./answer_body.ts";
import type { DeliveryOptions } from "./options.ts";
import { proxyOf } from "./proxy.ts";
import { basic, portOf, proxyHeaders, type Tls, toProxy, TunnelAgent } from "./tunnel.ts";
import type { Answer, Carrier, Exchange, HealthRequest } from "./types.ts";

/** Bodies below this many bytes are not compressed. */
const SMALL = 512;
const AGENT = "mcpsonde";

/** The options that a client needs. */
export type ClientOptions = Pick<DeliveryOptions, "gzip" | "timeout_ms" | "headers" | "tls" | "proxy" | "concurrency">;

/** How a URL is reached. */
interface Route {
  readonly agent: Agent;
  /** Of `http:` through a proxy, which takes the whole URL: the proxy. */
  readonly proxy: URL | undefined;
}

/** A client with connections that it keeps. */
export class Client implements Carrier {
  readonly #options: ClientOptions;
  readonly #tls: Tls;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #routes = new Map<string, Route>();

  /** Reads the certificates. Throws a sentence if one cannot be read. */
  constructor(options: ClientOptions) {
    this.#options = options;
    this.#headers = Object.fromEntries(
      Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const { ca, cert, key, server_name: servername, insecure } = options.tls;
    this.#tls = {
      ...(ca === undefined ? {} : { ca: pem(ca) }),
      ...(cert === undefined || key === undefined ? {} : { cert: pem(cert), key: pem(key) }),
      ...(servername === undefined ? {} : { servername }),
      rejectUnauthorized: !insecure,
    };
  }

  /** Sends a request; rejects with an Error if there is no answer in time. Redirects are not followed. */
  async send(request: HealthRequest, signal: AbortSignal): Promise<Exchange> {
    const url = parse(request.url);
    const own: Record<string, string> = { "user-agent": AGENT, ...request.headers, ...this.#headers };
    if (url.username !== "") own["authorization"] ??= basic(url.username, url.password);
    const hasBody = request.body.length > 0 || request.method !== "GET" && request.method !== "HEAD";
    let body = request.body;
    if (this.#options.gzip && body.length >= SMALL && own["content-encoding"] === undefined) {
      body = await compress(body);
      own["content-encoding"] = "gzip";
    }
    if (hasBody) own["content-length"] = String(body.length);
    const attempt = () => this.#exchange(url, request.method, own, body, signal);
    const answer = await attempt().catch((error: unknown) => {
      if (error instanceof StaleError) return attempt(); // the endpoint had closed a connection that we kept
      throw error;
    });
    return { answer, sentBytes: hasBody ? body.length : 0 };
  }

  /** Finds out how a URL is reached, so that what is wrong with it is told early. Throws a sentence. */
  prepare(url: string): void {
    this.#route(parse(url));
  }

  /** Closes the connections. */
  close(): void {
    for (const { agent } of this.#routes.values()) agent.destroy();
  }

  #exchange(
    url: URL,
    method: string,
    headers: Record<string, string>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { agent, proxy } = this.#route(url);
    const isSecure = (proxy ?? url).protocol === "https:";
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const to: RequestOptions = proxy === undefined
      ? { host, port: portOf(url), path: url.pathname + url.search }
      : { host: proxy.hostname.replace(/^\[|\]$/g, ""), port: portOf(proxy), path: withoutUser(url) };
    const more = proxy === undefined ? {} : proxyHeaders(proxy);
    return new Promise((resolve, reject) => {
      const options = { ...to, method, agent, headers: { host: url.host, ...headers, ...more } };
      const request = isSecure ? httpsRequest(options) : httpRequest(options);
      const { timeout_ms } = this.#options;
      const timer = setTimeout(() => request.destroy(new Error(`no answer in ${timeout_ms} ms`)), timeout_ms);
      const stop = () => request.destroy(new Error("stopped"));
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      };
      signal.addEventListener("abort", stop);
      let answered = false;
      const fail = (error: Error) => {
        settle();
        reject(!answered && isStale(request, error) ? new StaleError(error.message, { cause: error }) : error);
      };
      request.on("error", fail);
      request.on("response", (response) => {
        answered = true;
        answerOf(response).then((answer) => {
          settle();
          resolve(answer);
        }, fail);
      });
      request.end(body.length > 0 ? body : undefined);
      if (signal.aborted) stop();
    });
  }

  #route(url: URL): Route {
    const known = this.#routes.get(url.origin);
    if (known !== undefined) return known;
    const { proxy: given, concurrency, timeout_ms } = this.#options;
    const proxy = given === false ? undefined : given !== undefined ? new URL(given) : proxyOf(url, process.env);
    const settings = { keepAlive: true, maxSockets: concurrency + 1 };
    const agent = url.protocol !== "https:"
      ? proxy?.protocol === "https:" ? new HttpsAgent({ ...settings, ...toProxy(this.#tls) }) : new Agent(settings)
      : proxy === undefined
      ? new HttpsAgent({ ...settings, ...this.#tls })
      : new TunnelAgent(proxy, this.#tls, settings.maxSockets, timeout_ms);
    const route = { agent, proxy: url.protocol === "https:" ? undefined : proxy };
    this.#routes.set(url.origin, route);
    return route;
  }
}

function parse(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed !== null && (parsed.protocol === "http:" || parsed.protocol === "https:")) return parsed;
  throw Object.assign(new TypeError(`${url} is no URL of http: or https:`), { code: "ERR_INVALID_URL" });
}

/** A connection that had been kept, and that the endpoint has closed before it took the request. */
class StaleError extends Error {}

function isStale(request: ClientRequest, error: Error): boolean {
  return request.reusedSocket && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const { body, cut } = await answerBody(response, headers["content-encoding"]);
  return { status: response.statusCode ?? 0, headers, body, cut };
}

function compress(body: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) =>
    gzip(body, { level: constants.Z_BEST_SPEED }, (error, result) => error ? reject(error) : resolve(result))
  );
}

function pem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`The certificate file ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** The URL as a proxy is asked for it. */
function withoutUser(url: URL): string {
  const plain = new URL(url);
  plain.username = plain.password = plain.hash = "";
  return plain.href;
}
