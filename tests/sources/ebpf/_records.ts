/** Builds ring blocks as the kernel would, for tests. */
import {
  FLAG_WRITER,
  RECORD_DATA,
  RECORD_END,
  RECORD_EOF,
  RECORD_EXEC,
  RECORD_EXIT,
  RECORD_FORK,
  RECORD_SOCKET,
} from "../../../bpf/records.ts";

const encoder = new TextEncoder();

function record(size: number, type: number, fill: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type);
  fill(view, bytes);
  return bytes;
}

function u64(view: DataView, at: number, value: number): void {
  view.setBigUint64(at, BigInt(value), true);
}

export interface DataSpec {
  slot: number;
  src: number;
  dst: number;
  tgid: number;
  text: string | Uint8Array;
  position?: number;
  flags?: number;
  time?: number;
  total?: number;
}

export function data(spec: DataSpec): Uint8Array {
  const payload = typeof spec.text === "string" ? encoder.encode(spec.text) : spec.text;
  return record(56 + payload.length, RECORD_DATA, (view, bytes) => {
    view.setUint8(1, spec.flags ?? FLAG_WRITER);
    view.setUint32(4, spec.slot, true);
    u64(view, 8, spec.time ?? 1_000_000);
    u64(view, 16, spec.src);
    u64(view, 24, spec.dst);
    u64(view, 32, spec.position ?? 0);
    view.setUint32(40, spec.tgid, true);
    view.setUint32(48, spec.total ?? payload.length, true);
    view.setUint32(52, payload.length, true);
    bytes.set(payload, 56);
  });
}

export interface EndSpec {
  slot: number;
  src: number;
  dst: number;
  tgid: number;
  comm: string;
  writer: boolean;
  fd?: number;
  flags?: number;
  ppid?: number;
  stdin?: [end: number, peer: number];
  stdout?: [end: number, peer: number];
  library?: number;
  /** IPv4 addresses as `127.0.0.1:80`. */
  local?: string;
  remote?: string;
}

export function end(spec: EndSpec): Uint8Array {
  return record(144, RECORD_END, (view, bytes) => {
    view.setUint8(1, (spec.flags ?? 0) | (spec.writer ? FLAG_WRITER : 0));
    view.setUint16(2, spec.fd ?? 9, true);
    view.setUint32(4, spec.slot, true);
    u64(view, 16, spec.src);
    u64(view, 24, spec.dst);
    (spec.stdin ?? [0, 0]).forEach((n, i) => u64(view, 40 + 8 * i, n));
    (spec.stdout ?? [0, 0]).forEach((n, i) => u64(view, 56 + 8 * i, n));
    view.setUint32(72, spec.tgid, true);
    view.setUint32(80, spec.ppid ?? 1, true);
    view.setUint32(84, spec.library ?? 0, true);
    bytes.set(encoder.encode(spec.comm).subarray(0, 15), 88);
    for (const [i, text] of [spec.local, spec.remote].entries()) {
      if (text === undefined) continue;
      const [address = "", port = ""] = text.split(":");
      bytes.set(address.split(".").map(Number), 104 + 16 * i);
      view.setUint16(136 + 2 * i, Number(port), true);
      view.setUint16(140, 2, true); // AF_INET
    }
  });
}

export function eof(slot: number, src: number, dst: number): Uint8Array {
  return record(40, RECORD_EOF, (view) => {
    view.setUint32(4, slot, true);
    u64(view, 16, src);
    u64(view, 24, dst);
  });
}

/** A TLS session, by the ends of what it sends, and the TCP stream it takes. */
export function socket(
  [src, dst]: [number, number],
  [socketSrc, socketDst]: [number, number],
  tgid: number,
  strength = 3,
): Uint8Array {
  return record(48, RECORD_SOCKET, (view) => {
    view.setUint16(2, strength, true);
    view.setUint32(4, tgid, true);
    [src, dst, socketSrc, socketDst].forEach((n, i) => u64(view, 16 + 8 * i, n));
  });
}

export function exit(tgid: number): Uint8Array {
  return record(16, RECORD_EXIT, (view) => view.setUint32(4, tgid, true));
}

export function fork(tgid: number, child: number): Uint8Array {
  return record(24, RECORD_FORK, (view) => {
    view.setUint32(4, tgid, true);
    view.setUint32(16, child, true);
  });
}

export function exec(tgid: number, comm: string, filename: string, args: string[]): Uint8Array {
  return record(1328, RECORD_EXEC, (view, bytes) => {
    const line = encoder.encode(args.map((arg) => arg + "\0").join(""));
    view.setUint16(2, line.length, true);
    view.setUint32(4, tgid, true);
    bytes.set(encoder.encode(comm), 32);
    bytes.set(encoder.encode(filename), 48);
    bytes.set(line, 304);
  });
}

/** Puts records behind ring headers, each aligned to 8 bytes. */
export function block(...records: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = records.reduce((sum, r) => sum + ((r.length + 8 + 7) & ~7), 0);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const r of records) {
    view.setUint32(at, r.length, true);
    out.set(r, at + 8);
    at += (r.length + 8 + 7) & ~7;
  }
  return out;
}
