/**
 * A connection through an HTTP proxy: CONNECT (RFC 9110, section 9.3.6).
 *
 * @module
 */
import { request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";

/** What `https:` needs, all as `node:tls` takes it. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** What stands for no connection yet: it is given to the callback. */
const LATER = undefined as unknown as Duplex;

/** An agent for `https:` behind a proxy. */
export class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;
  readonly #tls: Tls;
  readonly #timeoutMs: number;

  /** `tls` is for the endpoint; a proxy that is reached by `https:` itself is checked by the system's certificates, or the same CA. */
  constructor(proxy: URL, tls: Tls, sockets: number, timeoutMs: number) {
    super({ keepAlive: true, maxSockets: sockets });
    this.#proxy = proxy;
    this.#tls = tls;
    this.#timeoutMs = timeoutMs;
  }

  override createConnection(
    options: { host?: string | null | undefined; port?: number | string | null | undefined },
    callback?: (error: Error | null, socket: Duplex) => void,
  ): Duplex {
    const host = options.host ?? "localhost", port = Number(options.port ?? 443);
    this.#tunnel(host, port).then((socket) => {
      const secure = tlsConnect({ servername: this.#tls.servername ?? host, ...this.#tls, socket });
      callback?.(null, secure);
    }, (error: Error) => callback?.(error, LATER));
    return LATER;
  }

  #tunnel(host: string, port: number): Promise<Socket> {
    const proxy = this.#proxy;
    const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    return new Promise((resolve, reject) => {
      const ask = proxy.protocol === "https:" ? httpsRequest : httpRequest;
      const request = ask({
        host: proxy.hostname.replace(/^\[|\]$/g, ""),
        port: portOf(proxy),
        method: "CONNECT",
        path: target,
        headers: { host: target, ...proxyHeaders(proxy) },
        agent: false,
        ...toProxy(this.#tls),
        timeout: this.#timeoutMs,
      });
      request.once("connect", (response, socket) => {
        if (response.statusCode === 200) return resolve(socket);
        socket.destroy();
        reject(new Error(`the proxy ${proxy.host} answered CONNECT with status ${response.statusCode}`));
      });
      request.once("timeout", () => request.destroy(new Error(`the proxy ${proxy.host} does not answer`)));
      request.once("error", (error) => reject(new Error(`the proxy ${proxy.host}: ${error.message}`)));
      request.end();
    });
  }
}

/** What a proxy that is reached by `https:` is checked by: not by the name, nor with the certificate, for the endpoint. */
export function toProxy({ ca, rejectUnauthorized }: Tls): Tls {
  return ca === undefined ? { rejectUnauthorized } : { ca, rejectUnauthorized };
}

/** A URL's port. */
export function portOf({ port, protocol }: URL): number {
  return port === "" ? protocol === "https:" ? 443 : 80 : Number(port);
}

/** What a proxy with a user in its URL is to be told. */
export function proxyHeaders({ username, password }: URL): Record<string, string> {
  return username === "" ? {} : { "proxy-authorization": basic(username, password) };
}

/** Basic authorization (RFC 7617) of the parts of a URL. */
export function basic(username: string, password: string): string {
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
}
