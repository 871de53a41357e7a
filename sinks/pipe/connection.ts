/**
 * A connection to a listener that may go and come back.
 *
 * @module
 */
import { connect, type Socket } from "node:net";

/** How long to leave a listener alone that did not answer, in milliseconds. */
const PAUSE_MS = 1000;
/** How long a listener may take nothing before it counts as gone, in milliseconds. */
const STALLED_MS = 5000;

/** Writes to a UNIX socket; connects anew when it was lost. */
export class Connection {
  readonly #path: string;
  #socket: Socket | undefined;
  #retryAt = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Writes all of the text, at the pace of who reads. False if nobody did. */
  async write(text: string): Promise<boolean> {
    const socket = this.#socket ??= await this.#connect();
    if (socket === undefined) return false;
    if (socket.write(text)) return !socket.destroyed;
    return await new Promise((resolve) => {
      const tell = (written: boolean) => {
        clearTimeout(timer);
        socket.off("drain", drained).off("close", closed);
        if (!written) this.#drop(socket);
        resolve(written);
      };
      const drained = () => tell(true), closed = () => tell(false);
      const timer = setTimeout(closed, STALLED_MS);
      socket.on("drain", drained).on("close", closed);
    });
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => resolve(), PAUSE_MS);
      socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      socket.end(() => socket.destroy());
    });
  }

  async #connect(): Promise<Socket | undefined> {
    if (Date.now() < this.#retryAt) return undefined;
    const socket = connect(this.#path);
    const connected = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.setTimeout(PAUSE_MS, () => resolve(false));
    });
    socket.setTimeout(0);
    if (!connected) {
      this.#drop(socket);
      return undefined;
    }
    socket.on("error", () => this.#drop(socket)).on("close", () => this.#drop(socket));
    socket.resume();
    return socket;
  }

  #drop(socket: Socket): void {
    socket.destroy();
    if (this.#socket === socket) this.#socket = undefined;
    this.#retryAt = Date.now() + PAUSE_MS;
  }
}
