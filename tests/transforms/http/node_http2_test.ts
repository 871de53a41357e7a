import http2 from "node:http2";
import net from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chunk, connect, exchanges, runBatches, text } from "./_feed.ts";

/** What went over the wire: each piece, and which side sent it. */
type Wire = readonly (readonly ["up" | "down", Uint8Array])[];

const CALLS = 60;
const body = (k: number): string => JSON.stringify({ jsonrpc: "2.0", id: k, params: "x".repeat(k * 997 % 40_000) });
const portOf = (server: net.Server | http2.Http2Server): number => (server.address() as net.AddressInfo).port;
const listen = (server: net.Server | http2.Http2Server) =>
  new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));

/** A server that answers with JSON, or with a stream of three events to every fifth call. */
function answer(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
  let asked = "";
  stream.setEncoding("utf8");
  stream.on("data", (data: string) => asked += data);
  stream.on("end", () => {
    const { id } = JSON.parse(asked) as { id: number };
    const session = { "mcp-session-id": String(headers["mcp-session-id"]) };
    if (id % 5 !== 0) {
      stream.respond({ ":status": 200, "content-type": "application/json", ...session });
      stream.end(asked);
      return;
    }
    stream.respond({ ":status": 200, "content-type": "text/event-stream", ...session });
    for (let n = 0; n < 3; n++) stream.write(`id: ${n}\ndata: {"id":${id}}\n\n`);
    stream.end();
  });
}

function call(session: http2.ClientHttp2Session, k: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": `/mcp?call=${k}`,
      authorization: "Bearer s3cret-token",
      "mcp-session-id": `session-${k % 3}`,
    });
    stream.on("error", reject);
    stream.on("close", resolve);
    stream.resume();
    stream.end(body(k));
  });
}

async function record(): Promise<Wire> {
  const wire: ["up" | "down", Uint8Array][] = [];
  const server = http2.createServer();
  server.on("stream", answer);
  await listen(server);
  const proxy = net.createServer((near) => {
    const far = net.connect(portOf(server), "127.0.0.1");
    const relay = (from: net.Socket, to: net.Socket, side: "up" | "down") => {
      from.on("data", (data: Uint8Array) => {
        wire.push([side, Uint8Array.from(data)]);
        to.write(data);
      });
      from.on("close", () => to.end());
      from.on("error", () => to.destroy());
    };
    relay(near, far, "up");
    relay(far, near, "down");
  });
  await listen(proxy);
  const session = http2.connect(`http://127.0.0.1:${portOf(proxy)}`);
  for (let k = 0; k < CALLS; k += 10) await Promise.all(Array.from({ length: 10 }, (_, n) => call(session, k + n)));
  await new Promise<void>((resolve) => session.close(resolve));
  await Promise.all([server, proxy].map((one) => new Promise<void>((resolve) => void one.close(() => resolve()))));
  return wire;
}

describe("http over node:http2", () => {
  let wire: Wire = [];
  beforeAll(async () => {
    wire = await record();
  });
  afterAll(() => {
    wire = [];
  });

  it("tells all that was said", async () => {
    const link = connect();
    const events = exchanges((await runBatches(wire.map(([side, bytes]) => [chunk(link[side], bytes)]))).flat());
    expect(events.every(({ incomplete }) => incomplete === undefined)).toBe(true);
    const requests = events.filter(({ type }) => type === "request");
    expect(requests.map(text).sort()).toEqual(Array.from({ length: CALLS }, (_, k) => body(k)).sort());
    for (const request of requests) {
      const { id } = JSON.parse(text(request)!) as { id: number };
      expect(request.exchange.request!.target).toBe(`/mcp?call=${id}`);
      expect(request.exchange.request!.headers).toContainEqual(["mcp-session-id", `session-${id % 3}`]);
      const rest = events.filter(({ exchange, type }) => exchange === request.exchange && type !== "request");
      expect(rest.map(({ type }) => type)).toEqual(
        id % 5 === 0 ? ["response", "sse", "sse", "sse", "end"] : ["response"],
      );
      if (id % 5 !== 0) expect(text(rest[0]!)).toBe(body(id));
      else {expect(rest.slice(1, 4).map(({ sse }) => sse)).toEqual(
          [0, 1, 2].map((n) => ({ event: undefined, id: `${n}`, data: `{"id":${id}}` })),
        );}
    }
    expect(JSON.stringify(requests.map(({ exchange }) => exchange.request))).not.toContain("s3cret");
  });

  it("tells what can be told by one who joins late", async () => {
    const link = connect();
    const late = wire.slice(Math.floor(wire.length / 2));
    const events = exchanges((await runBatches(late.map(([side, bytes]) => [chunk(link[side], bytes)]))).flat());
    const told = events.filter(({ type, body }) => type === "request" && body !== undefined);
    expect(told.length).toBeGreaterThan(10);
    expect(events.some(({ incomplete }) => incomplete === "joined_late")).toBe(true);
    for (const { type, exchange } of events) if (type === "request") expect(exchange.request!.method).toBe("POST");
  });
});
