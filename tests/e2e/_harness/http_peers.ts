/** Real servers over HTTP, real clients that talk to them, and what they said by the servers' account. */
import { join } from "node:path";
import { certificates } from "./certificates.ts";
import { REPOSITORY } from "./machine.ts";
import type { Sent } from "./peers.ts";
import { Said, type StartOptions, until } from "./process.ts";

/** One message over HTTP. The session is that of `Mcp-Session-Id`, or a number for an exchange without one. */
export interface HttpSent extends Omit<Sent, "session"> {
  readonly session: string | number;
  readonly transport: "http" | "sse";
}

/** A server that listens. */
export class Server implements AsyncDisposable {
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #said: Said;
  readonly #listens: Readonly<Record<string, unknown>>;
  readonly #truth: string;
  #taken = 0;

  private constructor(
    child: Deno.ChildProcess,
    said: Said,
    listens: Readonly<Record<string, unknown>>,
    truth: string,
  ) {
    this.pid = Number(listens.pid ?? child.pid);
    this.#child = child;
    this.#said = said;
    this.#listens = listens;
    this.#truth = truth;
  }

  /** Starts one; it prints a line of JSON with its ports once it listens. */
  static async start(command: readonly string[], options: StartOptions = {}): Promise<Server> {
    const truth = await Deno.makeTempFile({ prefix: "mcpsonde-truth-" });
    const { server } = await certificates();
    const child = new Deno.Command(command[0] ?? "", {
      args: command.slice(1),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      cwd: REPOSITORY,
      ...options,
      env: { ...server, TRUTH: truth, ...options.env },
    }).spawn();
    const stdout = new Said(child.stdout), said = new Said(child.stderr);
    let ended = false;
    child.status.then(() => ended = true);
    await until(() => `${command.join(" ")} listening (${said.text})`, () => {
      if (ended) throw new Error(`${command.join(" ")} ended: ${said.text}`);
      return stdout.text.includes("\n");
    }, 20_000);
    return new Server(child, said, JSON.parse(stdout.text), truth);
  }

  /** Address of one of its ports, by the name it gave it: `url("https", "/mcp")`. */
  url(kind: string, path: string, host = "127.0.0.1"): string {
    const scheme = kind === "https" || kind === "h2" ? "https" : "http";
    return `${scheme}://${host}:${this.port(kind)}${path}`;
  }

  /** One of its ports. */
  port(kind: string): number {
    const port = this.#listens[kind];
    if (typeof port !== "number") throw new Error(`the server has no port for ${kind}: ${this.#said.text}`);
    return port;
  }

  /** What was said since this was last asked. */
  truth(): readonly HttpSent[] {
    const text = Deno.readTextFileSync(this.#truth);
    const sent = read(text.slice(this.#taken));
    this.#taken = text.length;
    return sent;
  }

  /** Runs a client to its end; gives what was said meanwhile. */
  async talk(command: readonly string[], options: StartOptions = {}): Promise<readonly HttpSent[]> {
    this.truth();
    const { pid } = await talk(command, options);
    return this.truth().map((sent) => ({ ...sent, client: sent.client ?? pid }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
    await this.#said.done;
    await Deno.remove(this.#truth);
  }
}

/** Runs a client to its end, with the environment by which it trusts the tests' certificates. */
export async function talk(command: readonly string[], options: StartOptions = {}): Promise<{ pid: number }> {
  const { client } = await certificates();
  const child = new Deno.Command(command[0] ?? "", {
    args: command.slice(1),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    cwd: REPOSITORY,
    ...options,
    env: { ...client, ...options.env },
  }).spawn();
  const { code, stdout, stderr } = await child.output();
  if (code !== 0) {
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    throw new Error(`${command.join(" ")} ended with ${code}: ${said}`);
  }
  return { pid: child.pid };
}

/** Runs a scenario of peers/raw/http_pair.py, whose client starts its server; gives what they said. */
export async function rawPair(
  scenario: string,
  kind: string,
  ...args: (string | number)[]
): Promise<readonly HttpSent[]> {
  const raw = await startRawPair(scenario, kind, ...args);
  await raw.ended;
  return raw.truth();
}

/** Starts one. */
export async function startRawPair(
  scenario: string,
  kind: string,
  ...args: (string | number)[]
): Promise<{ readonly ended: Promise<unknown>; truth(): readonly HttpSent[] }> {
  const file = await Deno.makeTempFile({ prefix: "mcpsonde-truth-" });
  const script = join(REPOSITORY, "tests/e2e/peers/raw/http_pair.py");
  const { server } = await certificates();
  return {
    ended: talk(["python3", script, scenario, kind, ...args.map(String)], { env: { ...server, TRUTH: file } }),
    truth: () => read(Deno.readTextFileSync(file)),
  };
}

function read(text: string): HttpSent[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Posts a message by hand. */
export function curl(url: string, message: string, ...more: string[]): string[] {
  const accept = "accept: application/json, text/event-stream";
  return ["curl", "-sS", "-f", "--max-time", "20", ...more, "-H", accept, "--json", message, url];
}

/** What runs a peer. */
export type Runtime = "node" | "deno" | "bun";

/** The commands of the peers that install.sh put into this folder. */
export function commands(peers: string): {
  typescript(runtime: Runtime, script: string, ...args: string[]): string[];
  python(peer: "python1" | "python2", script: string, ...args: string[]): string[];
  go(...args: string[]): string[];
  gnutls(...args: string[]): string[];
  node16(...args: string[]): string[];
  rustls(...args: string[]): string[];
} {
  const runtimes: Record<Runtime, string[]> = {
    node: ["node"],
    deno: [Deno.execPath(), "run", "--quiet", "-A", "--no-lock"],
    bun: [join(peers, "bun/node_modules/@oven", `bun-linux-${bunArchitecture()}`, "bin/bun")],
  };
  return {
    typescript: (runtime, script, ...args) => [...runtimes[runtime], join(peers, script), ...args],
    python: (peer, script, ...args) => [join(peers, peer, "venv/bin/python"), join(peers, peer, script), ...args],
    go: (...args) => [join(peers, "gosdk/peer"), ...args],
    gnutls: (...args) => [join(peers, "native/gnutls"), ...args],
    node16: (...args) => [
      join(peers, "node16/node_modules", `node-linux-${bunArchitecture() === "x64" ? "x64" : "arm64"}`, "bin/node"),
      join(peers, "node16/talk.mjs"),
      ...args,
    ],
    rustls: (...args) => [join(peers, "rustls/talk"), ...args],
  };
}

function bunArchitecture(): string {
  return Deno.build.arch === "aarch64" ? "aarch64" : "x64";
}
