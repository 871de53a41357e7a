/**
 * Opens what `mcpsonde top` was asked to show: a file, or another mcpsonde.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Feed } from "../../pipeline/feed/feed.ts";
import { LocalFeed } from "../../pipeline/feed/local.ts";
import { isDatabase } from "../../pipeline/store/database.ts";
import { Store } from "../../pipeline/store/store.ts";
import type { CliContext } from "../_context.ts";
import { EXIT, Failure } from "../_exit.ts";
import { type RedactFlags, redactTransforms } from "../_redact.ts";

/** A feed, and how to let go of it. */
export interface Opened {
  readonly feed: Feed;
  close(): Promise<void>;
}

/**
 * A database as it is; any other capture is read into memory first.
 *
 * @throws {Failure} a sentence.
 */
export async function openFile(file: string, flags: RedactFlags, context: CliContext): Promise<Opened> {
  const info = await stat(file).catch((error: unknown) => {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const store = info.isFile() && isDatabase(file)
    ? await Store.open(file, { readonly: true })
    : await read(file, flags, context);
  const feed = new LocalFeed(store, { title: basename(file) });
  return {
    feed,
    close: async () => {
      await feed.close();
      store.close();
    },
  };
}

async function read(file: string, flags: RedactFlags, context: CliContext): Promise<Store> {
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
  ];
  const sources = { file: { type: "replay", path: file } };
  const plan = planned(await planPipeline({ sources, transforms, sinks: { store: { type: "keep" } } }, { registry }));
  const code = await runPlan(plan, context, {
    reads: { label: "read", path: file, source: "file", writesLines: false },
  });
  if (code === EXIT.ok) return store;
  store.close();
  throw new Failure(`${file} could not be read to its end`, code);
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
    throw new Failure(error instanceof Error ? error.message : String(error));
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
