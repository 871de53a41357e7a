/**
 * Children of the demo, which do not outlive it, and waiting for them.
 *
 * @module
 */

/** A child that does not outlive the scope that keeps it. */
export interface Kept extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  kill(signal: Deno.Signal): void;
}

/** Starts one. */
export function spawn(program: string, args: readonly string[], options: Deno.CommandOptions): Kept {
  const child = new Deno.Command(program, { args: [...args], ...options }).spawn();
  let exited = false;
  child.status.then(() => exited = true);
  const kill = (signal: Deno.Signal) => {
    if (!exited) child.kill(signal);
  };
  return {
    child,
    kill,
    [Symbol.asyncDispose]: async () => {
      kill("SIGKILL");
      await child.status;
    },
  };
}

/** Collects what a child says; `said` resolves true when that matches, false when the child ended before. */
export function listen(
  stream: ReadableStream<Uint8Array>,
  wanted: RegExp,
): { readonly said: Promise<boolean>; text(): string } {
  let text = "";
  const said = Promise.withResolvers<boolean>();
  (async () => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (wanted.test(text)) said.resolve(true);
    }
    said.resolve(false);
  })();
  return { said: said.promise, text: () => text };
}

/** What the promise gives, or undefined if that takes longer. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => timer = setTimeout(() => resolve(undefined), ms));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
