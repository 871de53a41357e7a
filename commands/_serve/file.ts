/**
 * The page of a stored or recorded capture.
 *
 * @module
 */
import { basename } from "node:path";
import { LocalFeed } from "../../pipeline/feed/local.ts";
import { options as schema, type ServeOptions } from "../../sinks/serve/options.ts";
import { type Server, startServer } from "../../sinks/serve/server.ts";
import type { CliContext } from "../_context.ts";
import { EXIT, Failure } from "../_exit.ts";
import { stderrLog } from "../_log.ts";
import { openCapture } from "../_open.ts";
import type { RedactFlags } from "../_redact.ts";
import { untilSignal } from "../_signals.ts";

/** Shows a file until a signal comes. Gives the exit code. */
export async function serveFile(
  file: string,
  given: Record<string, unknown>,
  { redact }: RedactFlags,
  context: CliContext,
  onListening: (server: Server) => void,
): Promise<number> {
  const options = checked(given);
  const { stderr, env } = context.process;
  const log = stderrLog(stderr, Boolean(env["NO_COLOR"]));
  const { store, close } = await openCapture(file, { redact, tokens: true }, context);
  try {
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
    close();
  }
}

function checked(given: Record<string, unknown>): ServeOptions {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Failure(problems.join("\n"), EXIT.usage);
}
