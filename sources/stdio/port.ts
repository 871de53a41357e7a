/**
 * One end of a pipe, socket or file, read and written without waiting, whoever else has it open: the flags of a
 * description that others share are left as they are.
 *
 * @module
 */
import { cString, ERRNO, F, type Libc, MSG, O } from "./libc.ts";

/** Nothing can be moved now. */
export const AGAIN = -1;
/** Nothing will ever be moved again: the other side is gone. */
export const BROKEN = -2;

/** What is written at once where a write may wait: a pipe that `poll` calls writable takes as much (PIPE_BUF). */
const CAREFUL = 4096;

/** How a descriptor is used: `plain` is its own to be made non-blocking, `socket` has flags a call, `shared` is asked first. */
export type PortKind = "plain" | "socket" | "shared";

/** A descriptor and how it is used; can be sent to another thread. */
export interface PortPlan {
  readonly fd: number;
  readonly kind: PortKind;
}

/** Readies a descriptor of this process's own: the other side has another description. */
export function ownPort(libc: Libc, fd: number): PortPlan {
  libc.fcntl(fd, F.SETFL, libc.fcntl(fd, F.GETFL, 0) | O.NONBLOCK);
  return { fd, kind: "plain" };
}

/** Readies an inherited descriptor. Of a pipe another description is opened, which `fd` is closed for. */
export function inheritedPort(libc: Libc, fd: number, flags: number): PortPlan {
  const link = (() => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  })();
  if (link.startsWith("socket:")) return { fd, kind: "socket" };
  if (!link.startsWith("pipe:")) return { fd, kind: "shared" };
  const own = libc.open(cString(`/proc/self/fd/${fd}`), flags | O.NONBLOCK | O.CLOEXEC);
  if (own < 0) return { fd, kind: "shared" };
  libc.close(fd);
  return { fd: own, kind: "plain" };
}

/** Reads and writes. */
export class Port {
  readonly #libc: Libc;
  readonly #kind: PortKind;
  #fd: number;

  constructor(libc: Libc, { fd, kind }: PortPlan) {
    this.#libc = libc;
    this.#fd = fd;
    this.#kind = kind;
  }

  /** For `poll`: -1 once closed. */
  get fd(): number {
    return this.#fd;
  }

  /** Bytes read into `buffer`, 0 at the end, {@linkcode AGAIN} or {@linkcode BROKEN}. Of `shared` only when `poll` said so. */
  read(buffer: Uint8Array<ArrayBuffer>): number {
    const { symbols, fd } = this.#call();
    const read = this.#kind === "socket"
      ? symbols.recv(fd, buffer, buffer.length, MSG.DONTWAIT)
      : symbols.read(fd, buffer, buffer.length);
    return read >= 0 ? read : this.#failed();
  }

  /** Bytes written of `buffer[start, end)`, {@linkcode AGAIN} or {@linkcode BROKEN}. */
  write(buffer: Uint8Array<ArrayBuffer>, start: number, end: number): number {
    const { symbols, fd } = this.#call();
    const part = start === 0 && end === buffer.length ? buffer : buffer.subarray(start, end);
    const written = this.#kind === "socket"
      ? symbols.send(fd, part, part.length, MSG.DONTWAIT | MSG.NOSIGNAL)
      : symbols.write(fd, part, part.length);
    return written >= 0 ? written : this.#failed();
  }

  /** How much may be written at once: of what may wait little, and only when `poll` said that there is room. */
  get writesAtOnce(): number {
    return this.#kind === "shared" ? CAREFUL : Infinity;
  }

  close(): void {
    if (this.#fd >= 0) this.#libc.close(this.#fd);
    this.#fd = -1;
  }

  #call() {
    return { symbols: this.#libc, fd: this.#fd };
  }

  #failed(): number {
    const errno = this.#libc.errno();
    return errno === ERRNO.EAGAIN || errno === ERRNO.EINTR ? AGAIN : BROKEN;
  }
}
