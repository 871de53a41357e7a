/**
 * What MCP says in the headers of an exchange, and what its sessions are known by.
 *
 * @module
 */
import type { HttpExchange } from "./event.ts";
import { header, path, query } from "./http.ts";

/** `Mcp-Session-Id` of the request, or of the response that gives the client one (2025-03-26 to 2025-11-25). */
export function mcpSessionId({ request, response }: HttpExchange): string | undefined {
  const asked = request === undefined ? undefined : header(request.headers, "mcp-session-id");
  return asked ?? (response === undefined ? undefined : header(response.headers, "mcp-session-id"));
}

/** `MCP-Protocol-Version` of the request (2025-06-18 on). */
export function mcpProtocolVersion({ request }: HttpExchange): string | undefined {
  return request === undefined ? undefined : header(request.headers, "mcp-protocol-version");
}

/** The server of an exchange: its authority, else its address, else nothing. */
export function authorityOf({ request, stream }: HttpExchange): string {
  const to = stream.to ?? stream.reverse?.from;
  return request?.authority ?? (to === undefined ? "" : `${to.address}:${to.port}`);
}

/** A name for the URL that messages of the 2024-11-05 transport are posted to. */
export function postedTo(authority: string, target: string): string {
  const search = query(target);
  return `endpoint ${authority}${path(target)}${search === undefined ? "" : `?${search}`}`;
}

/** The same for what an event stream of that transport names by its `endpoint` event; undefined if it is no URL. */
export function endpointNamed(exchange: HttpExchange, url: string): string | undefined {
  const base = `http://server${path(exchange.request?.target ?? "/")}`;
  if (!URL.canParse(url, base)) return undefined;
  const { pathname, search } = new URL(url, base);
  return postedTo(/^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? authorityOf(exchange), pathname + search);
}
