/** Who listens on the sensor's socket. */
import { createServer, type Server, type Socket } from "node:net";
import { parse, type Told } from "./events.ts";

/** Takes what sensors write; `still`: not before it is resumed. */
export class Reader {
  readonly told: Told[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #still: boolean;

  constructor(path: string, still = false) {
    this.#still = still;
    this.#server = createServer((socket) => this.#take(socket)).listen(path);
  }

  /** Starts to read. */
  resume(): void {
    this.#still = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Goes, with its socket. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    let rest = "";
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.told.push(parse(line));
    });
    if (this.#still) socket.pause();
  }
}
