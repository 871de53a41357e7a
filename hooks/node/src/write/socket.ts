/**
 * The UNIX socket of a `pipe` source, written without ever waiting.
 *
 * Node's own stream would keep the program alive while a reader is slow, as each write that waits does. So the connection
 * is made by `node:net`, and written by `write(2)` on its descriptor, which is non-blocking.
 *
 * @module
 */
import type { Socket as NetSocket } from "node:net";
import { Buffer } from "node:buffer";
import { builtin } from "../builtin.ts";
import { files } from "./files.ts";
import { asOwnWork } from "./own.ts";
import { now as steady } from "../time.ts";

/** How long it is not tried again after nobody listened, in milliseconds. */
const PAUSE = 5000;

/** What became of bytes. `later`: they wait in the socket, and nothing more is taken. */
export type Sent = "sent" | "later" | "lost";

/** A connection, made when there is something to send and somebody listens. */
export class Socket {
  readonly #paths: readonly string[];
  readonly #now: () => number;
  #socket: NetSocket | undefined;
  #fd = -1;
  #notBefore = 0;
  #isConnecting = false;
  /** Called when a connection was made, or could not be made. */
  onchange: () => void = () => {};
  /** What is left of bytes that were taken: the first may be the rest of a line. */
  #rest: Buffer | undefined;
  /** Where in `#rest` the first whole line begins that nothing was sent of. */
  #whole = 0;

  constructor(paths: readonly string[], now: () => number = steady) {
    this.#paths = paths;
    this.#now = now;
  }

  /** `open`: it can be written; `connecting`: it will be known soon; `closed`: nobody listens. */
  get state(): "open" | "connecting" | "closed" {
    if (this.#fd >= 0) return "open";
    if (this.#isConnecting) return "connecting";
    const now = this.#now();
    if (now < this.#notBefore) return "closed";
    this.#notBefore = now + PAUSE;
    const path = this.#paths.find((path) => files.existsSync(path));
    if (path === undefined) return "closed";
    this.#connect(path);
    return this.#isConnecting ? "connecting" : "closed";
  }

  /** True if bytes that were taken wait for the reader. */
  get isWaiting(): boolean {
    return this.#rest !== undefined;
  }

  /** Sends `buffer[0, length)`, whole lines; copies what has to wait. */
  send(buffer: Buffer, length: number): Sent {
    if (this.#rest !== undefined) return "lost";
    const sent = this.#write(buffer, 0, length);
    if (sent < 0) return "lost";
    if (sent === length) return "sent";
    this.#rest = Buffer.from(buffer.subarray(0, length)).subarray(sent);
    const end = sent === 0 || buffer[sent - 1] === 0x0a ? -1 : this.#rest.indexOf(0x0a);
    this.#whole = end + 1;
    return "later";
  }

  /** Goes on with what waits. */
  resume(): Sent {
    const rest = this.#rest;
    if (rest === undefined) return "sent";
    const sent = this.#write(rest, 0, rest.length);
    if (sent < 0) return "lost";
    if (sent === rest.length) {
      this.#rest = undefined;
      return "sent";
    }
    if (sent > 0) {
      this.#rest = rest.subarray(sent);
      const end = rest[sent - 1] === 0x0a ? -1 : this.#rest.indexOf(0x0a);
      this.#whole = sent <= this.#whole ? this.#whole - sent : end + 1;
    }
    return "later";
  }

  /** Whole lines that were taken and not sent; they are forgotten here. */
  takeUnsent(): Buffer | undefined {
    const rest = this.#rest?.subarray(this.#whole);
    this.#rest = undefined;
    return rest?.length === 0 ? undefined : rest;
  }

  close(): void {
    this.#fd = -1;
    this.#isConnecting = false;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  /** Bytes that were sent; -1 if the reader is gone. */
  #write(buffer: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      try {
        at += files.writeSync(this.#fd, buffer, at, end - at);
      } catch (error) {
        if ((error as { code?: string }).code === "EAGAIN") break;
        this.close();
        return -1;
      }
    }
    return at - start;
  }

  #connect(path: string): void {
    const { connect } = builtin<typeof import("node:net")>("node:net");
    this.#isConnecting = true;
    const socket = asOwnWork(() => connect({ path }));
    this.#socket = socket;
    socket.unref();
    const ended = () => {
      if (this.#socket !== socket) return;
      this.close();
      this.onchange();
    };
    socket.on("error", ended);
    socket.on("close", ended);
    socket.on("connect", () => {
      this.#isConnecting = false;
      this.#fd = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd ?? -1;
      if (this.#fd < 0) this.close(); // a runtime that does not tell the descriptor
      this.onchange();
    });
  }
}
