/**
 * The two ends of an HTTP exchange.
 *
 * @module
 */
import type { HttpExchange, Process } from "../../pipeline/event.ts";
import { path } from "../../pipeline/http.ts";
import { authorityOf } from "../../pipeline/http_session.ts";

/** Hosts that are this machine, whatever its addresses are. */
const LOCAL = /^(localhost|[^.]+\.localhost|127\.\d+\.\d+\.\d+|::1|\[::1\]|::ffff:127\.\d+\.\d+\.\d+)$/i;

/** Authority and path of the server: `localhost:3000/mcp`. Undefined if neither is known. */
export function addressOf(exchange: HttpExchange): string | undefined {
  const authority = authorityOf(exchange);
  const { request } = exchange;
  if (authority === "" && request === undefined) return undefined;
  return authority + (request === undefined || request.target === "" ? "" : path(request.target));
}

/** True if the server runs on another machine, as far as can be told. */
export function isRemote({ server, request, stream }: HttpExchange): boolean {
  if (server !== undefined || stream.medium === "unix" || stream.medium === "pipe") return false;
  const to = stream.to ?? stream.reverse?.from;
  if (to !== undefined) return !LOCAL.test(to.address);
  const host = hostOf(request?.authority ?? "");
  return host !== "" && !LOCAL.test(host);
}

/** What tells the client from others: its process, else its address. */
export function clientKey({ client, stream }: HttpExchange): string {
  const from = stream.from ?? stream.reverse?.to;
  return processKey(client) ?? from?.address ?? "";
}

/** What tells the server from others: its process, else what the client calls it. */
export function serverKey(exchange: HttpExchange): string {
  return processKey(exchange.server) ?? authorityOf(exchange);
}

function processKey(process: Process | undefined): string | undefined {
  return process === undefined ? undefined : String(process.pid);
}

function hostOf(authority: string): string {
  const end = authority.startsWith("[") ? authority.indexOf("]") + 1 : authority.lastIndexOf(":");
  return end > 0 ? authority.slice(0, end) : authority;
}
