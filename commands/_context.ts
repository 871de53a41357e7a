/**
 * What a command gets to speak with.
 *
 * @module
 */
import type { CommandContext } from "@stricli/core";
import { EXIT } from "./_exit.ts";

/** A stream that takes text at once. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
}

/** The context of every command: `this` in its function. */
export interface CliContext extends CommandContext {
  readonly process: {
    readonly stdout: Output;
    readonly stderr: Output;
    readonly env: Readonly<Record<string, string | undefined>>;
    exitCode?: number;
  };
}

/** The real process. */
export function processContext(): CliContext {
  return {
    process: { stdout: output(Deno.stdout), stderr: output(Deno.stderr), env: Deno.env.toObject() },
  };
}

interface SyncStream {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

function output(stream: SyncStream): Output {
  const encoder = new TextEncoder();
  return {
    isTTY: stream.isTerminal(),
    write: (text) => {
      const bytes = encoder.encode(text);
      for (let from = 0; from < bytes.length;) from += writeSome(stream, bytes.subarray(from));
    },
  };
}

function writeSome(stream: SyncStream, bytes: Uint8Array): number {
  try {
    return stream.writeSync(bytes);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(EXIT.ok); // `| head` has seen enough
    if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}
