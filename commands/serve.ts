/**
 * `mcpsonde serve [FILE]`: the live page.
 *
 * @module
 */
import { resolve } from "node:path";
import { buildCommand, type Command } from "@stricli/core";
import type { PipelineConfig } from "../pipeline/config/plan.ts";
import type { Server } from "../sinks/serve/server.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { type FilterFlags, filterFlags } from "./_filter.ts";
import { type CaptureFlags, captureFlags, captureOptions, given, STDOUT } from "./_flags.ts";
import { type RedactFlags, redactFlags } from "./_redact.ts";

interface Flags extends CaptureFlags, FilterFlags, RedactFlags {
  readonly listen?: string;
  readonly token: boolean;
  readonly tokenFile?: string;
  readonly store?: string;
  readonly open: boolean;
}

/** Serves. */
export const serve: Command<CliContext> = buildCommand<Flags, [string?], CliContext>({
  docs: {
    brief: "Show what is seen as a live page in the browser, with an API and metrics",
    fullDescription:
      `Watches as plain mcpsonde does, and serves a page of it, an API (/api/v1/openapi.json) and /metrics for Prometheus. With FILE, a
stored or recorded capture is shown instead; that needs no rights.

Only this machine reaches the page, and only who has the token: the address that is printed has it. With --token-file it stays
the same over restarts. What is seen is kept in memory, the last 100,000 calls, or in a file with --store.

  sudo mcpsonde serve
  sudo mcpsonde serve --store ~/mcp.sqlite --token-file ~/.config/mcpsonde/token
  mcpsonde serve bug.capture --open
  ssh -L 7077:localhost:7077 host     then open the address here`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, optional: true, placeholder: "FILE", brief: "A capture to show, of any kind" }],
    },
    flags: {
      listen: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "ADDRESS:PORT",
        brief: "Where to listen; 127.0.0.1:7077 by default, port 0 is any that is free",
      },
      token: { kind: "boolean", default: true, brief: "Ask for a token; without, every user of this machine may read" },
      tokenFile: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "The token; made if it is not there",
      },
      store: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Keep what is seen in this SQLite file; what is in it is shown too",
      },
      open: { kind: "boolean", default: false, withNegated: false, brief: "Open the page in the browser" },
      ...filterFlags,
      ...redactFlags,
      ...captureFlags,
    },
  },
  async func(flags, file) {
    const options = await serveOptions(flags);
    if (file === undefined) await watch(flags, options, this);
    else await show(file, flags, options, this);
  },
});

/** The options of the `serve` sink that the flags stand for. */
async function serveOptions({ listen, token, tokenFile, store }: Flags): Promise<Record<string, unknown>> {
  if (!token && tokenFile !== undefined) {
    throw new Failure("--no-token and --token-file exclude each other", EXIT.usage);
  }
  const { tokenOf } = await import("./_serve/token.ts");
  return given({
    listen,
    token: tokenFile === undefined ? (token ? undefined : false) : await tokenOf(tokenFile),
    store: store === undefined ? undefined : resolve(store),
  });
}

/** What happens on this machine. */
async function watch(flags: Flags, options: Record<string, unknown>, context: CliContext): Promise<void> {
  const { mustBeAbleToCapture, HINT } = await import("./_machine.ts");
  await mustBeAbleToCapture(flags.libbpf);
  const { builtins, defineSink, planPipeline } = await import("../pipeline/mod.ts");
  const { planned, runPlan } = await import("./_run_pipeline.ts");
  const { serveSink } = await import("../sinks/serve/sink.ts");
  const { options: schema } = await import("../sinks/serve/options.ts");
  const page = defineSink({
    type: "page",
    summary: "Serves the page, and says where",
    options: schema,
    create: (parsed, sink) => serveSink(parsed, sink, (server) => announce(server, flags, context)),
  });
  const config = await configOf(flags, options, context);
  const plan = planned(await planPipeline(config, { registry: builtins().add(page) }));
  const greeting = "watching MCP on this machine, over stdio and HTTP; Ctrl-C stops";
  context.process.exitCode = await runPlan(plan, context, { greeting, hint: HINT });
}

async function configOf(flags: Flags, options: Record<string, unknown>, context: CliContext): Promise<PipelineConfig> {
  const { defaultPipeline } = await import("./monitor.ts");
  const { defaultBaseline } = await import("../pipeline/baseline/file.ts");
  const { freeSocket } = await import("./_hooks.ts");
  const { env } = context.process;
  // the page accepts tools, so there has to be a baseline
  const baseline = defaultBaseline(env);
  const { only, except } = captureOptions(flags);
  const socket = only === undefined && except === undefined ? await freeSocket(env) : undefined;
  const show = { verbose: false, tree: false, summary: false, color: "never", out: STDOUT } as const;
  const { sources, transforms = [] } = defaultPipeline({ ...flags, ...show }, baseline, socket);
  return { sources, transforms, sinks: { page: { type: "page", when_full: "drop", baseline, ...options } } };
}

/** Says where the page is, and opens it if that is wanted. */
function announce({ url, openUrl, isNewToken }: Server, { open, tokenFile }: Flags, { process }: CliContext): void {
  const { stderr, env } = process;
  stderr.write(`mcpsonde: the page is at ${isNewToken ? openUrl : url}\n`);
  if (tokenFile !== undefined) stderr.write(`mcpsonde: it asks for the token in ${tokenFile}\n`);
  if (!open) return;
  import("./_serve/open.ts").then(({ openPage }) => openPage(openUrl, env)).then((reason) => {
    if (reason !== undefined) stderr.write(`mcpsonde: ${reason}: open the address yourself\n`);
  });
}

/** A file, until Ctrl-C. */
async function show(file: string, flags: Flags, options: Record<string, unknown>, context: CliContext): Promise<void> {
  const [capture] = Object.keys(captureOptions(flags));
  if (capture !== undefined) {
    throw new Failure(`what to watch is chosen on this machine only, not of ${file}; filter in the page`, EXIT.usage);
  }
  if (flags.filter !== undefined) {
    throw new Failure(`--filter is for what is kept of what is seen now; of ${file}, filter in the page`, EXIT.usage);
  }
  if (options["store"] !== undefined) {
    throw new Failure(
      "--store is for what is seen now; mcpsonde query and export turn a file into another",
      EXIT.usage,
    );
  }
  const { serveFile } = await import("./_serve/file.ts");
  context.process.exitCode = await serveFile(
    file,
    options,
    flags,
    context,
    (server) => announce(server, flags, context),
  );
}
