/**
 * Which client an HTTP request came from, as Node itself tells; no framework has to be known.
 *
 * @module
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import { builtin, RUNTIME } from "../builtin.ts";
import { guarded } from "../guard.ts";

let storage: AsyncLocalStorage<string> | undefined;

/** Begins to note addresses. Only for programs that have an MCP server: it costs each HTTP request a little. */
export function watchAddresses(): void {
  if (storage !== undefined || RUNTIME !== "node") return;
  const requests = new (builtin<typeof import("node:async_hooks")>("node:async_hooks")
    .AsyncLocalStorage)<string>();
  storage = requests;
  const { subscribe } = builtin<typeof import("node:diagnostics_channel")>("node:diagnostics_channel");
  subscribe("http.server.request.start", (message) => {
    guarded("address", () => {
      const { socket } = message as {
        socket?: { remoteAddress?: string; remotePort?: number };
      };
      const { remoteAddress, remotePort } = socket ?? {};
      if (remoteAddress !== undefined) {
        requests.enterWith(`${bracketed(remoteAddress)}:${remotePort}`);
      }
    });
  });
}

/** `127.0.0.1:51234` of the client whose request is being handled. */
export function clientAddress(): string | undefined {
  return storage?.getStore();
}

function bracketed(address: string): string {
  const ipv4 = address.startsWith("::ffff:") ? address.slice(7) : address;
  return ipv4.includes(":") ? `[${ipv4}]` : ipv4;
}
