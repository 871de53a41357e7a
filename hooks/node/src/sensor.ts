/**
 * The sensor of this process or thread: what it is made of.
 *
 * @module
 */
import { RUNTIME } from "./builtin.ts";
import { currentCall } from "./call.ts";
import type { Config } from "./config/config.ts";
import { socketPaths, spoolDir } from "./config/places.ts";
import { members, type Told } from "./events/event.ts";
import { Identity } from "./events/identity.ts";
import { Lines } from "./events/lines.ts";
import { Queue } from "./events/queue.ts";
import { onFault } from "./guard.ts";
import { type LoadEngine, redaction } from "./redact/redaction.ts";
import { Socket } from "./write/socket.ts";
import { Spool } from "./write/spool.ts";
import { Writer } from "./write/writer.ts";

/** Takes events and has them written. */
export class Sensor {
  readonly identity = new Identity();
  readonly #lines = new Lines(this.identity);
  readonly #queue: Queue;
  readonly #writer: Writer;
  readonly #atEnd: (() => void)[] = [];
  #told = 0;

  constructor(config: Config, loadEngine: LoadEngine) {
    this.#queue = new Queue(config.queue);
    const paths = RUNTIME === "node" ? socketPaths(config) : []; // others do not tell a socket's descriptor
    const { spool } = config;
    this.#writer = new Writer({
      queue: this.#queue,
      lines: this.#lines,
      socket: paths.length === 0 ? undefined : new Socket(paths),
      spool: spool === false ? undefined : new Spool({ ...spool, dir: spoolDir(spool.dir) }, this.identity),
      redaction: redaction(config.redact, loadEngine),
      tellDropped: (reasons) => {
        const plain = members({ dropped: this.#queue.dropped, reasons });
        return this.#lines.take({ name: "sensor_drops", type: "sensor_lifecycle", plain }, null);
      },
    });
    onFault((where, type) =>
      this.tell({
        name: "internal_exception",
        plain: members({ type, where }),
        call: null,
      })
    );
  }

  /** Takes an event. What is not told of the call in progress is added. */
  tell(told: Told, isNeeded = false): void {
    this.#told++;
    const call = told.call === undefined ? currentCall() : told.call;
    this.#writer.push(this.#lines.take(told, call), isNeeded);
  }

  /** Has something done before the last events are written. */
  atEnd(work: () => void): void {
    this.#atEnd.push(work);
  }

  /** Writes all that waits. */
  flush(): void {
    this.#writer.flush(true);
  }

  /** The end of the process or thread. */
  end(): void {
    for (const work of this.#atEnd) work();
    if (this.identity.isMainThread) {
      const plain = members({ events: this.#told + 1, dropped: this.#queue.dropped });
      this.tell({ name: "sensor_shutdown", type: "sensor_lifecycle", plain, call: null }, true);
    }
    this.flush();
  }
}
