/**
 * Opens what `mcpsonde top` was asked to show: a file, or another mcpsonde.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Feed } from "../../pipeline/feed/feed.ts";
import { LocalFeed } from "../../pipeline/feed/local.ts";
import type { CliContext } from "../_context.ts";
import { EXIT, Failure } from "../_exit.ts";
import { openCapture } from "../_open.ts";
import type { RedactFlags } from "../_redact.ts";

const TOKEN = "give it by --token-file FILE, by the variable MCPSONDE_TOKEN, or behind the address as #token=…";

/** A feed, and how to let go of it. */
export interface Opened {
  readonly feed: Feed;
  close(): Promise<void>;
}

/**
 * A capture of any kind: a database as it is, others are read into memory first.
 *
 * @throws {Failure} a sentence.
 */
export async function openFile(file: string, { redact }: RedactFlags, context: CliContext): Promise<Opened> {
  const { store, close } = await openCapture(file, { redact }, context);
  const feed = new LocalFeed(store, { title: basename(file) });
  return {
    feed,
    close: async () => {
      await feed.close();
      close();
    },
  };
}

/**
 * Another mcpsonde's `serve`. The token comes from a file, from `MCPSONDE_TOKEN`, or stands behind `#token=`.
 *
 * @throws {Failure} a sentence.
 */
export async function openRemote(
  url: string,
  tokenFile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Opened> {
  const { openRemoteFeed } = await import("../../pipeline/feed/remote.ts");
  const token = tokenFile === undefined ? tokenOf(url, env) : await tokenIn(tokenFile);
  const feed = await openRemoteFeed({ url, token }).catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    const isRefused = error instanceof Error && "status" in error && (error.status === 401 || error.status === 403);
    throw new Failure(isRefused ? `${text}\n${TOKEN}` : text);
  });
  return { feed, close: () => feed.close() };
}

/** What stands in the address goes before what stands in the environment. */
function tokenOf(url: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  return /#token=./.test(url) ? undefined : env["MCPSONDE_TOKEN"] || undefined;
}

async function tokenIn(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new Failure(
      `the token file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      EXIT.usage,
    );
  });
  const token = text.split("\n", 1)[0]!.trim();
  if (token === "") throw new Failure(`the token file ${path} is empty`, EXIT.usage);
  return token;
}
