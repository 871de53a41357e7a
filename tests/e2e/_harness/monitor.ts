/** A running mcpsonde, as a user starts it: a process of its own, a pipeline file, a JSONL file to read. */
import { join } from "node:path";
import { REPOSITORY } from "./machine.ts";
import { mcpsonde, run, Said, until } from "./process.ts";

/** How a message went over HTTP, as far as the tests look at it. */
export interface HttpTransport {
  readonly pid: number;
  readonly from_pid?: number;
  readonly from_comm?: string;
  readonly to_pid?: number;
  readonly to_comm?: string;
  readonly status?: number;
  readonly version?: string;
  readonly client_address?: string;
  readonly server_address?: string;
  readonly tls?: string;
  readonly session_id?: string;
  readonly protocol_version?: string;
  readonly auth?: unknown;
}

/** The fields of a JSONL line that the tests look at. */
export interface Line {
  readonly kind: string;
  readonly timestamp: string;
  readonly type?: string;
  readonly id?: unknown;
  readonly method?: string;
  readonly raw?: string;
  readonly request?: { readonly id?: unknown; readonly method?: string; readonly params?: unknown };
  readonly stdio_transport?: {
    readonly from_pid: number;
    readonly from_comm: string;
    readonly to_pid: number;
    readonly to_comm: string;
  };
  readonly transport_type?: string;
  readonly http_transport?: HttpTransport;
  /** Of an `http` line. */
  readonly status?: number;
  readonly auth?: unknown;
  readonly reason?: string;
  readonly rule?: string;
  readonly message?: string;
  readonly [key: string]: unknown;
}

/** What a pipeline is made of, besides the JSONL sink that the tests read. */
export interface MonitorOptions {
  /** Options of the `ebpf` source. */
  readonly ebpf?: Record<string, unknown>;
  /** More sources. */
  readonly sources?: Record<string, unknown>;
  /** Instead of the usual ones. */
  readonly transforms?: readonly unknown[];
  /** More sinks. */
  readonly sinks?: Record<string, unknown>;
  /** Options of the JSONL sink. */
  readonly jsonl?: Record<string, unknown>;
  /** More arguments for the command line. */
  readonly args?: readonly string[];
}

/** For sessions over HTTP. */
export const HTTP: readonly unknown[] = [{ type: "http" }, { type: "jsonrpc" }];

/** A monitor that captures. */
export class Monitor implements AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  readonly #child: Deno.ChildProcess;
  readonly #said: Said;
  readonly #shown: Said;
  readonly #lines: Line[] = [];
  readonly #decoder = new TextDecoder();
  #file: Deno.FsFile | undefined;
  #rest = "";

  private constructor(folder: string, path: string, child: Deno.ChildProcess) {
    this.folder = folder;
    this.path = path;
    this.#child = child;
    this.#said = new Said(child.stderr);
    this.#shown = new Said(child.stdout);
  }

  /** Starts one and waits until it captures. */
  static async start(options: MonitorOptions = {}): Promise<Monitor> {
    const folder = await Deno.makeTempDir({ prefix: "mcpsonde-e2e-" });
    const pipeline = {
      sources: { kernel: { type: "ebpf", ...options.ebpf }, ...options.sources },
      transforms: options.transforms ?? [{ type: "jsonrpc" }],
      sinks: {
        file: {
          type: "jsonl",
          path: join(folder, "out.jsonl"),
          raw: true,
          ...options.jsonl,
        },
        ...options.sinks,
      },
    };
    await Deno.writeTextFile(join(folder, "pipeline.jsonc"), JSON.stringify(pipeline, undefined, 2));
    const [program = "", ...args] = mcpsonde("--pipeline", join(folder, "pipeline.jsonc"), ...options.args ?? []);
    const child = new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "piped", cwd: REPOSITORY });
    const { path = join(folder, "out.jsonl") } = options.jsonl ?? {};
    const monitor = new Monitor(folder, String(path), child.spawn());
    let ended: Deno.CommandStatus | undefined;
    monitor.#child.status.then((status) => ended = status);
    await until(() => `"capturing" on stderr (${monitor.stderr})`, () => {
      if (ended) throw new Error(`mcpsonde ended with ${ended.code} before it captured: ${monitor.stderr}`);
      return monitor.stderr.includes("capturing");
    });
    return monitor;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it has said so far. */
  get stderr(): string {
    return this.#said.text;
  }

  /** What its sinks have put on standard output so far. */
  get stdout(): string {
    return this.#shown.text;
  }

  /** All whole lines written so far. */
  lines(): readonly Line[] {
    this.#file ??= openIfThere(this.path);
    for (let n; this.#file && (n = this.#file.readSync(block)) !== null;) {
      const [first = "", ...others] = this.#decoder.decode(block.subarray(0, n), { stream: true }).split("\n");
      this.#rest += first;
      for (const part of others) {
        this.#lines.push(JSON.parse(this.#rest));
        this.#rest = part;
      }
    }
    return this.#lines;
  }

  /** Waits until the lines satisfy a condition. */
  async waitFor(what: string, condition: (lines: readonly Line[]) => boolean, timeout?: number): Promise<void> {
    await until(what, () => condition(this.lines()), timeout);
  }

  /** Waits until everything that happened before this call is in the file. */
  async settle(): Promise<void> {
    const method = `fence/${crypto.randomUUID()}`;
    const message = JSON.stringify({ jsonrpc: "2.0", method });
    // What a tool for text reads from a shell is left out; dd is none.
    await run(["sh", "-c", `printf '%s\\n' '${message}' | dd of=/dev/null status=none`]);
    await this.waitFor("the fence message", (lines) => lines.some((line) => line.method === method));
  }

  /** Waits until the TLS libraries that are mapped already have been found. */
  async seesTls(): Promise<void> {
    await until(() => `a word about TLS (${this.stderr})`, () => this.stderr.includes("sees the TLS of"));
  }

  /** Sends a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for the end. */
  async ended(): Promise<Deno.CommandStatus> {
    const status = await this.#child.status;
    await Promise.all([this.#said.done, this.#shown.done]);
    return status;
  }

  /** Stops it as Ctrl-C does; gives the exit code. */
  async stop(): Promise<number> {
    try {
      this.kill("SIGINT");
    } catch {
      // It has ended already.
    }
    return (await this.ended()).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#file?.close();
    await Deno.remove(this.folder, { recursive: true });
  }
}

const block = new Uint8Array(1 << 20);

function openIfThere(path: string): Deno.FsFile | undefined {
  try {
    return Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
