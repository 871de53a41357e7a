/**
 * Hands a request on to the server and its answer back, as they come.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import type { Endpoint, HttpHeaders } from "../../pipeline/event.ts";
import { type GuardOptions, refusal } from "./guard.ts";
import { endToEnd, pairs } from "./headers.ts";
import type { JudgeRequest } from "./judge.ts";
import type { Direction, Tee } from "./tee.ts";
import { ask } from "./upstream.ts";

/** What the handler needs. */
export interface HandlerOptions {
  /** The server. Its path is not looked at: requests keep theirs. */
  readonly upstream: URL;
  readonly guard: GuardOptions;
  readonly judge: JudgeRequest | undefined;
  readonly tee: Tee;
}

/** Answers that have no body, whatever their fields say (RFC 9110). */
const EMPTY = new Set([204, 205, 304]);
const REASONS: Readonly<Record<number, string>> = { 200: "OK", 202: "Accepted", 404: "Not Found" };

/** Answers a request. Never rejects. */
export async function handle(request: Request, client: Endpoint, options: HandlerOptions): Promise<Response> {
  const { upstream, guard, judge, tee } = options;
  const refused = refusal(request.headers.get("host"), request.headers.get("origin"), guard);
  if (refused !== undefined) return sentence(403, refused);
  const { pathname, search } = new URL(request.url);
  const url = new URL(`${pathname}${search}`, upstream);
  const headers: HttpHeaders = [["host", url.host], ...endToEnd(request.headers).filter(([name]) => name !== "host")];
  const [forth, back] = tee.exchange(client, undefined);
  forth.head(`${request.method} ${pathname}${search} HTTP/1.1`, headers, request.body !== null);
  let body: AsyncIterable<Uint8Array> | undefined = request.body === null ? undefined : seen(request.body, forth);
  if (request.body === null) forth.end(true);
  else if (judge !== undefined) {
    const judged = await judge(request).catch(() => undefined);
    if (judged === undefined) return gone(forth, back);
    if (!judged.passes) {
      forth.body(judged.body);
      return answer(judged.answer, forth, back);
    }
    body = seen([judged.body], forth);
  }
  const away = new AbortController();
  const leave = () => away.abort();
  // only until there is an answer: from then on its body tells, and the signal fires at the end of every request
  request.signal.addEventListener("abort", leave);
  try {
    const answered = await ask({ url, method: request.method, headers, signal: away.signal, body });
    return relay(answered, request.method, back, leave);
  } catch (error) {
    forth.end(false);
    const why = error instanceof Error ? error.message : String(error);
    const response = sentence(502, `the server at ${upstream.origin} cannot be asked: ${why}`);
    return told(response, await response.clone().text(), back);
  } finally {
    request.signal.removeEventListener("abort", leave);
  }
}

/** The server's answer, as it comes. */
function relay(answered: IncomingMessage, method: string, back: Direction, leave: () => void): Response {
  const status = answered.statusCode ?? 502;
  const fields = endToEnd(pairs(answered.rawHeaders));
  const hasBody = method !== "HEAD" && !EMPTY.has(status);
  back.head(`HTTP/1.1 ${status} ${answered.statusMessage || (REASONS[status] ?? "Status")}`, fields, hasBody);
  const headers = new Headers();
  for (const [name, value] of fields) headers.append(name, value);
  if (!hasBody) {
    answered.resume();
    back.end(true);
    return new Response(null, { status, headers });
  }
  const parts = answered[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await parts.next();
        if (done) {
          back.end(true);
          return controller.close();
        }
        back.body(value);
        controller.enqueue(value);
      } catch (error) {
        back.end(false);
        controller.error(error);
      }
    },
    cancel() {
      leave();
      back.end(false);
      answered.destroy();
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status, headers });
}

/** What was denied: the pipeline sees it and its answer. */
async function answer(
  bytes: Uint8Array<ArrayBuffer> | undefined,
  forth: Direction,
  back: Direction,
): Promise<Response> {
  forth.end(true);
  const response = bytes === undefined
    ? new Response(null, { status: 202 })
    : new Response(bytes, { status: 200, headers: { "content-type": "application/json" } });
  return told(response, await response.clone().text(), back);
}

function told(response: Response, text: string, back: Direction): Response {
  const bytes = new TextEncoder().encode(text);
  const fields: HttpHeaders = [...response.headers, ["content-length", String(bytes.length)]];
  back.head(`HTTP/1.1 ${response.status} ${REASONS[response.status] ?? "Bad Gateway"}`, fields, false);
  back.body(bytes);
  back.end(true);
  return response;
}

function gone(forth: Direction, back: Direction): Response {
  forth.end(false);
  back.end(false);
  return sentence(400, "the request ended early");
}

/** The body's parts, which the pipeline sees as they pass. */
async function* seen(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  forth: Direction,
): AsyncGenerator<Uint8Array> {
  let whole = false;
  try {
    for await (const part of body) {
      forth.body(part);
      yield part;
    }
    whole = true;
  } finally {
    forth.end(whole);
  }
}

function sentence(status: number, text: string): Response {
  return new Response(`mcpsonde: ${text}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
