/** A small real HTTP proxy: CONNECT, and whole URLs for `http:`. */
import { createServer, request as forward, type RequestListener } from "node:http";
import { createServer as createSecure, type ServerOptions } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";

/** What it was asked. */
export interface Proxy {
  readonly url: string;
  /** `CONNECT localhost:1234`, `POST http://localhost:1234/in`. */
  readonly asked: string[];
  /** What it answers to CONNECT; 200 as a rule. */
  status: number;
  /** `proxy-authorization` of the last request. */
  authorization: string | undefined;
}

/** Starts one, reached by `https:` if it has certificates; it is gone after the test. */
export async function startProxy(secure?: ServerOptions): Promise<Proxy> {
  const asked: string[] = [], open = new Set<{ destroy(): void }>();
  const forwarding: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    proxy.authorization = request.headers["proxy-authorization"];
    const { method, headers } = request;
    const onward = forward(request.url ?? "", { method: method ?? "GET", headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    request.pipe(onward);
  };
  const server = secure === undefined ? createServer(forwarding) : createSecure(secure, forwarding);
  server.on("connect", (request, socket, head) => {
    asked.push(`CONNECT ${request.url}`);
    proxy.authorization = request.headers["proxy-authorization"];
    socket.on("error", () => {});
    open.add(socket);
    if (proxy.status !== 200) {
      socket.end(`HTTP/1.1 ${proxy.status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host, port] = (request.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    open.add(onward);
    onward.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const proxy: Proxy = {
    url: `${secure === undefined ? "http" : "https"}://localhost:${port}`,
    asked,
    status: 200,
    authorization: undefined,
  };
  return proxy;
}
