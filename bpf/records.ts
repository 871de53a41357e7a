/**
 * The layouts of bpf/include/records.h, which says what the fields mean. All little endian.
 *
 * @module
 */
import type { Endpoint } from "../pipeline/event.ts";
import { formatAddress } from "./address.ts";

/** Record types. */
export const RECORD_DATA = 1, RECORD_END = 2, RECORD_EOF = 3, RECORD_EXEC = 4, RECORD_EXIT = 5, RECORD_FORK = 6;
/** Record types of TLS. */
export const RECORD_SOCKET = 7, RECORD_MAP = 8;

/** Record flags. */
export const FLAG_WRITER = 1, FLAG_FIRST = 2, FLAG_PREVIEW = 4, FLAG_FAULT = 8, FLAG_UNIX = 16;
/** Record flags of what carries the bytes, besides {@linkcode FLAG_UNIX}; none of them: a pipe. */
export const FLAG_TCP = 32, FLAG_TLS = 64;

/** Stream states in the shared array. */
export const STATE_UNKNOWN = 0, STATE_CANDIDATE = 1, STATE_CONFIRMED = 2, STATE_REJECTED = 3, STATE_TLS = 4;

/** How sure it is that a TLS session and a socket belong together. */
export const STRENGTH_WRITE = 1, STRENGTH_TRIED = 2, STRENGTH_READ = 3, STRENGTH_KNOWN = 4;

/** Stream states in all, and where user space's own begin. */
export const SLOTS = 65536, KERNEL_SLOTS = 49152;

/** Bytes taken of one call at most. */
export const MAX_CALL = 8 << 20;

/** `struct data_record`: offsets in bytes from the record's start. */
export const DATA = {
  flags: 1,
  fd: 2,
  slot: 4,
  time: 8,
  src: 16,
  dst: 24,
  position: 32,
  tgid: 40,
  tid: 44,
  total: 48,
  len: 52,
  data: 56,
};

/** `struct control`: indices of 32-bit words. */
export const CONTROL = { self: 0, follow: 1, wakeBytes: 2, sleeping: 3, tcp: 4 };

/** Counters by index. */
export const COUNT_LOST = 0, COUNT_LOST_BYTES = 1, COUNT_FAULTS = 2, COUNT_CUT = 3, COUNTERS = 4;

/** `struct end_record`. */
export interface EndRecord {
  readonly writer: boolean;
  readonly flags: number;
  readonly fd: number;
  readonly slot: number;
  readonly time: number;
  readonly src: number;
  readonly dst: number;
  readonly cgroup: bigint;
  readonly stdin: { readonly end: number; readonly peer: number };
  readonly stdout: { readonly end: number; readonly peer: number };
  readonly tgid: number;
  readonly ppid: number;
  readonly comm: string;
  /** Of TLS: the cookie of the probe that told; 0 else. */
  readonly library: number;
  /** Of TCP: the process's address and the other end's. */
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
}

/** `struct socket_record`. */
export interface SocketRecord {
  readonly strength: number;
  readonly tgid: number;
  /** Ends of what the session sends. */
  readonly src: number;
  readonly dst: number;
  /** Ends of the TCP stream that carries it. */
  readonly socketSrc: number;
  readonly socketDst: number;
}

/** `struct map_record`. */
export interface MapRecord {
  readonly tgid: number;
  readonly inode: number;
  readonly device: number;
}

/** `struct exec_record`. */
export interface ExecRecord {
  readonly tgid: number;
  readonly ppid: number;
  readonly cgroup: bigint;
  readonly comm: string;
  readonly filename: string;
  readonly args: readonly string[];
}

/** `struct fd_record`: who holds an end. */
export interface OpenEnd {
  readonly end: number;
  readonly peer: number;
  readonly tgid: number;
  readonly fd: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly ppid: number;
  readonly comm: string;
}

const text = new TextDecoder();

function cstring(bytes: Uint8Array, from: number, size: number): string {
  const end = bytes.indexOf(0, from);
  return text.decode(bytes.subarray(from, end < 0 || end > from + size ? from + size : end));
}

