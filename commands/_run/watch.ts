/**
 * Runs a program with its streams untouched, and watches it from the kernel, from inside, or both.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPipeline, builtins, formatProblem, type PipelineConfig, planPipeline } from "../../pipeline/mod.ts";
import { leaveStreams } from "../../sources/stdio/copies.ts";
import { openLibc } from "../../sources/stdio/libc.ts";
import { type Child, spawn } from "../../sources/stdio/spawn.ts";
import type { CliContext } from "../_context.ts";
import { EXIT, Failure } from "../_exit.ts";
import { filterTransforms } from "../_filter.ts";
import { stderrLog } from "../_log.ts";
import { catchSignals, endLike } from "../_proxy/ending.ts";
import { cannotStart } from "../_proxy/failure.ts";
import { redactTransforms } from "../_redact.ts";
import { planned } from "../_run_pipeline.ts";
import { catchUncaught } from "../_uncaught.ts";
import { type Place, sensorEnvironment } from "./sensors.ts";
import type { Chosen, Way } from "./way.ts";

/** Flags of `mcpsonde run`. */
export interface RunFlags {
  readonly by?: Way | undefined;
  readonly out?: string | undefined;
  readonly filter?: string | undefined;
  readonly redact: boolean;
  readonly verbose: boolean;
  readonly tree: boolean;
}

/** Nothing was started, as nothing could be watched in this way. */
export class CannotWatch extends Failure {}

/** How long sensors and kernel may take to tell what happened last, and the pipeline to finish, in milliseconds. */
const LAST_WORDS_MS = 300, FINISH_MS = 5000;

/** Watches a program, and ends this process as it ends. */
export async function watch(
  { way, why }: Chosen,
  flags: RunFlags,
  command: readonly string[],
  { process: { env, stderr } }: CliContext,
): Promise<never> {
  const libc = openLibc();
  if (libc === undefined) throw new Failure("run works on Linux only so far; mcpsonde proxy works here", EXIT.machine);
  const log = stderrLog(stderr, Boolean(env["NO_COLOR"]));
  const folder = await mkdtemp(join(env["XDG_RUNTIME_DIR"] ?? tmpdir(), "mcpsonde-"));
  const place: Place = { socket: join(folder, "events.sock"), spool: join(folder, "spool") };
  using _uncaught = catchUncaught(log);
  const plan = planned(await planPipeline(pipelineOf(way, flags, place), { registry: builtins() }));
  const quiet = { ...log, info: () => {} };
  const { pipeline, problems } = await buildPipeline(plan, { log: quiet });
  if (pipeline === undefined) {
    await rm(folder, { recursive: true, force: true });
    throw new CannotWatch(problems.map(formatProblem).join("\n"));
  }
  const forward = catchSignals();
  const done = pipeline.run();
  await listening(place.socket);
  const how = way === "kernel" ? "from the kernel and from inside" : "from inside";
  const where = flags.out === undefined ? "" : `; messages go to ${flags.out}`;
  log.info(`watching ${command[0]} ${how}${why === undefined ? "" : ` (not from the kernel: ${why})`}${where}`);
  const finish = async () => {
    pipeline.stop();
    await Promise.race([done, sleep(FINISH_MS)]);
    await rm(folder, { recursive: true, force: true });
  };
  let child: Child;
  try {
    child = spawn(libc, { command, env: sensorEnvironment(env, place) }, 0, 1);
  } catch (error) {
    leaveStreams(libc);
    await finish();
    throw cannotStart(command, error);
  }
  leaveStreams(libc);
  forward(child);
  const status = await child.status;
  await sleep(LAST_WORDS_MS);
  await finish();
  endLike(status);
}

/** What watches a program of ours. Without a file it is shown on standard error. */
function pipelineOf(way: Way, flags: RunFlags, { socket, spool }: Place): PipelineConfig {
  const kernel = { type: "ebpf", only: { pid: [Deno.pid] }, own_children: true };
  return {
    sources: {
      ...(way === "kernel" ? { kernel } : {}),
      inside: { type: "pipe", path: socket },
      // what a program writes that ends before it is connected
      late: { type: "spool", dir: spool, from: "start", poll_ms: 100 },
    },
    transforms: [
      ...(way === "kernel" ? [{ type: "http" }] : []),
      { type: "jsonrpc" },
      { type: "merge", ...(way === "kernel" ? {} : { first_ms: 0 }) },
      { type: "mcp" },
      { type: "detect" },
      ...redactTransforms(flags),
      ...filterTransforms(flags),
    ],
    sinks: flags.out === undefined
      ? { screen: { type: "console", when_full: "drop", verbose: flags.verbose, tree: flags.tree } }
      : { file: { type: "jsonl", path: flags.out } },
  };
}

/** Waits until there is a socket: from then on nothing that a program says is missed. */
async function listening(socket: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await Deno.stat(socket).then(() => true, () => false)) return;
    await sleep(10);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
