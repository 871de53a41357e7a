/**
 * What kind of transport it is. Bundlers change the names of classes, so its members count, too.
 *
 * @module
 */
import { object, text, type TransportLike } from "./shapes.ts";

/** How messages travel. */
export type TransportKind =
  | "stdio"
  | "http"
  | "sse"
  | "websocket"
  | "memory"
  | "other";

/** The kind of a transport. One of a program's own counts as HTTP if it has a URL or session ids, else as stdio. */
export function kindOf(transport: TransportLike): TransportKind {
  const name = transport.constructor?.name ?? "";
  const has = (...members: string[]) => members.every((member) => member in transport);
  if (/stdio/i.test(name) || has("_stdin", "_stdout") || has("_serverParams", "_readBuffer")) return "stdio";
  if (has("_wire")) return kindOf(object(transport._wire) as TransportLike);
  if (/^SSE/.test(name) || has("_sseResponse") || has("_eventSourceInit")) {
    return "sse";
  }
  if (/http/i.test(name) || has("_webStandardTransport") || has("_streamMapping") || has("_reconnectionOptions")) {
    return "http";
  }
  if (/websocket/i.test(name) || has("_socket", "_url")) return "websocket";
  if (has("_otherTransport")) return "memory";
  return has("_url") || has("sessionId") ? "http" : "stdio";
}

/** What a client's transport leads to: `command` and `args`, or `url`. */
export function targetOf(transport: TransportLike): { command?: string; args?: readonly string[]; url?: string } {
  const { command, args } = object(transport._serverParams);
  if (typeof command === "string") {
    return { command, args: Array.isArray(args) ? args.map(String) : [] };
  }
  const url = transport._url;
  const shown = url instanceof URL ? url.href : text(url);
  return shown === undefined ? {} : { url: shown };
}
