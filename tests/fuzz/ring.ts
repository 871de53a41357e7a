/** Streams made of ring records: what processes do in any order, with any bytes, and a kernel that loses some. */
import {
  FLAG_FAULT,
  FLAG_FIRST,
  FLAG_PREVIEW,
  FLAG_TCP,
  FLAG_TLS,
  FLAG_UNIX,
  FLAG_WRITER,
  type OpenEnd,
  SLOTS,
  STATE_CANDIDATE,
} from "../../bpf/records.ts";
import type { Event } from "../../pipeline/event.ts";
import { Processes } from "../../sources/ebpf/processes.ts";
import { Streams } from "../../sources/ebpf/streams.ts";
import { block, data, end, eof, exec, exit, fork, socket } from "../sources/ebpf/_records.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const TEXTS = [
  'POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"ping"}',
  'HTTP/1.1 200 OK\r\nContent-Length: 36\r\n\r\n{"jsonrpc":"2.0","id":1,"result":{}}',
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n',
  '{"jsonrpc":"2.0","id":1,"result":{}}\n',
  "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "no protocol at all\n",
  "",
];
const FLAGS = [0, FLAG_FIRST, FLAG_PREVIEW, FLAG_FAULT];
const MEDIA = [0, FLAG_UNIX, FLAG_TCP, FLAG_TLS];
const ADDRESSES = ["127.0.0.1:40000", "127.0.0.1:80", "203.0.113.9:443"];
const COMMS = ["client", "server", "sh", "npx"];
/** Programs of 4 bytes each step: what, where, and two numbers. */
const STEP = 4;
const SEEDS = [
  [[1, 8, 0, 0], [0, 8, 0, 1], [2, 8, 1, 0], [1, 9, 1, 0], [0, 9, 1, 1], [6, 0, 5, 0], [3, 8, 0, 0], [3, 9, 0, 0]],
  [[1, 4, 0, 0], [0, 4, 2, 1], [2, 4, 1, 0], [1, 5, 1, 0], [0, 5, 3, 1], [4, 0, 0, 0], [6, 0, 90, 0], [5, 1, 2, 0]],
  [[1, 12, 0, 0], [0, 12, 0, 1], [7, 12, 8, 3], [1, 8, 0, 0], [0, 8, 5, 1], [0, 13, 1, 0], [3, 8, 0, 0], [
    6,
    0,
    255,
    0,
  ]],
  [[0, 0, 2, 0], [0, 0, 2, 16], [6, 0, 30, 0], [0, 1, 3, 1], [0, 0, 6, 9], [8, 0, 0, 0], [3, 0, 0, 0], [0, 0, 2, 33]],
];

/** One step's record; undefined if it is none. `where`: the pipe or connection in its upper bits, its direction below. */
function recordOf(positions: Map<number, number>, what: number, where: number, a: number, b: number) {
  const medium = MEDIA[where >> 2 & 3]!, back = where & 1;
  const pair = where >> 1, slot = where + 1, tgid = 100 + (b >> 1 & 3);
  const base = medium === FLAG_TLS ? 2 ** 50 : 0;
  const [one, two] = [base + 1000 + pair * 2, medium === 0 ? base + 1000 + pair * 2 : base + 1001 + pair * 2 + base];
  const [src, dst] = back ? [two, one] : [one, two];
  const writer = (b & 1) !== 0;
  switch (what % 9) {
    case 0: {
      const text = TEXTS[a & 7]!, position = (positions.get(slot) ?? 0) + (b >> 5) * 3;
      positions.set(slot, position + text.length);
      const flags = medium | FLAGS[b >> 3 & 3]! | (writer ? FLAG_WRITER : 0);
      return data({ slot, src, dst, tgid, text, position, flags, time: position * 1e6 });
    }
    case 1:
    case 2: {
      const [local, remote] = [ADDRESSES[a & 1]!, ADDRESSES[(b >> 4) % 3]!];
      const net = medium === FLAG_TCP || (medium === FLAG_TLS && (b & 8) !== 0);
      const comm = COMMS[a >> 1 & 3]!, fds = a & 16 ? { stdin: [src, dst] as [number, number], fd: 1 } : { fd: a & 3 };
      const ends = { slot, src, dst, tgid: 100 + a % 4, comm, writer: what % 9 === 1, flags: medium, ...fds };
      return end(net ? { ...ends, local, remote } : ends);
    }
    case 3:
      return eof(slot, src, dst);
    case 4:
      return exit(100 + a % 4);
    case 5:
      return a & 1 ? fork(100 + where % 4, 100 + b % 4) : exec(100 + where % 4, COMMS[b & 3]!, "/bin/x", ["x", "-y"]);
    case 7:
      return socket([src, dst], [1000 + (a >> 1) * 2 + (a & 1), 1001 + (a >> 1) * 2 - (a & 1)], tgid, b & 7);
    default:
      return undefined;
  }
}

export default {
  name: "ring",
  seeds: SEEDS.flatMap((steps) => [0, 1].map((how) => Uint8Array.from([how, ...steps.flat()]))),
  run(program) {
    const states = new Uint8Array(SLOTS), [how = 0] = program;
    for (let slot = 0; slot < 256; slot += 1 + (how >> 4)) states[slot] = STATE_CANDIDATE;
    let tied = 0;
    const open: OpenEnd[] = [];
    const kernel = { states, follow: () => ++tied % 3 !== 0, openEnds: () => open };
    const tls = { executed() {}, mapped() {}, exited() {}, libraryOf: () => "openssl" };
    const streams = new Streams(kernel, new Processes(() => undefined, 64), {
      source: "kernel",
      bootToEpoch: 1e12,
      tls,
      allHttp: (how & 1) !== 0,
      wanted: (how & 2) !== 0 ? (from) => from?.pid !== 101 : undefined,
    });
    const positions = new Map<number, number>();
    let now = 0, bytes = 0, told = 0;
    const push = (...records: Uint8Array[]) => {
      const out: Event[] = [];
      if (records.length > 0) streams.push(block(...records), now, out);
      else streams.tick(now, out, now === Infinity);
      for (const event of out) {
        if (event.kind !== "chunk") continue;
        if (!(event.start >= 0 && event.start <= event.end && event.end <= event.buffer.length)) {
          throw new Error(`[${event.start}, ${event.end}) of ${event.buffer.length}`);
        }
        if (!(event.lost >= 0) || !Number.isFinite(event.time)) throw new Error(`lost ${event.lost} at ${event.time}`);
        told += event.end - event.start;
      }
    };
    for (let at = 1; at + STEP <= program.length; at += STEP) {
      const [what = 0, where = 0, a = 0, b = 0] = program.subarray(at, at + STEP);
      const record = recordOf(positions, what, where, a, b);
      if (record !== undefined) {
        if (what % 9 === 0) bytes += record.length - 56;
        push(record);
      } else if (what % 9 === 6) {
        now += a * 10;
        push();
      }
    }
    now = Infinity;
    push();
    if (told > bytes) throw new Error(`${told} bytes told of ${bytes}`);
    if (!streams.idle && streams.size === 0) throw new Error("waits for nothing");
  },
} satisfies FuzzTarget;
