/**
 * The live page's server, over any feed.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import deno from "../../deno.json" with { type: "json" };
import type { Log } from "../../pipeline/component.ts";
import type { Feed } from "../../pipeline/feed/feed.ts";
import { makeApp } from "./app.ts";
import { Guard } from "./guard.ts";
import { HttpServer } from "./http_server.ts";
import { authority, isLoopback, isUnspecified, type Listen, parseListen } from "./listen.ts";
import type { ServeOptions } from "./options.ts";
import { portHolder } from "./port_holder.ts";
import { prometheusText } from "./prometheus.ts";
import { ChangeRing, type RingLimits } from "./ring.ts";
import { loadPage } from "./static.ts";
import type { Tally } from "./tally.ts";
import { makeToken, Token } from "./token.ts";

/** What is served, and how. */
export interface ServerParts {
  readonly feed: Feed;
  readonly options: Omit<ServeOptions, "store" | "max_calls" | "max_bytes" | "tokens" | "baseline">;
  /** Whether a pipeline runs. */
  readonly live: boolean;
  /** What came since the start; undefined if nothing does. */
  readonly tally?: Tally | undefined;
  readonly log: Log;
  /** Bounds of the changes that are kept for readers that are slow or come back. */
  readonly ring?: RingLimits | undefined;
}

/** A server that listens. */
export interface Server {
  /** The page's address. */
  readonly url: string;
  /** The page's address with the token, for who started it. */
  readonly openUrl: string;
  /** Whether the token was made here, so that nobody knows it yet. */
  readonly isNewToken: boolean;
  /** Ends streams, finishes answers, closes. */
  close(): Promise<void>;
}

/** Faults that are logged in full; more are counted. */
const TOLD = 20;

/**
 * Starts to listen.
 *
 * @throws {Error} a sentence, if it cannot.
 */
export async function startServer({ feed, options, live, tally, log, ring: limits }: ServerParts): Promise<Server> {
  const listen = parseListen(options.listen);
  const { token: given } = options;
  checkReach(listen, options, log);
  const tls = options.tls === undefined ? undefined : {
    cert: await pem(options.tls.cert, "certificate"),
    key: await pem(options.tls.key, "key"),
  };
  const secret = given === false ? undefined : given ?? makeToken();
  let failures = 0;
  const onError = (error: unknown) => {
    if (++failures <= TOLD) log.error(error instanceof Error ? error.message : String(error));
  };
  const ring = new ChangeRing(feed, onError, limits);
  const version = deno.version;
  const base = {
    feed,
    ring,
    version,
    live,
    maxStreams: options.max_streams,
    guard: new Guard({
      host: listen.host,
      allowedHosts: options.allowed_hosts,
      allowedOrigins: options.allowed_origins,
    }),
    token: secret === undefined ? undefined : new Token(secret),
    secure: tls !== undefined,
    page: await loadPage(fileURLToPath(new URL("./web/dist/", import.meta.url))),
    publicMetrics: options.public_metrics,
    metrics: prometheusText({ version, tally, feed, streams: () => ring.readers }),
    onError,
  };
  let handler = makeApp({ ...base, port: listen.port });
  const server = new HttpServer((request, peer) => handler(request, peer), {
    ...listen,
    tls,
    maxConnections: options.max_connections,
    onError,
  });
  const port = await server.listen().catch((error) => {
    throw new Error(cannotListen(listen, error), { cause: error });
  });
  if (port !== listen.port) handler = makeApp({ ...base, port });
  const host = isUnspecified(listen.host) ? "localhost" : listen.host;
  const url = `${tls === undefined ? "http" : "https"}://${authority({ host, port })}/`;
  return {
    url,
    openUrl: secret === undefined ? url : `${url}#token=${secret}`,
    isNewToken: given === undefined,
    close: async () => {
      ring.close();
      await server.close();
    },
  };
}

function checkReach(listen: Listen, { token, tls }: ServerParts["options"], log: Log): void {
  const isLocal = isLoopback(listen.host);
  if (token === false && !isLocal) {
    throw new Error(
      `token: false lets in everybody who reaches ${authority(listen)}: give it a token, or listen on 127.0.0.1`,
    );
  }
  if (token === false) {
    log.warn("without a token, every program and every user of this machine can read all that is shown");
  }
  if (!isLocal && tls === undefined) {
    log.warn(`${authority(listen)} can be reached from the network, and without tls what is shown goes there in clear`);
  }
}

async function pem(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Error(`cannot read the ${what} ${path}: ${error instanceof Error ? error.message : error}`);
  }
}

function cannotListen(listen: Listen, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const where = authority(listen);
  switch (code) {
    case "EADDRINUSE": {
      const holder = portHolder(listen.port);
      return `${where} is taken${
        holder === undefined ? "" : ` by ${holder}`
      }: choose another port (listen), or 0 for any that is free`;
    }
    case "EACCES":
      return `${where} may not be listened on: ports below 1024 need rights; choose another (listen)`;
    case "EADDRNOTAVAIL":
    case "EINVAL": // of an address of another machine, in Deno
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${where} is no address of this machine (listen)`;
    default:
      return `cannot listen on ${where}: ${error instanceof Error ? error.message : error}`;
  }
}