/** A 64-bit field as a number; exact up to 2^53, which ends, times and positions keep to. */
function u64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 4294967296;
}

/** Decodes an end record at `at`. `view` and `bytes` cover the same memory. */
export function decodeEnd(view: DataView, bytes: Uint8Array, at: number): EndRecord {
  const flags = view.getUint8(at + 1);
  return {
    writer: (flags & FLAG_WRITER) !== 0,
    flags,
    fd: view.getUint16(at + 2, true),
    slot: view.getUint32(at + 4, true),
    time: u64(view, at + 8),
    src: u64(view, at + 16),
    dst: u64(view, at + 24),
    cgroup: view.getBigUint64(at + 32, true),
    stdin: { end: u64(view, at + 40), peer: u64(view, at + 48) },
    stdout: { end: u64(view, at + 56), peer: u64(view, at + 64) },
    tgid: view.getUint32(at + 72, true),
    ppid: view.getUint32(at + 80, true),
    library: view.getUint32(at + 84, true),
    comm: cstring(bytes, at + 88, 16),
    local: endpoint(view, bytes, at + 104, at + 136),
    remote: endpoint(view, bytes, at + 120, at + 138),
  };

  function endpoint(view: DataView, bytes: Uint8Array, address: number, port: number): Endpoint | undefined {
    const family = view.getUint16(at + 140, true);
    if (family === 0) return undefined;
    const size = family === AF_INET ? 4 : 16;
    return { address: formatAddress(bytes.subarray(address, address + size)), port: view.getUint16(port, true) };
  }
}

/** Decodes a socket record at `at`. */
export function decodeSocket(view: DataView, at: number): SocketRecord {
  return {
    strength: view.getUint16(at + 2, true),
    tgid: view.getUint32(at + 4, true),
    src: u64(view, at + 16),
    dst: u64(view, at + 24),
    socketSrc: u64(view, at + 32),
    socketDst: u64(view, at + 40),
  };
}

/** Decodes a map record at `at`. */
export function decodeMap(view: DataView, at: number): MapRecord {
  return { tgid: view.getUint32(at + 4, true), inode: u64(view, at + 16), device: view.getUint32(at + 24, true) };
}

/** Decodes an exec record at `at`. */
export function decodeExec(view: DataView, bytes: Uint8Array, at: number): ExecRecord {
  const length = view.getUint16(at + 2, true);
  const args = text.decode(bytes.subarray(at + 304, at + 304 + Math.min(length, 1024))).split("\0");
  if (args.at(-1) === "") args.pop();
  return {
    tgid: view.getUint32(at + 4, true),
    cgroup: view.getBigUint64(at + 16, true),
    ppid: view.getUint32(at + 24, true),
    comm: cstring(bytes, at + 32, 16),
    filename: cstring(bytes, at + 48, 256),
    args,
  };
}

/** include/linux/socket.h */
const AF_INET = 2;

/** Size of `struct fd_record`. */
export const OPEN_END_SIZE = 48;

/** Decodes what one pass of the open-ends iterator wrote. */
export function decodeOpenEnds(bytes: Uint8Array): OpenEnd[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends: OpenEnd[] = [];
  for (let at = 0; at + OPEN_END_SIZE <= bytes.length; at += OPEN_END_SIZE) {
    const mode = view.getUint32(at + 24, true);
    ends.push({
      end: u64(view, at),
      peer: u64(view, at + 8),
      tgid: view.getUint32(at + 16, true),
      fd: view.getUint32(at + 20, true),
      readable: (mode & 1) !== 0,
      writable: (mode & 2) !== 0,
      ppid: view.getUint32(at + 28, true),
      comm: cstring(bytes, at + 32, 16),
    });
  }
  return ends;
}

/** `struct stream_key` as a map key. */
export function encodeKey(src: number, dst: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new BigUint64Array([BigInt(src), BigInt(dst)]).buffer);
}

/** A fresh `struct stream` with its slot. */
export function encodeStream(slot: number): Uint8Array<ArrayBuffer> {
  const value = new Uint32Array(8);
  value[0] = slot;
  return new Uint8Array(value.buffer);
}
