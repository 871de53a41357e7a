/**
 * Who is at the other end of a UNIX socket, as the kernel says.
 *
 * Deno does not tell a connection's descriptor, so it is looked for: the one that is new among the process's own, is a
 * socket, and is bound to the path that is listened on.
 *
 * @module
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Credentials of a peer: `struct ucred` of SO_PEERCRED (unix(7)). */
export interface Peer {
  /** In our pid namespace. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

const SYMBOLS = {
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  mkfifo: { parameters: ["buffer", "u32"], result: "i32" },
} as const;
const LIBRARIES = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];
/** asm-generic/socket.h: x86-64 and arm64. */
const SOL_SOCKET = 1, SO_PEERCRED = 17, SO_ACCEPTCONN = 30;
/** `sizeof(struct sockaddr_un)`, and where its path begins. */
const ADDRESS = 110, PATH = 2;

type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
let opened: Libc | undefined | null = null;

function libc(): Libc | undefined {
  if (opened !== null) return opened;
  opened = undefined;
  for (const name of Deno.build.os === "linux" ? LIBRARIES : []) {
    try {
      return opened = Deno.dlopen(name, SYMBOLS).symbols;
    } catch { // another one, or not allowed
    }
  }
  return undefined;
}

/** Makes a named pipe that is its owner's only. False if that is not possible. */
export function makeFifo(path: string): boolean {
  return libc()?.mkfifo(new TextEncoder().encode(`${path}\0`), 0o600) === 0;
}

/** Finds the peers of connections to one socket. */
export class Peers {
  readonly #path: string;
  /** Sockets that are known, by inode. */
  #known = new Set<string>();

  /** To be made once the socket at `path` is listened on. */
  constructor(path: string) {
    this.#path = path;
    this.accepted();
  }

  /** The peer of the connection that was accepted since the last call; undefined if that cannot be told. */
  accepted(): Peer | undefined {
    const c = libc();
    if (c === undefined) return undefined;
    const found: Peer[] = [], known = new Set<string>();
    for (const { fd, inode } of sockets()) {
      known.add(inode);
      if (this.#known.has(inode) || this.#nameOf(c, fd) !== this.#path || isListening(c, fd)) continue;
      const peer = peerOf(c, fd);
      if (peer !== undefined) found.push(peer);
    }
    this.#known = known;
    return found.length === 1 ? found[0] : undefined;
  }

  #nameOf(c: Libc, fd: number): string | undefined {
    const address = new Uint8Array(ADDRESS), length = new Uint32Array([ADDRESS]);
    if (c.getsockname(fd, address, length) !== 0 || length[0]! <= PATH) return undefined;
    const path = address.subarray(PATH, Math.min(length[0]!, ADDRESS)), end = path.indexOf(0);
    return new TextDecoder().decode(end < 0 ? path : path.subarray(0, end));
  }
}

function isListening(c: Libc, fd: number): boolean {
  const value = new Int32Array(1);
  return c.getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, value, new Uint32Array([4])) === 0 && value[0] === 1;
}

function peerOf(c: Libc, fd: number): Peer | undefined {
  const value = new Int32Array(3);
  if (c.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, new Uint32Array([12])) !== 0) return undefined;
  const [pid = 0, uid = 0, gid = 0] = value;
  return pid > 0 ? { pid, uid: uid >>> 0, gid: gid >>> 0 } : undefined; // 0: of a pid namespace that is not ours
}

function sockets(): { readonly fd: number; readonly inode: string }[] {
  const all: { fd: number; inode: string }[] = [];
  for (const name of readdirSync("/proc/self/fd")) {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      if (target.startsWith("socket:[")) all.push({ fd: Number(name), inode: target.slice(8, -1) });
    } catch { // closed meanwhile
    }
  }
  return all;
}

/** What a process is called in the pid namespaces that it is in, ours first: `NSpid` of proc_pid_status(5). */
export function pidsOf(pid: number): number[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return (/^NSpid:\s*([\d\t ]+)$/m.exec(status)?.[1] ?? "").trim().split(/\s+/).map(Number);
  } catch {
    return [pid]; // it is gone
  }
}
