/** Connections and sessions as ring records, and what becomes of them, for tests. */
import { FLAG_TCP, FLAG_TLS, FLAG_WRITER, SLOTS } from "../../../bpf/records.ts";
import type { ChunkEvent, Event } from "../../../pipeline/event.ts";
import { Processes } from "../../../sources/ebpf/processes.ts";
import { Streams } from "../../../sources/ebpf/streams.ts";
import { cookieOf } from "../../../sources/ebpf/tls/types.ts";
import { block, data, end, eof, socket } from "./_records.ts";

const decoder = new TextDecoder();
export const POST =
  'POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 46\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 36\r\n\r\n{"jsonrpc":"2.0","id":1,"result":{}}';
export const GET = "GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n";
export const PAGE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

/** Ends of a TCP connection. */
export const A = 1000, B = 2000;
export const CLIENT = { tgid: 100, comm: "client" }, SERVER = { tgid: 200, comm: "server" };
export const LOCAL_A = "127.0.0.1:40000", LOCAL_B = "127.0.0.1:80", REMOTE = "203.0.113.9:443";

/** Streams, what they share with the kernel, and how to give them records and let time pass. */
export interface SetUp {
  readonly states: Uint8Array;
  readonly streams: Streams;
  push(...records: Uint8Array[]): ChunkEvent[];
  tick(ms: number): ChunkEvent[];
}

/** Streams that have seen nothing. */
export function setUp(options: { allHttp?: boolean } = {}): SetUp {
  const states = new Uint8Array(SLOTS);
  const kernel = { states, follow: () => true, openEnds: () => [] };
  const tls = { executed() {}, mapped() {}, exited() {} };
  const streams = new Streams(kernel, new Processes(() => undefined), {
    source: "kernel",
    bootToEpoch: 0,
    tls,
    ...options,
  });
  let now = 0;
  const push = (...records: Uint8Array[]): ChunkEvent[] => {
    const out: Event[] = [];
    streams.push(block(...records), now, out);
    return out.filter((event) => event.kind === "chunk");
  };
  const tick = (ms: number): ChunkEvent[] => {
    const out: Event[] = [];
    streams.tick(now += ms, out);
    return out.filter((event) => event.kind === "chunk");
  };
  return { states, streams, push, tick };
}

/** A chunk's bytes as text. */
export const text = (c: ChunkEvent): string => decoder.decode(c.buffer.subarray(c.start, c.end));

/** Makes a record of bytes. */
type Bytes = (text: string, time?: number) => Uint8Array;

/** Records of one connection. */
export interface Connection {
  readonly clientWrites: Uint8Array;
  readonly serverReads: Uint8Array;
  readonly serverWrites: Uint8Array;
  readonly clientReads: Uint8Array;
  readonly request: Bytes;
  readonly answer: Bytes;
  readonly answerRead: Bytes;
  readonly closed: readonly Uint8Array[];
}

/** Records of one connection; `slot` is that of what the client sends, and the one after it of the answers. */
export function tcp(slot: number, [a, b] = [LOCAL_A, LOCAL_B], [src, dst] = [A, B]): Connection {
  const out = { slot, src: src!, dst: dst!, flags: FLAG_TCP },
    back = { slot: slot + 1, src: dst!, dst: src!, flags: FLAG_TCP };
  return {
    clientWrites: end({ ...out, ...CLIENT, writer: true, local: a!, remote: b! }),
    serverReads: end({ ...out, ...SERVER, writer: false, local: b!, remote: a! }),
    serverWrites: end({ ...back, ...SERVER, writer: true, local: b!, remote: a! }),
    clientReads: end({ ...back, ...CLIENT, writer: false, local: a!, remote: b! }),
    request: (text: string, time = 1e6) => data({ ...out, ...CLIENT, text, time, flags: FLAG_TCP | FLAG_WRITER }),
    answer: (text: string, time = 2e6) => data({ ...back, ...SERVER, text, time, flags: FLAG_TCP | FLAG_WRITER }),
    answerRead: (text: string, time = 2e6) => data({ ...back, ...CLIENT, text, time }),
    closed: [eof(slot, src!, dst!), eof(slot + 1, dst!, src!)],
  };
}

/** Records of one TLS session. */
export interface Session {
  readonly sends: Uint8Array;
  readonly receives: Uint8Array;
  readonly sent: Bytes;
  readonly received: Bytes;
  on(src: number, dst: number, strength?: number): Uint8Array;
  readonly freed: readonly Uint8Array[];
}

/** Records of one TLS session: the process and its number for what it sends. */
export function session(slot: number, own: number, who: typeof CLIENT): Session {
  const other = own + 2 ** 51;
  const library = cookieOf("openssl");
  const out = { slot, src: own, dst: other, flags: FLAG_TLS, library },
    back = { slot: slot + 1, src: other, dst: own, flags: FLAG_TLS, library };
  return {
    sends: end({ ...out, ...who, writer: true }),
    receives: end({ ...back, ...who, writer: false }),
    sent: (text: string, time = 1e6) => data({ ...out, ...who, text, time, flags: FLAG_TLS | FLAG_WRITER }),
    received: (text: string, time = 2e6) => data({ ...back, ...who, text, time, flags: FLAG_TLS }),
    on: (src: number, dst: number, strength = 3) => socket([own, other], [src, dst], who.tgid, strength),
    freed: [eof(slot, own, other), eof(slot + 1, other, own)],
  };
}
