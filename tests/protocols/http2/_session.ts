/** A real HTTP/2 connection of `node:http2`, recorded. */
import http2 from "node:http2";
import net from "node:net";

/** What each end wrote, in the pieces that came. */
export interface Recorded {
  readonly client: readonly Uint8Array[];
  readonly server: readonly Uint8Array[];
}

/** One exchange: fields and body of the request, then of the response. The path must be different for each. */
export interface Exchange {
  readonly path: string;
  readonly request: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly response: Readonly<Record<string, string>>;
  readonly responseBody: readonly string[];
  readonly trailers?: Readonly<Record<string, string>>;
}

/** Has the exchanges done, so many at a time, over one connection through a proxy that notes its bytes. */
export async function record(exchanges: readonly Exchange[], atOnce: number): Promise<Recorded> {
  const server = http2.createServer();
  server.on("stream", (stream, headers) => {
    const exchange = exchanges.find(({ path }) => path === headers[":path"]);
    stream.on("error", () => {});
    stream.resume();
    stream.on("end", () => {
      const { response = {}, responseBody = [], trailers } = exchange ?? {};
      stream.respond({ ":status": 200, ...response }, { waitForTrailers: trailers !== undefined });
      if (trailers !== undefined) stream.on("wantTrailers", () => stream.sendTrailers(trailers));
      for (const part of responseBody) stream.write(part);
      stream.end();
    });
  });
  const client: Uint8Array[] = [], answers: Uint8Array[] = [];
  const target = await listen(server);
  const proxy = net.createServer((near) => {
    const far = net.connect(target, "127.0.0.1");
    relay(near, far, client);
    relay(far, near, answers);
  });
  const session = http2.connect(`http://127.0.0.1:${await listen(proxy)}`);
  const left = [...exchanges];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await exchange(session, next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await new Promise<void>((resolve) => session.close(resolve));
  await Promise.all([close(server), close(proxy)]);
  return { client, server: answers };
}

function exchange(session: http2.ClientHttp2Session, { path, request, requestBody }: Exchange): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":method": "POST", ":path": path, ...request });
    stream.on("error", reject);
    stream.on("close", resolve);
    stream.resume();
    stream.end(requestBody);
  });
}

function relay(from: net.Socket, to: net.Socket, pieces: Uint8Array[]): void {
  from.on("data", (data: Uint8Array) => {
    pieces.push(Uint8Array.from(data));
    to.write(data);
  });
  from.on("error", () => to.destroy());
  from.on("close", () => to.end());
}

function listen(server: net.Server | http2.Http2Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

function close(server: net.Server | http2.Http2Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
