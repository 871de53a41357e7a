/** The http and jsonrpc transforms one behind the other, under conversations that were changed. */
import { Buffer } from "node:buffer";
import * as zlib from "node:zlib";
import type { ChunkEvent, Event, McpEvent, Process, Stream } from "../../pipeline/event.ts";
import http from "../../transforms/http/mod.ts";
import { Decoder as HttpDecoder } from "../../transforms/http/decoder.ts";
import jsonrpc from "../../transforms/jsonrpc/mod.ts";
import { Decoder as JsonRpcDecoder } from "../../transforms/jsonrpc/decoder.ts";
import { ascii, concat, frame, literal, PREFACE, SETTINGS } from "../protocols/http2/_bytes.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const MAX = 1024;
const options = {
  http: http.options.parse({
    max_body: MAX,
    max_event: MAX,
    max_connections: 2,
    max_pending_bytes: 4096,
    max_head: 1024,
  }),
  jsonrpc: jsonrpc.options.parse({ max_line: MAX }),
};
const client: Process = { pid: 1, comm: "claude", name: "claude" };
const server: Process = { pid: 2, comm: "node", name: "server" };

/** What a conversation is made of. */
const UP = 0, DOWN = 1, NEXT = 2, LOSE = 4, EOF = 8;
type Turn = readonly [how: number, bytes: string | Uint8Array];

/** A turn is a byte that says how, the length in two bytes, and the bytes. */
function pack(turns: readonly Turn[]): Uint8Array {
  return concat(...turns.flatMap(([how, text]) => {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    return [[how, bytes.length >> 8, bytes.length & 255], bytes];
  }));
}

const message = (first: string, fields: readonly string[], body: string | Uint8Array): Uint8Array => {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from([first, ...fields, `Content-Length: ${bytes.length}`, "", ""].join("\r\n")),
    bytes,
  ]);
};
const ask = (id: number, method: string, params: unknown = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });
const answer = (id: number, result: unknown = {}) => JSON.stringify({ jsonrpc: "2.0", id, result });
const post = (
  body: string,
  ...fields: string[]
): Turn => [UP, message("POST /mcp HTTP/1.1", ["Host: x", ...fields], body)];
const ok = (body: string | Uint8Array, ...fields: string[]): Turn => [DOWN, message("HTTP/1.1 200 OK", fields, body)];
const SESSION = "Mcp-Session-Id: s1", JSON_TYPE = "Content-Type: application/json";
const EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const part = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const init = ask(0, "initialize", { protocolVersion: "2025-11-25", clientInfo: { name: "c" }, capabilities: {} });
const h2 = (id: number, text: string, ...fields: Uint8Array[]) =>
  concat(frame(1, 4, id, ...fields), frame(0, 1, id, ascii(text)));

const CONVERSATIONS: readonly Turn[][] = [
  [
    post(init, JSON_TYPE, "Authorization: Bearer secret"),
    ok(answer(0, { protocolVersion: "2025-11-25", serverInfo: { name: "s" } }), JSON_TYPE, SESSION),
    post(ask(1, "tools/call", { name: "add", arguments: { a: 1 } }), SESSION),
    [DOWN, EVENTS + part(`id: 1\ndata: ${answer(1)}\n\n`) + part("") + "\r\n"],
    [UP | EOF, "DELETE /mcp HTTP/1.1\r\nMcp-Session-Id: s1\r\n\r\n"],
    [DOWN | EOF, "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n"],
  ],
  [
    [UP, `GET /sse HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`],
    [DOWN, EVENTS + part("event: endpoint\ndata: /messages?sessionId=1\n\n")],
    [UP | NEXT, message("POST /messages?sessionId=1 HTTP/1.1", ["Host: x"], init)],
    [DOWN | NEXT, "HTTP/1.1 202 Accepted\r\nContent-Length: 8\r\n\r\nAccepted"],
    [DOWN, part(`event: message\r\ndata: ${answer(0)}\r\n\r\n`)],
    [DOWN | LOSE, part(`: ping\n\ndata: ${ask(9, "sampling/createMessage")}\n\n`)],
  ],
  [
    post(
      `[${ask(1, "ping")},${ask(1, "tools/list")}]`,
      "MCP-Protocol-Version: 2026-07-28",
      "Mcp-Method: ping",
      "Mcp-Name: =?base64?YQ==?=",
    ),
    ok(zlib.gzipSync(`[${answer(1)},${answer(1)}]`), "Content-Encoding: gzip", JSON_TYPE),
    post(ask(2, "ping"), "Expect: 100-continue"),
    [DOWN, "HTTP/1.1 100 Continue\r\n\r\n"],
    ok(zlib.brotliCompressSync(answer(2)), "Content-Encoding: br"),
    post(ask(3, "ping")),
    ok(zlib.zstdCompressSync(answer(3)), "Content-Encoding: zstd"),
    post(ask(4, "ping")),
    [
      DOWN | EOF,
      'HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer resource_metadata="http://x"\r\nConnection: close\r\n\r\n{"error":',
    ],
  ],
  [
    [UP, concat(PREFACE, SETTINGS, h2(1, ask(1, "ping"), Uint8Array.of(0x83), literal(":path", "/mcp")))],
    [DOWN, concat(SETTINGS, h2(1, answer(1), Uint8Array.of(0x88)))],
    [UP, h2(3, ask(2, "ping"), Uint8Array.of(0x83), literal(":path", "/mcp"))],
    [DOWN, h2(3, `data: ${answer(2)}\n\n`, Uint8Array.of(0x88), literal("content-type", "text/event-stream"))],
  ],
  [[UP, `${init}\n`], [DOWN, `${answer(0)}\nlog line\n`], [
    UP | NEXT,
    `${ask(1, "ping")}\n${ask(1, "x").slice(0, 20)}`,
  ]],
];

