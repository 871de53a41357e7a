/**
 * Which HTTP exchanges have to do with MCP, or with a model, though they carry no message. A proxy's connection to its
 * server may carry a whole web site besides.
 *
 * @module
 */
import type { HttpExchange, HttpHeaders } from "./event.ts";
import { isEventStream, path } from "./http.ts";

/** Discovery and OAuth's endpoints (RFC 8414, 9728, 6749, 7591), the usual endpoints of MCP, and those of model APIs. */
const PATH =
  /\/\.well-known\/|\/(?:authorize|token|register|revoke|introspect|mcp|sse|messages?|responses|complete|chat\/completions|api\/(?:chat|generate))\/?$|:(?:stream)?generatecontent$/i;
/** Paths that are remembered. */
const MOST_PATHS = 1024;

/** Remembers where messages went. */
export class Related {
  readonly #paths = new Set<string>();
  /** Mostly one exchange after the other goes to the same place. */
  #target: string | undefined;

  /** The exchange carried a message. */
  add({ request }: HttpExchange): void {
    if (request === undefined || request.target === this.#target) return;
    this.#target = request.target;
    const where = path(request.target);
    if (this.#paths.has(where)) return;
    if (this.#paths.size >= MOST_PATHS) this.#paths.clear();
    this.#paths.add(where);
  }

  /** True for what a person who looks at MCP wants to see; also if the request is not known. */
  has({ request, response }: HttpExchange): boolean {
    if (request === undefined || request.target === "") return true;
    const where = path(request.target);
    if (this.#paths.has(where) || PATH.test(where) || hasMcp(request.headers)) return true;
    if (response === undefined) return false;
    return isEventStream(response.headers) || hasMcp(response.headers) ||
      response.headers.some(([name]) => name === "www-authenticate");
  }
}

function hasMcp(headers: HttpHeaders): boolean {
  return headers.some(([name]) => name.startsWith("mcp-"));
}
