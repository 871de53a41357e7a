/**
 * A page of a capture, over real HTTP.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type IncomingHttpHeaders, request } from "node:http";
import { LocalFeed, type LocalOptions } from "../../../pipeline/feed/local.ts";
import { pipe, source, transform } from "../../../pipeline/mod.ts";
import type { Batch } from "../../../pipeline/event.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { options as schema } from "../../../sinks/serve/options.ts";
import type { RingLimits } from "../../../sinks/serve/ring.ts";
import { type Server, startServer } from "../../../sinks/serve/server.ts";
import { Tally } from "../../../sinks/serve/tally.ts";

export const TOKEN = "a-token-for-tests-0123456789";
export const DEMO = "examples/demo.capture", HOSTILE = "examples/hostile.capture";

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // deno-lint-ignore no-explicit-any -- each test knows what it asked for
  readonly json: any;
}

/** A page that runs. */
export interface Page {
  readonly port: number;
  readonly url: string;
  readonly server: Server;
  readonly store: Store;
  readonly feed: LocalFeed;
  readonly tally: Tally;
  readonly logged: string[];
  /** Asks, with the token unless the headers have another. A header that is empty is left out. */
  ask(path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Answer>;
}

/** What a capture shows, redacted. */
export async function batchesOf(capture: string): Promise<Batch[]> {
  const batches: Batch[] = [];
  const stages = ["http", "jsonrpc", "mcp", "detect", "redact"].map((type) => transform(type));
  await pipe(source("replay", { path: capture }), ...stages, async (input) => {
    for await (const batch of input) batches.push(batch);
  });
  return batches;
}

/** Runs with a page of these batches. */
export async function withPage(
  batches: readonly Batch[],
  act: (page: Page) => Promise<void>,
  options: Record<string, unknown> = {},
  local: Partial<LocalOptions> = {},
  ring?: RingLimits,
): Promise<void> {
  const store = await Store.open(":memory:");
  const tally = new Tally();
  const feed = new LocalFeed(store, { title: "a test", ...local });
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const server = await startServer({
    feed,
    options: schema.parse({ listen: "127.0.0.1:0", token: TOKEN, ...options }),
    live: true,
    tally,
    log: { info: note, warn: note, error: note },
    ring,
  });
  try {
    for (const batch of batches) {
      store.add(batch);
      tally.add(batch);
    }
    const port = Number(new URL(server.url).port);
    const asking = (path: string, headers = {}, body?: string) => ask(port, path, headers, body);
    await act({ port, url: server.url, server, store, feed, tally, logged, ask: asking });
  } finally {
    await feed.close();
    await server.close();
    store.close();
  }
}

/** `node:http` lets a Host be chosen, unlike fetch. */
export function ask(
  port: number,
  path: string,
  given: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Answer> {
  const all = {
    authorization: `Bearer ${TOKEN}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...given,
  };
  const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  return new Promise((resolve, reject) => {
    const method = given[":method"] ?? (body === undefined ? "GET" : "POST");
    delete headers[":method"];
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (answer) => {
      const chunks: Uint8Array[] = [];
      answer.on("data", (chunk) => chunks.push(chunk)).on("error", reject).on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const isJson = answer.headers["content-type"]?.startsWith("application/json") === true;
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          json: isJson && text !== "" ? JSON.parse(text) : undefined,
        });
      });
    });
    asked.on("error", reject).end(body);
  });
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const end = performance.now() + ms;
  while (!await holds()) {
    if (performance.now() > end) throw new Error("it did not happen");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
