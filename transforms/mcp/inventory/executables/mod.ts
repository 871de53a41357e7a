/**
 * Looks at the files that servers run, one after the other and in the background: their hash, and their package.
 *
 * @module
 */
import { packageOfArgs } from "./args.ts";
import { examine } from "./examine.ts";
import type { Examined, Subject } from "./types.ts";

/** A process is taken for the one that was seen if the message is not older, in milliseconds. */
const RECENT = 60_000;
/** Servers that wait to be looked at. Beyond it, they are not. */
const WAITING = 256;

/** Looks at one server's files. */
export type Examine = (subject: Subject, signal: AbortSignal) => Promise<Examined>;

/** The queue. */
export class Executables {
  /** Servers that were not looked at as too many waited. */
  skipped = 0;
  readonly #examine: Examine;
  readonly #now: () => number;
  readonly #waiting: Subject[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  /** `now`: milliseconds since the epoch. */
  constructor(look: Examine = examine, now: () => number = Date.now) {
    this.#examine = look;
    this.#now = now;
  }

  /** Looks at a server that was seen at a time. Of a replayed capture only the command line is looked at. */
  look(server: Subject, time: number): void {
    const { process, remote } = server;
    if (remote || process?.args === undefined) return;
    const named = packageOfArgs(process.args);
    if (named !== undefined && server.package === undefined) set(server, undefined, named);
    if (Math.abs(this.#now() - time) > RECENT || this.#stop.signal.aborted) return;
    if (this.#waiting.length >= WAITING) {
      this.skipped++;
      return;
    }
    this.#waiting.push(server);
    this.#running ??= this.#run();
  }

  /** Resolves when all that wait have been looked at. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Stops; what waits is not looked at. */
  close(): void {
    this.#stop.abort();
    this.#waiting.length = 0;
  }

  async #run(): Promise<void> {
    for (let subject; (subject = this.#waiting.shift()) !== undefined;) {
      try {
        const found = await this.#examine(subject, this.#stop.signal);
        set(subject, found.hash, found.package);
      } catch {
        // the process is gone, or its files are not for us to read: nothing is known, as the fields say
      }
    }
    this.#running = undefined;
  }
}

function set(server: Subject, hash: string | undefined, named: string | undefined): void {
  const package_ = named ?? server.package, executableHash = hash ?? server.executableHash;
  if (package_ === server.package && executableHash === server.executableHash) return;
  server.package = package_;
  server.executableHash = executableHash;
  server.version++;
}
