/** Starting programs and reading what they say. */
import { REPOSITORY } from "./machine.ts";

/** A program that has ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start a program. */
export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** File descriptors are pipes; `stdin` is empty. */
  readonly clearEnv?: boolean;
}

/** Runs a program to its end. */
export async function run(command: readonly string[], options: StartOptions = {}): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(command[0] ?? "", {
    args: command.slice(1),
    stdin: "null",
    cwd: REPOSITORY,
    ...options,
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The command line of mcpsonde's own program, as the launcher has it. */
export function mcpsonde(...args: string[]): string[] {
  return [
    Deno.execPath(),
    "run",
    "--quiet",
    "-A",
    "--v8-flags=--max-semi-space-size=8",
    `${REPOSITORY}cli.ts`,
    ...args,
  ];
}

/** Collects what a stream says. */
export class Said {
  #text = "";
  readonly done: Promise<void>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.done = this.#collect(stream);
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#text += text;
  }

  get text(): string {
    return this.#text;
  }
}

/** Waits until a condition holds; the error names what was waited for. */
export async function until<T>(
  what: string | (() => string),
  attempt: () => T | Promise<T>,
  timeout = 10_000,
): Promise<T & (object | string | number | true)> {
  const end = performance.now() + timeout;
  for (;;) {
    const value = await attempt();
    if (value) return value as T & (object | string | number | true);
    if (performance.now() > end) {
      throw new Error(`${typeof what === "string" ? what : what()}: not within ${timeout} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
