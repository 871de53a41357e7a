/**
 * The page of a stored or recorded capture.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { LocalFeed } from "../../pipeline/feed/local.ts";
import { isDatabase } from "../../pipeline/store/database.ts";
import { Store } from "../../pipeline/store/store.ts";
import { options as schema, type ServeOptions } from "../../sinks/serve/options.ts";
import { type Server, startServer } from "../../sinks/serve/server.ts";
import type { CliContext } from "../_context.ts";
import { EXIT, Failure } from "../_exit.ts";
import { type FilterFlags, filterTransforms } from "../_filter.ts";
import { stderrLog } from "../_log.ts";
import { type RedactFlags, redactTransforms } from "../_redact.ts";
import { untilSignal } from "../_signals.ts";

/** Shows a file until a signal comes. Gives the exit code. */
export async function serveFile(
  file: string,
  given: Record<string, unknown>,
  flags: FilterFlags & RedactFlags,
  context: CliContext,
  onListening: (server: Server) => void,
): Promise<number> {
  const options = checked(given);
  const { stderr, env } = context.process;
  const log = stderrLog(stderr, Boolean(env["NO_COLOR"]));
  const { store, code } = await opened(file, flags, context);
  try {
    if (code !== EXIT.ok) return code;
    using signals = untilSignal(log);
    const feed = new LocalFeed(store, { title: basename(file) });
    const server = await startServer({ feed, options, live: false, log }).catch((error) => {
      throw new Failure(error instanceof Error ? error.message : String(error));
    });
    onListening(server);
    if (stderr.isTTY) log.info(`showing ${file}; Ctrl-C stops`);
    await new Promise<void>((resolve) => signals.signal.addEventListener("abort", () => resolve()));
    await feed.close();
    await server.close();
    return EXIT.ok;
  } finally {
    store.close();
  }
}

function checked(given: Record<string, unknown>): ServeOptions {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new Failure(
    result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"),
    EXIT.usage,
  );
}

/** A database as it is; anything else is read into memory first. */
async function opened(
  file: string,
  flags: FilterFlags & RedactFlags,
  context: CliContext,
): Promise<{ readonly store: Store; readonly code: number }> {
  const info = await stat(file).catch((error) => {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  if (info.isFile() && isDatabase(file)) {
    return { store: await Store.open(file, { readonly: true }), code: EXIT.ok };
  }
  const { builtins, defineSink, planPipeline } = await import("../../pipeline/mod.ts");
  const { planned, runPlan } = await import("../_run_pipeline.ts");
  const { z } = await import("zod");
  const store = await Store.open(":memory:");
  const registry = builtins().add(defineSink({
    type: "keep",
    summary: "Keeps what is read",
    options: z.strictObject({}),
    create: () => async (input) => {
      for await (const batch of input) store.add(batch);
    },
  }));
  const transforms = [
    { type: "http" },
    { type: "jsonrpc" },
    { type: "mcp" },
    { type: "detect" },
    ...redactTransforms(flags),
    ...filterTransforms(flags),
  ];
  const sources = { file: { type: "replay", path: file } };
  const plan = planned(await planPipeline({ sources, transforms, sinks: { store: { type: "keep" } } }, { registry }));
  const reads = { label: "read", path: file, source: "file", writesLines: false };
  return { store, code: await runPlan(plan, context, { reads }) };
}
