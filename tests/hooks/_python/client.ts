/** A client over stdio that says what it has to, in as few lines as can be. */

/** A server that was started, and initialised. */
export class Client implements AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<number, (value: Record<string, unknown>) => void>();
  readonly #stderr: Promise<string>;
  /** Everything that came on stdout and was no message. */
  readonly strange: string[] = [];
  #id = 0;

  private constructor(child: Deno.ChildProcess) {
    this.child = child;
    this.#writer = child.stdin.getWriter();
    this.#stderr = new Response(child.stderr).text();
    this.#read(child.stdout);
  }

  /** Starts a server. */
  static async start(command: readonly string[], env: Record<string, string>, cwd?: string): Promise<Client> {
    const client = new Client(
      new Deno.Command(command[0] ?? "", {
        args: command.slice(1),
        env,
        clearEnv: true,
        ...(cwd === undefined ? {} : { cwd }),
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
    const clientInfo = { name: "faults", version: "1" };
    await client.request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    await client.#write({ jsonrpc: "2.0", method: "notifications/initialized" });
    return client;
  }

  /** Sends a request; gives its result. The first id is 0. */
  async request(method: string, params: unknown): Promise<Record<string, unknown>> {
    const id = this.#id++;
    const answer = new Promise<Record<string, unknown>>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} ${id} was not answered`)), 60_000);
      this.#waiting.set(id, (value) => (clearTimeout(timer), resolve(value)));
    });
    await this.#write({ jsonrpc: "2.0", id, method, params });
    return await answer;
  }

  /** The text that a tool gives. */
  async call(name: string, args: Record<string, unknown>): Promise<string> {
    const { content } = await this.request("tools/call", { name, arguments: args }) as { content: { text: string }[] };
    return content[0]?.text ?? "";
  }

  /** Closes its stdin, and waits for its end; gives what it said on stderr. */
  async end(): Promise<{ code: number; stderr: string }> {
    await this.#writer.close().catch(() => {});
    const { code } = await this.child.status;
    return { code, stderr: await this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.child.status;
    await this.#stderr;
    await this.#writer.close().catch(() => {});
  }

  async #write(message: unknown): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(message) + "\n"));
  }

  async #read(stdout: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
  }

  #take(line: string): void {
    try {
      const { id, result, error } = JSON.parse(line);
      this.#waiting.get(id)?.(result ?? { error });
    } catch {
      this.strange.push(line);
    }
  }
}
