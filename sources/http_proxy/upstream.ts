/**
 * Asks the server. Through Node's client, as `fetch` would undo content codings and follow its own mind about fields.
 *
 * @module
 */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { HttpHeaders } from "../../pipeline/event.ts";

/** A request to the server. */
export interface Asked {
  readonly url: URL;
  readonly method: string;
  readonly headers: HttpHeaders;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** The body; each part is let go before the next is asked for. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
}

/** The head of the answer, its body to be read. Rejects if there is no server, or it does not answer. */
export function ask({ url, method, headers, signal, body }: Asked): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: grouped(headers), setHost: false });
    const abort = () => asked.destroy(new Error("the client is gone"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    asked.once("response", resolve).on("error", reject);
    send(asked, body).catch((error: Error) => asked.destroy(error));
  });
}

async function send(asked: ReturnType<typeof requestHttp>, body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  let go = () => {};
  asked.on("drain", () => go()).on("close", () => go());
  for await (const part of body ?? []) {
    if (asked.destroyed) return;
    if (!asked.write(part)) await new Promise<void>((resolve) => go = resolve);
  }
  asked.end();
}

/** Fields by name, several of a name as a list. */
function grouped(headers: HttpHeaders): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const had = out[name];
    out[name] = had === undefined ? value : [...[had].flat(), value];
  }
  return out;
}
