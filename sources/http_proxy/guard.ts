/**
 * Who may ask: a web page that has made its name point here (DNS rebinding) may not. MCP, "Streamable HTTP", security
 * warning: servers must look at `Origin`; a page cannot forge it, nor `Host`.
 *
 * @module
 */

/** Names of this machine that no other has. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What may ask besides programs on this machine. */
export interface GuardOptions {
  /** Names in `Host`, with or without a port. */
  readonly hosts: readonly string[];
  /** Values of `Origin`. */
  readonly origins: readonly string[];
}

/** Why a request is refused, in a sentence; undefined if it is not. */
export function refusal(
  host: string | null,
  origin: string | null,
  { hosts, origins }: GuardOptions,
): string | undefined {
  if (!isAllowedHost(host ?? "", hosts)) {
    return `the Host ${quoted(host)} is not one that this proxy goes by; --allow-host allows it`;
  }
  if (origin === null || origins.includes(origin)) return undefined;
  if (URL.canParse(origin) && LOOPBACK.test(new URL(origin).hostname)) return undefined;
  return `web pages of ${quoted(origin)} may not use this proxy; --allow-origin allows it`;
}

function isAllowedHost(host: string, hosts: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/:\d{1,5}$/, "");
  return LOOPBACK.test(name) ||
    hosts.some((allowed) => allowed.toLowerCase() === name || allowed.toLowerCase() === host);
}

function quoted(text: string | null): string {
  return JSON.stringify((text ?? "").slice(0, 100));
}
