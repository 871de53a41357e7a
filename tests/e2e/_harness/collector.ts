/** A real OpenTelemetry Collector, whose debug exporter tells all that it gets. */
import { join } from "node:path";
import { Said, until } from "./process.ts";

/** What was told of a span. */
export interface ToldSpan {
  readonly trace: string;
  readonly parent: string;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** The process that it is of. */
  readonly pid: number;
}

/** A Collector on a port of its own, which may be killed and started again. What it said before is kept. */
export class Collector {
  readonly endpoint: string;
  readonly #program: string;
  readonly #config: string;
  readonly #said: Said[] = [];
  #child: Deno.ChildProcess | undefined;

  private constructor(program: string, config: string, port: number) {
    this.#program = program;
    this.#config = config;
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  /** Prepares one: `peers` is where the program was built, `folder` gets its configuration. It does not run yet. */
  static async make(peers: string, folder: string): Promise<Collector> {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const config = join(folder, `collector-${port}.yaml`);
    const pipelines = ["traces", "metrics", "logs"].map((signal) =>
      `    ${signal}: { receivers: [otlp], exporters: [debug] }`
    );
    await Deno.writeTextFile(
      config,
      `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } } }
exporters: { debug: { verbosity: detailed } }
service:
  telemetry: { metrics: { level: none } }
  pipelines:
${pipelines.join("\n")}
`,
    );
    return new Collector(join(peers, "collector", "collector"), config, port);
  }

  /** Starts it, and waits until it listens. */
  async start(): Promise<void> {
    const child = new Deno.Command(this.#program, {
      args: ["--config", this.#config],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const said = new Said(child.stderr);
    this.#child = child;
    this.#said.push(said);
    await until(() => `a Collector that says: ${said.text}`, () => said.text.includes("Everything is ready"), 30_000);
  }

  /** Ends it at once, without a chance to finish anything. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.kill("SIGKILL");
    await child.status;
    await this.#said.at(-1)?.done;
  }

  /** All that it has said. */
  get text(): string {
    return this.#said.map(({ text }) => text).join("\n");
  }

  /** The spans that it got, as often as it got them. */
  get spans(): ToldSpan[] {
    return this.text.split(/ResourceSpans #\d+$/m).slice(1).flatMap((part) => {
      const [resource = "", ...spans] = part.split(/^Span #\d+$/m);
      const pid = Number(/-> process\.pid: Int\((\d+)\)/.exec(resource)?.[1]);
      return spans.map((span) => {
        const of = (label: string) => new RegExp(`^ {4}${label} *: (.*)$`, "m").exec(span)?.[1] ?? "";
        return {
          trace: of("Trace ID"),
          parent: of("Parent ID"),
          id: of("ID"),
          name: of("Name"),
          kind: of("Kind"),
          pid,
        };
      });
    });
  }

  /** Values of an attribute, wherever it stands. */
  values(attribute: string): string[] {
    const pattern = new RegExp(`^ +-> ${attribute.replaceAll(".", "\\.")}: \\w+\\((.*)\\)$`, "gm");
    return [...this.text.matchAll(pattern)].map(([, value]) => value ?? "");
  }

  /** Names of the metrics that it got. */
  get metrics(): string[] {
    return [...this.text.matchAll(/^ +-> Name: (.*)$/gm)].map(([, name]) => name ?? "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
