/**
 * The same without system calls of our own, for systems other than Linux: Deno's streams, some 30 us slower each way.
 *
 * @module
 */
import { type GateSpec, loadGate } from "./gate_spec.ts";
import type { Gate } from "./lane.ts";
import { RingWriter, type Way } from "./ring.ts";
import type { Child, CommandLine } from "./spawn.ts";

const BLOCK = 64 * 1024;

/** Starts a server, and moves its bytes. */
export function startStreams(
  { command: [program = "", ...args], env, cwd }: CommandLine,
  memory: SharedArrayBuffer,
  wake: () => void,
  gate: GateSpec | undefined,
): { readonly child: Child; readonly delivered: Promise<void> } {
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(cwd === undefined ? {} : { cwd }),
  }).spawn();
  const ring = new RingWriter(memory, wake);
  const toClient = new Outlet(Deno.stdout.writable);
  const forth = loadGate(gate).then((make) =>
    move(
      0,
      Deno.stdin.readable,
      new Outlet(child.stdin),
      ring,
      make?.((line) => {
        ring.write(1, line, 0, line.length, now());
        toClient.insert(line);
      }),
    )
  );
  const back = move(1, child.stdout, toClient, ring);
  const delivered = back.then(() => {
    ring.end();
    void forth.catch(() => {});
  });
  const status = child.status.then(({ code, signal }) => ({
    code,
    signal: signal === null ? undefined : code - 128,
  }));
  return { child: { pid: child.pid, status, kill: (signal) => child.kill(signal) }, delivered };
}

/** Where bytes go; answers of ours go in between two lines. */
class Outlet {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #inserts: Uint8Array[] = [];
  #fresh = true;

  constructor(stream: WritableStream<Uint8Array>) {
    this.#writer = stream.getWriter();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#fresh = bytes.at(-1) === 0x0a;
    await this.#writer.write(bytes);
    if (this.#fresh) await this.#flush();
  }

  insert(line: Uint8Array): void {
    this.#inserts.push(line);
    if (this.#fresh) void this.#flush().catch(() => {});
  }

  async close(): Promise<void> {
    await this.#writer.close().catch(() => {});
  }

  async #flush(): Promise<void> {
    for (const line of this.#inserts.splice(0)) await this.#writer.write(line);
  }
}

async function move(
  way: Way,
  from: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: Outlet,
  ring: RingWriter,
  gate?: Gate,
): Promise<void> {
  try {
    for await (const bytes of from) {
      if (gate === undefined) await to.write(bytes);
      // a record of the ring has at most 64 KiB
      for (let at = 0; at < bytes.length; at += BLOCK) {
        ring.write(way, bytes, at, Math.min(bytes.length, at + BLOCK), now());
      }
      // what is denied is seen too, and before its answer
      for (const part of gate?.pass(bytes, 0, bytes.length) ?? []) await to.write(part);
    }
    for (const part of gate?.end() ?? []) await to.write(part);
  } catch {
    // the other side is gone; who sends learns of it by what is closed below
  }
  ring.write(way, new Uint8Array(0), 0, 0, now(), true);
  await to.close();
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
