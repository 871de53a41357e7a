/**
 * Names of header fields in lower case.
 *
 * @module
 */
import { isToken } from "./_start_line.ts";

/** Names seen often. Finding one here is quicker than checking its characters and making a new string. */
const COMMON = `accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-credentials
access-control-allow-headers access-control-allow-methods access-control-allow-origin access-control-expose-headers
access-control-max-age access-control-request-headers access-control-request-method age allow alt-svc authorization
cache-control connection content-disposition content-encoding content-language content-length content-location
content-range content-security-policy content-type cookie date dnt etag expect expires forwarded from host if-match
if-modified-since if-none-match if-range if-unmodified-since keep-alive last-event-id last-modified link location
max-forwards mcp-method mcp-name mcp-protocol-version mcp-session-id origin pragma priority proxy-authenticate
proxy-authorization proxy-connection range referer referrer-policy retry-after sec-fetch-dest sec-fetch-mode
sec-fetch-site server server-timing set-cookie strict-transport-security te traceparent tracestate trailer
transfer-encoding upgrade upgrade-insecure-requests user-agent vary via warning www-authenticate x-accel-buffering
x-api-key x-content-type-options x-forwarded-for x-forwarded-host x-forwarded-proto x-frame-options x-powered-by
x-request-id x-xss-protection`.split(/\s+/);

const names = new Map<string, string>();
// As keys of an object the names become V8's internalized strings, which compare by identity.
for (const name of Object.keys(Object.fromEntries(COMMON.map((name) => [name, 0])))) {
  const title = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  for (const form of [name, title, title.replace("Mcp-", "MCP-")]) names.set(form, name);
}

/** The name in lower case; undefined if it is none. */
export function lowerName(name: string): string | undefined {
  return names.get(name) ?? (isToken(name) ? name.toLowerCase() : undefined);
}
