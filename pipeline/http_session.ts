/**
 * What MCP says in the headers of an exchange.
 *
 * @module
 */
import type { HttpExchange } from "./event.ts";
import { header } from "./http.ts";

/** `Mcp-Session-Id` of the request, or of the response that gives the client one (2025-03-26 to 2025-11-25). */
export function mcpSessionId({ request, response }: HttpExchange): string | undefined {
  const asked = request === undefined ? undefined : header(request.headers, "mcp-session-id");
  return asked ?? (response === undefined ? undefined : header(response.headers, "mcp-session-id"));
}

/** `MCP-Protocol-Version` of the request (2025-06-18 on). */
export function mcpProtocolVersion({ request }: HttpExchange): string | undefined {
  return request === undefined ? undefined : header(request.headers, "mcp-protocol-version");
}
