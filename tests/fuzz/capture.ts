/** The reader of capture files under any bytes: its ranges, its bounds, and that blocks change nothing. */
import type { ChunkEvent, Event, Process, Stream } from "../../pipeline/event.ts";
import { ByteBuffer } from "../../pipeline/output/byte_buffer.ts";
import { CaptureDecoder, CaptureEncoder } from "../../protocols/capture/mod.ts";
import { concat } from "../protocols/http2/_bytes.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const process: Process = { pid: 4, comm: "node", name: "server", exe: "/usr/bin/node", args: ["node", "--x"], ppid: 1 };
const up: Stream = { id: 1, medium: "tcp", reverse: undefined, from: { address: "::1", port: 80 } };
const down: Stream = { id: 2, medium: "tls", reverse: up };
up.reverse = down;
const text = new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');

function chunk(stream: Stream, more: Partial<ChunkEvent> = {}): ChunkEvent {
  const where = { stream, buffer: text, start: 0, end: text.length };
  return {
    kind: "chunk",
    time: 1.5,
    source: "kernel",
    process,
    peer: undefined,
    ...where,
    lost: 0,
    eof: false,
    ...more,
  };
}

function capture(add: (encoder: CaptureEncoder, out: ByteBuffer) => void): Uint8Array {
  const out = new ByteBuffer(64), encoder = new CaptureEncoder(out, 1.79e12);
  add(encoder, out);
  return out.bytes.slice(0, out.length);
}

const FILES = [
  capture((encoder, out) => {
    encoder.chunk(out, chunk(up));
    encoder.chunk(out, chunk(down, { peer: process, lost: 7, eof: true }));
  }),
  capture((encoder, out) => {
    const gap = { lost: { bytes: 9 }, message: "Lost 9 bytes.", reason: "ring_full", stream: up, process } as const;
    encoder.event(out, { kind: "gap", time: 2, source: "kernel", ...gap });
    encoder.chunk(out, chunk(up));
  }),
];

/** What is told of a block, with the ranges checked. */
function plain(event: Event): unknown {
  if (event.kind !== "chunk") return event.kind === "gap" ? [event.kind, event.message] : event.kind;
  const { buffer, start, end, stream, lost, eof } = event;
  if (!(start >= 0 && start <= end && end <= buffer.length)) throw new Error(`[${start}, ${end})`);
  return [stream.id, String(buffer.subarray(start, end)), lost, eof, event.process?.name];
}

function read(file: Uint8Array, size: number) {
  const decoder = new CaptureDecoder(), events: unknown[] = [];
  let rest = new Uint8Array(0);
  for (let at = 0; at < file.length && decoder.problem === undefined; at += size) {
    const block = new Uint8Array(rest.length + Math.min(size, file.length - at));
    block.set(rest);
    block.set(file.subarray(at, at + size), rest.length);
    decoder.block(block, 0, block.length);
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) events.push(plain(event));
    if (decoder.at > block.length || !(decoder.wanted > 0)) {
      throw new Error(`at ${decoder.at}, wants ${decoder.wanted}`);
    }
    rest = block.slice(decoder.at);
  }
  return { events, problem: decoder.problem, skipped: decoder.skipped };
}

export default {
  name: "capture",
  // The first byte is the size of the blocks.
  seeds: FILES.flatMap((file) => [concat([0], file), concat([40], file)]),
  run(data) {
    const [size = 0] = data, file = data.subarray(1);
    const whole = JSON.stringify(read(file, file.length || 1)), pieces = JSON.stringify(read(file, 16 + size));
    if (whole !== pieces) throw new Error(`${whole} became ${pieces}`);
  },
} satisfies FuzzTarget;