/** The chunks of the turns that the bytes tell. Turns with NEXT are on a second connection. */
function* chunks(data: Uint8Array): Generator<ChunkEvent> {
  const media = data[0]! & 1 ? "unix" : data[0]! & 2 ? "tls" : "tcp";
  const streams = Array.from({ length: 4 }, (_, id): Stream => ({ id, medium: media, reverse: undefined }));
  if ((data[0]! & 4) === 0) { for (const [k, stream] of streams.entries()) stream.reverse = streams[k ^ 1]; }
  let time = 1e12;
  for (let at = 1; at + 3 <= data.length;) {
    const [how = 0, high = 0, low = 0] = data.subarray(at, at + 3);
    const start = at + 3, end = Math.min(data.length, start + (high & 15) * 256 + low);
    const ends = (how & DOWN) !== 0 ? { process: server, peer: client } : { process: client, peer: server };
    const stream = streams[how & (DOWN | NEXT)]!;
    const lost = (how & LOSE) !== 0 ? 1 + (how >> 4) * 5 : 0;
    yield {
      kind: "chunk",
      time: time++,
      source: "t",
      ...ends,
      stream,
      buffer: data,
      start,
      end,
      lost,
      eof: (how & EOF) !== 0,
    };
    at = end;
  }
}

const within = ({ buffer, start, end }: McpEvent): boolean =>
  start >= 0 && start <= end && end <= buffer.length && end - start <= MAX;

function check(events: readonly Event[]): void {
  for (const event of events) {
    if (event.kind === "http" && (event.body?.length ?? 0) > MAX) throw new Error(`a body of ${event.body?.length}`);
    if (event.kind === "mcp" && !within(event)) throw new Error(`a message of ${event.end - event.start}`);
    if (event.kind === "gap" && !((event.lost?.bytes ?? 0) >= 0)) throw new Error(`a gap of ${event.lost?.bytes}`);
    if (!Number.isFinite(event.time)) throw new Error(`an event at ${event.time}`);
  }
}

export default {
  name: "http_mcp",
  // The first byte: what the connections are, and in what batches the turns come.
  seeds: CONVERSATIONS.flatMap((turns) => [0, 0x12, 0x28, 0x05].map((how) => concat([how], pack(turns)))),
  run(data) {
    if (data.length === 0) return;
    const first = new HttpDecoder(options.http), second = new JsonRpcDecoder(options.jsonrpc);
    const size = 1 + (data[0]! >> 3 & 7);
    const all = [...chunks(data)];
    for (let at = 0; at < all.length; at += size) check(second.decode(first.decode(all.slice(at, at + size))));
    check(second.decode(first.decode([])));
    check(second.decode(first.end()));
    check(second.end());
    const { hub, connections, waiting } = first;
    const left = [hub.budget.bytes, hub.outlet.held, connections.size, waiting, second.streams.size];
    if (left.some((count) => count !== 0)) throw new Error(`left: ${left}`);
  },
} satisfies FuzzTarget;
