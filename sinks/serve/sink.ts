/**
 * The sink itself: events into the store, which the server shows.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import { LocalFeed } from "../../pipeline/feed/local.ts";
import type { Sink } from "../../pipeline/stage.ts";
import type { Retention } from "../../pipeline/store/retention.ts";
import { Store } from "../../pipeline/store/store.ts";
import { Keeper } from "./keeper.ts";
import { loadTokenizer } from "../../pipeline/tokens.ts";
import type { ServeOptions } from "./options.ts";
import { type Server, startServer } from "./server.ts";
import { Tally } from "./tally.ts";

/**
 * Listens from now on, so that a port that is taken is told before anything runs.
 *
 * @throws {Error} a sentence, if the store or the port cannot be had.
 */
export async function serveSink(
  options: ServeOptions,
  context: Context,
  onListening: (server: Server) => void = (server) => tell(server, context),
): Promise<Sink> {
  const { signal, pipeline, log } = context;
  await loadTokenizer(); // what definitions cost is shown
  const store = await Store.open(options.store ?? ":memory:", { limits: { tokens: options.tokens } });
  const tally = new Tally();
  const feed = new LocalFeed(store, { title: "this machine", health: pipeline, baseline: options.baseline });
  const close = async () => {
    await feed.close();
    await server?.close();
    store.close();
  };
  const server = await startServer({ feed, options, live: true, tally, log }).catch((error) => {
    store.close();
    throw error;
  });
  onListening(server);
  let isRunning = false, isClosed = false;
  signal.addEventListener("abort", () => {
    if (isRunning) return;
    isClosed = true; // another stage could not be made
    void close();
  });
  return async (input) => {
    isRunning = true;
    if (isClosed) return;
    const keeper = new Keeper(store, retentionOf(options), context);
    try {
      for await (const batch of input) {
        tally.add(batch);
        keeper.add(batch);
      }
    } finally {
      await close();
    }
  };
}

function tell({ url, openUrl, isNewToken }: Server, { log }: Context): void {
  log.info(`the page is at ${isNewToken ? openUrl : url}`);
}

/** What is kept in memory if nothing is said. A file may hold what others have put there: all of it stays. */
const MAX_CALLS = 100_000, MAX_BYTES = 512 * 1024 * 1024;

function retentionOf({ store, max_calls, max_bytes }: ServeOptions): Retention {
  const isFile = store !== undefined;
  return {
    maxCalls: max_calls ?? (isFile ? undefined : MAX_CALLS),
    maxBytes: max_bytes ?? (isFile ? undefined : MAX_BYTES),
  };
}
