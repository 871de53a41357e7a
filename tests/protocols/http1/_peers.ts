/** Real peers of `node:http` over a loopback socket, with a proxy between them that records what passes. */
import { Buffer } from "node:buffer";
import http from "node:http";
import net from "node:net";

/** A message as one of the peers saw it: its body as latin1, names in lower case. */
export interface Seen {
  readonly start: readonly (string | number | undefined)[];
  readonly headers: readonly string[];
  body: string;
  trailers: readonly string[];
}

/** One connection, in both directions. */
export interface Wire {
  readonly up: Uint8Array[];
  readonly down: Uint8Array[];
}

/** What the server and the client of some exchanges saw, and the connections that they took. */
export interface Recorded {
  readonly requests: Seen[];
  readonly responses: Seen[];
  readonly wires: Wire[];
}

const lower = (raw: readonly string[]) => raw.map((text, k) => k % 2 === 0 ? text.toLowerCase() : text);

function collect(message: http.IncomingMessage, start: Seen["start"], into: Seen[]): Promise<Seen> {
  const seen: Seen = { start, headers: lower(message.rawHeaders), body: "", trailers: [] };
  into.push(seen);
  return new Promise((resolve) => {
    message.on("data", (data: Uint8Array) => seen.body += Buffer.from(data).toString("latin1"));
    message.on("end", () => {
      seen.trailers = lower(message.rawTrailers);
      resolve(seen);
    });
    message.on("error", () => resolve(seen));
    message.on("close", () => resolve(seen));
  });
}

/** The text that a server answers with, of so many bytes. */
export const filler = (bytes: number): string => "0123456789abcdef\r\n".repeat(bytes / 18 + 1).slice(0, bytes);

/** A server that does what the target says: `/echo`, `/chunked`, `/status/304`, `/large`, `/reset`. */
function serve(requests: Seen[]): http.Server {
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const { method, url = "" } = request;
    const { body } = await collect(request, [method, url], requests);
    const [, what, number] = url.split("/");
    if (what === "chunked") {
      response.writeHead(200, { trailer: "x-sum, x-more" });
      for (const piece of ["one", "\r\n0\r\n\r\n", "three"]) response.write(piece);
      response.addTrailers({ "x-sum": "3", "x-more": "yes, more" });
      response.end();
    } else if (what === "status") {
      response.writeHead(Number(number)).end();
    } else if (what === "large") {
      response.end(filler(1 << 20));
    } else if (what === "reset") {
      response.writeHead(200, { "content-length": 100_000 });
      response.write("the beginning", () => response.destroy());
    } else {
      response.setHeader("content-length", body.length);
      response.end(Buffer.from(body, "latin1"));
    }
  };
  const server = http.createServer((request, response) => void answer(request, response));
  server.on("checkContinue", (request, response) => {
    response.writeContinue();
    void answer(request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    requests.push({ start: [request.method, request.url], headers: lower(request.rawHeaders), body: "", trailers: [] });
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
    socket.write(head);
    socket.pipe(socket);
  });
  return server;
}

const listen = (server: net.Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port));
  });

/** A proxy to that port. It writes down what passes. */
function proxy(port: number, wires: Wire[]): net.Server {
  return net.createServer((near) => {
    const wire: Wire = { up: [], down: [] };
    wires.push(wire);
    const far = net.connect(port, "127.0.0.1");
    const relay = (from: net.Socket, to: net.Socket, pieces: Uint8Array[]) => {
      from.on("data", (data: Uint8Array) => {
        pieces.push(Uint8Array.from(data));
        to.write(data);
      });
      from.on("end", () => to.end());
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroySoon?.());
    };
    relay(near, far, wire.up);
    relay(far, near, wire.down);
  });
}

/** What a client may do. */
export interface Client {
  readonly port: number;
  /** Sends a request and waits for its response; the body goes in one write, or in several of them chunked. */
  ask(options: http.RequestOptions, body?: string | readonly string[], trailers?: [string, string][]): Promise<void>;
  /** Sends bytes and waits until the answer ends with `last`. */
  raw(bytes: string, last: string): Promise<void>;
}

/** Lets a client talk to the server through the proxy. */
export async function record(talk: (client: Client) => Promise<void>): Promise<Recorded> {
  const recorded: Recorded = { requests: [], responses: [], wires: [] };
  const server = serve(recorded.requests);
  const between = proxy(await listen(server), recorded.wires);
  const port = await listen(between);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask: Client["ask"] = (options, body = "", trailers = []) =>
    new Promise((resolve) => {
      const request = http.request({ host: "127.0.0.1", port, agent, ...options });
      request.on("response", (response) => {
        void collect(response, [response.statusCode], recorded.responses).then(() => resolve());
      });
      request.on("error", () => resolve());
      const send = () => {
        for (const piece of typeof body === "string" ? [] : body) request.write(piece);
        if (trailers.length > 0) request.addTrailers(trailers);
        request.end(typeof body === "string" ? body : undefined);
      };
      if (request.hasHeader("expect")) {
        request.on("continue", send);
        request.flushHeaders();
      } else send();
    });
  const raw: Client["raw"] = (bytes, last) =>
    new Promise((resolve, reject) => {
      const socket = net.connect(port, "127.0.0.1", () => socket.write(Buffer.from(bytes, "latin1")));
      let told = "";
      socket.on("error", reject);
      socket.on("data", (data: Uint8Array) => {
        told += Buffer.from(data).toString("latin1");
        if (told.endsWith(last)) socket.end();
      });
      socket.on("close", () => resolve());
    });
  try {
    await talk({ port, ask, raw });
  } finally {
    agent.destroy();
    between.close();
    server.closeAllConnections?.();
    server.close();
  }
  return recorded;
}
