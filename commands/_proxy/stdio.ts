/**
 * `mcpsonde proxy -- CMD…`: the server is started and its bytes are moved before anything else is loaded.
 *
 * @module
 */
import { handOver } from "../../sources/stdio/current.ts";
import type { GateSpec } from "../../sources/stdio/gate_spec.ts";
import { type RunningServer, startServer } from "../../sources/stdio/server.ts";
import { catchSignals, endLike } from "./ending.ts";
import { cannotStart } from "./failure.ts";
import type { ProxyFlags } from "./flags.ts";
import { importer } from "./later.ts";

type Pipeline = typeof import("./pipeline.ts");
const later = importer(import.meta.url);
/** What may wait for the pipeline, in bytes. */
const QUEUE = 4 * 1024 * 1024;
/** When the pipeline is loaded if the server says nothing, and how often to look whether it has, in milliseconds. */
const LATEST_MS = 2000, LOOK_MS = 20;
/** How long the pipeline may take to finish once the server has ended, in milliseconds. */
const FINISH_MS = 3000;

/** Proxies, and ends the process as the server ends. */
export async function proxyStdio(flags: ProxyFlags, command: readonly string[]): Promise<never> {
  surviveUncaught();
  const { pipeline } = flags;
  const prepared = pipeline === undefined
    ? undefined
    : await (await later<Pipeline>("./pipeline.ts")).prepare(pipeline);
  const policy = flags.policy !== undefined || flags.allow !== undefined || flags.deny !== undefined || flags.dryRun
    ? await (await later<typeof import("./policy.ts")>("./policy.ts")).policyOf(flags)
    : prepared?.policy;
  const name = flags.name ?? prepared?.name;
  const gate: GateSpec | undefined = policy && { policy, server: name ?? programOf(command), command };
  const engine = Deno.env.get("MCPSONDE_PROXY_ENGINE") === "streams" ? "streams" : "auto";
  const forward = catchSignals();
  const server = start(command, { ringBytes: prepared?.queueBytes ?? QUEUE, gate, engine });
  forward(server);
  const watching = watch(server, { flags, name, policy, prepared });
  const delivered = server.delivered.catch((error: unknown) => {
    say(`mcpsonde: ${messageOf(error)}`);
    server.kill("SIGKILL"); // nobody can reach it any more
  });
  const status = await server.status;
  await delivered;
  await Promise.race([watching, new Promise((resolve) => setTimeout(resolve, FINISH_MS))]);
  endLike(status);
}

function start(command: readonly string[], options: Parameters<typeof startServer>[1]): RunningServer {
  try {
    return startServer({ command }, options);
  } catch (error) {
    throw cannotStart(command, error);
  }
}

/** Looks at what is said, from when the server has first answered. Whatever fails here, the server goes on. */
async function watch(server: RunningServer, what: Omit<Parameters<Pipeline["look"]>[0], "env">) {
  for (let waited = 0; !server.ring.answered && !server.ring.ended && waited < LATEST_MS; waited += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  if (server.ring.silent) return;
  try {
    const { look } = await later<Pipeline>("./pipeline.ts");
    handOver(server);
    await look({ ...what, env: Deno.env.toObject() });
  } catch (error) {
    say(`mcpsonde: nothing is seen of this server: ${messageOf(error)}`);
  }
}

function programOf([program = ""]: readonly string[]): string {
  return program.replace(/^.*[\\/]/, "");
}

/** What a stage throws where nobody waits for it must not end the server. A few of such are told. */
function surviveUncaught(): void {
  let untold = 3;
  const note = (event: Event, error: unknown) => {
    event.preventDefault();
    if (untold-- > 0) say(`mcpsonde: something failed, and the server goes on: ${messageOf(error)}`);
  };
  globalThis.addEventListener("error", (event) => note(event, event.error));
  globalThis.addEventListener("unhandledrejection", (event) => note(event, event.reason));
}

function say(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
